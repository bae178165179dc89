import type { TimePort } from '#engine/ports.ts';

/** A wait, made up to a quarter shorter or longer by chance, so that many who lost the same venue do not come back at once. */
export function spreadMs(ms: number, time: TimePort): number {
  return ms * (0.75 + time.random() / 2);
}
