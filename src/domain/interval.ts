/** The intervals bars are kept in, in the spelling of candle keys and files. `D` runs from midnight to midnight UTC. */
export type Interval = 'M1' | 'M5' | 'M15' | 'H1' | 'H4' | 'D';

const msByInterval: Readonly<Record<Interval, number>> = {
  M1: 60_000,
  M5: 300_000,
  M15: 900_000,
  H1: 3_600_000,
  H4: 14_400_000,
  D: 86_400_000,
};

/** Every interval, shortest first. */
export const intervals: readonly Interval[] = ['M1', 'M5', 'M15', 'H1', 'H4', 'D'];

/** The length of an interval in milliseconds. */
export function intervalMs(interval: Interval): number {
  return msByInterval[interval];
}

/** The interval of a length in milliseconds; undefined where no interval has it. */
export function intervalOfMs(lengthMs: number): Interval | undefined {
  return intervals.find((interval) => msByInterval[interval] === lengthMs);
}

/** The interval a text names; undefined where it names none. */
export function parseInterval(text: string): Interval | undefined {
  return intervals.find((interval) => interval === text);
}
