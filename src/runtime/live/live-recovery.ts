import { handle, type Loop } from '#engine/loop.ts';
import type { RecoveringJournal } from '../recover-run.ts';

/** Events between two words about how far recovery is. */
const progressEvery = 10_000;

/**
 * Decides a live run anew from its journal. Every input is taken from there, ticks of the clock too, and what it causes is compared with
 * what stands behind it. Nothing is sent: the venue has had it or will be asked about it. Returns how many events were shown again.
 */
export function recoverLive(loop: Loop, journal: RecoveringJournal, onProgress?: (events: number) => void): number {
  let nextWordAt = progressEvery;
  for (;;) {
    const next = journal.peek();
    if (next === undefined) return journal.recovered;
    if (next.event.type === 'time.ticked') loop.nextTickAt = next.event.at + loop.gridMs;
    handle(loop, next.event);
    if (journal.recovered < nextWordAt) continue;
    onProgress?.(journal.recovered);
    nextWordAt = journal.recovered + progressEvery;
  }
}
