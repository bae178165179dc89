import type { TimePort } from '#engine/ports.ts';
import type { ScheduleRow } from './schedule-table.ts';
import { nextDueAt } from './scheduler.ts';

/** What is done for each row of housekeeping, by its name. */
export type Chores = Readonly<Record<string, () => Promise<void>>>;

export interface Housekeeping {
  /** When each chore was last done, ms UTC. */
  readonly doneAt: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/**
 * Does the chores of the schedule at their times of the wall clock. A chore that is still at it when its time comes again is left
 * alone until the time after. What fails is told, and tried again at its next time. Rows without a chore are left out: what they
 * would care for is not part of this run.
 */
export function startHousekeeping(
  table: readonly ScheduleRow[],
  chores: Chores,
  time: TimePort,
  onProblem: (name: string, error: unknown) => void,
): Housekeeping {
  const doneAt = new Map<string, number>();
  const takeBack = new Map<string, () => void>();
  const running = new Map<string, Promise<void>>();
  let isClosed = false;
  const run = async (name: string, chore: () => Promise<void>): Promise<void> => {
    try {
      await chore();
      doneAt.set(name, time.now());
    } catch (error) {
      onProblem(name, error);
    } finally {
      running.delete(name);
    }
  };
  const wait = (row: ScheduleRow, chore: () => Promise<void>, afterAt: number): void => {
    const dueAt = nextDueAt(row.every, afterAt);
    const stop = time.after(dueAt - time.now(), () => {
      if (!running.has(row.name)) running.set(row.name, run(row.name, chore));
      // A timer may be a little early, and a slot is not to be met twice.
      if (!isClosed) wait(row, chore, Math.max(dueAt, time.now()));
    });
    takeBack.set(row.name, stop);
  };
  for (const row of table) {
    const chore = chores[row.name];
    if (row.runsAs === 'housekeeping' && chore !== undefined) wait(row, chore, time.now());
  }
  return {
    doneAt,
    close: async () => {
      isClosed = true;
      for (const stop of takeBack.values()) stop();
      await Promise.all(running.values());
    },
  };
}
