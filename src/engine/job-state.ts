import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { EventByType } from '#domain/events.ts';
import { openJobsMax } from '#domain/job.ts';

/** Kinds whose last end is remembered, and schedules whose last slot is. */
const namesMax = 64;

type Requested = EventByType['job.requested'];
type Settled = EventByType['job.completed' | 'job.failed' | 'job.canceled'];

/** A job that has been asked for and has not come back. */
export interface OpenJob {
  kind: string;
  input: DeepReadonly<Record<string, unknown>>;
  requestedBy: string;
  requestedAt: number;
}

/** How the last job of a kind ended. */
export interface LastJob {
  jobId: string;
  at: number;
  outcome: 'completed' | 'failed' | 'canceled';
  attempts: number;
  reason: string;
  /** Empty where it did not complete. */
  result: DeepReadonly<Record<string, unknown>>;
}

/** The last slot of a schedule that a job was requested for, and what became of it. */
export interface LastSlot {
  dueAt: number;
  jobId: string;
  outcome: LastJob['outcome'] | 'open';
  settledAt: number | null;
}

/** What the desk knows of its jobs; everything in it is bounded. */
export interface JobState {
  /** Slots up to this time are over: the desk was not there to see them. */
  schedulesFromAt: number;
  openById: Record<string, OpenJob>;
  lastByKind: Record<string, LastJob>;
  slotBySchedule: Record<string, LastSlot>;
}

export function createJobState(): JobState {
  return { schedulesFromAt: 0, openById: {}, lastByKind: {}, slotBySchedule: {} };
}

/** Takes in a request. One that is open already, or one more than may be, changes nothing but the schedule's slot. */
export function openJob(jobs: JobState, event: Requested): void {
  const { jobId, kind, input, requestedBy, dueAt, at } = event;
  const isTaken = jobs.openById[jobId] === undefined && Object.keys(jobs.openById).length < openJobsMax;
  if (isTaken) jobs.openById[jobId] = { kind, input, requestedBy, requestedAt: at };
  if (dueAt === undefined) return;
  keep(jobs.slotBySchedule, requestedBy, { dueAt, jobId, outcome: 'open', settledAt: null });
}

/** Takes in how a job ended. What is told of a job that is not open was told before and changes nothing. */
export function settleJob(jobs: JobState, event: Settled): void {
  const { jobId, kind, attempts, at } = event;
  const open = jobs.openById[jobId];
  if (open === undefined) return;
  delete jobs.openById[jobId];
  const outcome = outcomeOf(event);
  const reason = event.type === 'job.failed' ? event.reason : '';
  const result = event.type === 'job.completed' ? event.result : {};
  keep(jobs.lastByKind, kind, { jobId, at, outcome, attempts, reason, result });
  const slot = jobs.slotBySchedule[open.requestedBy];
  if (slot === undefined || slot.jobId !== jobId) return;
  slot.outcome = outcome;
  slot.settledAt = at;
}

function outcomeOf(event: Settled): LastJob['outcome'] {
  switch (event.type) {
    case 'job.completed':
      return 'completed';
    case 'job.failed':
      return 'failed';
    case 'job.canceled':
      return 'canceled';
  }
}

/** Names come from the house's tables, so there are few; were there more, the one that came first gives way. */
function keep<T>(byName: Record<string, T>, name: string, value: T): void {
  byName[name] = value;
  const names = Object.keys(byName);
  const [first] = names;
  if (first !== undefined && names.length > namesMax) delete byName[first];
}
