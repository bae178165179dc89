import { BusError } from '#adapters/bus/bus-error.ts';
import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import type { StreamFigures } from '#api/metrics-text.ts';

/** Streams measured at most; a bus has two for each of its types. */
const streamsMax = 200;
const lettersMax = 1_000;

/** How long the streams are and how far their groups; undefined where the store is away. */
export async function streamFigures(
  driver: StreamDriver,
): Promise<{ readonly streams: readonly StreamFigures[]; readonly deadLetters: number } | undefined> {
  try {
    const streams: StreamFigures[] = [];
    for (const name of (await driver.streams()).slice(0, streamsMax)) {
      const { stream, length, groups } = await driver.describe(name);
      const told: { group: string; lag: number; pending: number }[] = [];
      for (const { name: group, floorId, pending } of groups) {
        told.push({ group, lag: length - (await driver.countBefore(stream, floorId)), pending });
      }
      streams.push({ stream, length, groups: told });
    }
    let deadLetters = 0;
    for (const stream of await driver.deadLetterStreams()) {
      deadLetters += (await driver.deadLetters(stream, '0-0', lettersMax)).length;
    }
    return { streams, deadLetters };
  } catch (error) {
    if (error instanceof BusError) return undefined;
    throw error;
  }
}
