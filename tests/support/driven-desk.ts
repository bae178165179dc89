import { cpSync } from 'node:fs';
import { basename } from 'node:path';
import { LOCK_NAME } from '#adapters/journal/folder-lock.ts';
import type { Event } from '#domain/events.ts';
import { type PaperOptions, PaperRun } from '#runtime/paper-run.ts';
import { paperOptions } from './paper-desk.ts';

const minuteMs = 60_000;
/** The walk of the paper desk begins here, and the desk goes live four hours later. */
export const walkStartAt = Date.UTC(2026, 0, 5);
export const walkLiveAt = walkStartAt + 240 * minuteMs;

/** Wall time within which a stretch of a day is over. */
const deadlineMs = 30_000;

/** A paper desk that goes as far as it is told. */
export interface DrivenDesk {
  readonly run: PaperRun;
  /** Every event that was shown, those of the recovery too. */
  readonly events: readonly Event[];
  readonly problems: readonly string[];
  /** Trades until the grid point of a time, or until the run ends by itself. */
  runTo(at: number): Promise<void>;
}

/** Opens a paper desk on a folder that stands still until it is told to go on. */
export function driveDesk(folder: string, changes: Partial<PaperOptions> = {}): DrivenDesk {
  const options = { ...paperOptions(folder), ...changes };
  const events: Event[] = [];
  const problems: string[] = [];
  const { untilAt } = options.market;
  let limitAt = untilAt;
  let hasStarted = false;
  let hasEnded = false;
  const market = {
    ...options.market,
    get untilAt() {
      return limitAt;
    },
  };
  const run = PaperRun.open({
    ...options,
    market,
    onEvent: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
    onProblem: (problem) => void problems.push(problem),
  });
  return {
    run,
    events,
    problems,
    runTo: async (at) => {
      await run.warmUp();
      limitAt = Math.min(at, untilAt);
      if (!hasStarted) {
        run.start(() => {
          hasEnded = true;
        });
      }
      hasStarted = true;
      const until = performance.now() + deadlineMs;
      while (!hasEnded && run.at < limitAt) {
        if (performance.now() > until) throw new Error(`the desk stands at ${run.at}, expected it at ${limitAt}`);
        await new Promise((done) => setTimeout(done, 1));
      }
    },
  };
}

/** A copy as it would be found after a crash: the lock belongs to a process that no longer runs, so it is left out. */
export function crashedCopy(folder: string, copy: string): string {
  cpSync(folder, copy, { recursive: true, filter: (path) => !basename(path).startsWith(LOCK_NAME) });
  return copy;
}
