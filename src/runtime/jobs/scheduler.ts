import { assert } from '#base/assert.ts';
import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { EventByType } from '#domain/events.ts';
import { openJobsMax } from '#domain/job.ts';
import type { EngineState } from '#engine/state.ts';
import type { Cadence, ScheduledJob, ScheduleRow } from './schedule-table.ts';

const dayMs = 86_400_000;

type Slot = { readonly lengthMs: number; readonly offsetMs: number };

/** What the scheduler reads of the engine's state. */
export type ScheduledState = DeepReadonly<Pick<EngineState, 'runId' | 'kind' | 'isWarm' | 'jobs'>>;

/**
 * The jobs that are due at a time, as the requests to be journalled. Each slot of a schedule is requested once: what was requested
 * stands in the state, so a restart neither repeats nor forgets. Slots that were missed collapse into the newest. A job that still
 * runs is not requested again; its schedule waits and then requests the newest slot. Backtests and history do not schedule.
 */
export function schedulerTick(
  state: ScheduledState,
  at: number,
  table: readonly ScheduleRow[],
): readonly EventByType['job.requested'][] {
  if (!state.isWarm) return [];
  const due = table.flatMap((row) => {
    const event = row.runsAs === 'job' ? dueRequest(state, at, row) : undefined;
    return event === undefined ? [] : [event];
  });
  return due.slice(0, Math.max(0, openJobsMax - Object.keys(state.jobs.openById).length));
}

function dueRequest(
  { runId, kind, jobs }: ScheduledState,
  at: number,
  row: ScheduledJob,
): EventByType['job.requested'] | undefined {
  if (!row.enabledFor.some((enabled) => enabled === kind)) return undefined;
  const last = jobs.slotBySchedule[row.name];
  const dueAt = lastDueAt(row.every, at);
  if (dueAt <= Math.max(last?.dueAt ?? 0, jobs.schedulesFromAt)) return undefined;
  if (last !== undefined && jobs.openById[last.jobId] !== undefined) return undefined;
  const jobId = `${row.name}.${dueAt}.${runId}`;
  return { type: 'job.requested', at, jobId, kind: row.kind, input: row.input, requestedBy: row.name, dueAt };
}

/** The newest slot at or before a time. */
export function lastDueAt(every: Cadence, at: number): number {
  const { lengthMs, offsetMs } = slotOf(every);
  return Math.floor((at - offsetMs) / lengthMs) * lengthMs + offsetMs;
}

/** The first slot after a time. */
export function nextDueAt(every: Cadence, at: number): number {
  return lastDueAt(every, at) + slotOf(every).lengthMs;
}

function slotOf(every: Cadence): Slot {
  if ('everyMs' in every) {
    assert(Number.isSafeInteger(every.everyMs) && every.everyMs > 0, `no cadence: '${every.everyMs}' ms`);
    return { lengthMs: every.everyMs, offsetMs: 0 };
  }
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(every.dailyAtUtc);
  assert(parts !== null, `no time of day: '${every.dailyAtUtc}'`);
  return { lengthMs: dayMs, offsetMs: (Number(parts[1]) * 60 + Number(parts[2])) * 60_000 };
}
