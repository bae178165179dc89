import type { JobData, JobKind } from '#domain/job.ts';

/** How often something recurs: every so many milliseconds, counted from midnight of 1970 UTC, or once a day at a time of day. */
export type Cadence = { readonly everyMs: number } | { readonly dailyAtUtc: string };

interface RowFrame {
  readonly name: string;
  readonly every: Cadence;
  readonly meaning: string;
}

/** Slow work whose result is an event: due by event time, journalled, done once whatever happens. */
export interface ScheduledJob extends RowFrame {
  readonly runsAs: 'job';
  readonly kind: JobKind;
  readonly input: JobData;
  readonly enabledFor: readonly ('live' | 'paper')[];
}

/** Care of the process and its stores: due by the wall clock, and what was missed is missed. */
export interface ScheduledCare extends RowFrame {
  readonly runsAs: 'housekeeping';
}

export type ScheduleRow = ScheduledJob | ScheduledCare;

const minuteMs = 60_000;
/** Events that a nightly replay decides anew at most; a longer journal is replayed from a snapshot on. */
const replayEventsMax = 5_000_000;

/** Everything that recurs by itself, for the desk whose run lies in a folder. Whatever shall recur gets its row here. */
export function scheduleTable(folder: string): readonly ScheduleRow[] {
  const everywhere = ['live', 'paper'] as const;
  return [
    {
      name: 'nightly-replay',
      runsAs: 'job',
      kind: 'replay.verify',
      every: { dailyAtUtc: '02:30' },
      input: { folder, eventsMax: replayEventsMax },
      enabledFor: everywhere,
      meaning: 'proves that the journal, decided anew, comes to the recorded decisions',
    },
    {
      name: 'journal-chain',
      runsAs: 'job',
      kind: 'journal.verify',
      every: { dailyAtUtc: '03:10' },
      input: { folder },
      enabledFor: everywhere,
      meaning: 'proves that the hash chain of the journal is whole',
    },
    {
      name: 'record-retention',
      runsAs: 'housekeeping',
      every: { dailyAtUtc: '04:00' },
      meaning: 'removes records that are older than they are kept',
    },
    {
      name: 'policy-snapshot',
      runsAs: 'housekeeping',
      every: { everyMs: 5 * minuteMs },
      meaning: 'writes the policies in force into their snapshot file',
    },
    {
      name: 'store-memory',
      runsAs: 'housekeeping',
      every: { everyMs: minuteMs },
      meaning: 'measures the memory of Valkey and raises its alarm',
    },
    {
      name: 'stream-trim',
      runsAs: 'housekeeping',
      every: { everyMs: minuteMs },
      meaning: 'cuts streams back to their age and to the slowest group',
    },
    {
      name: 'health-snapshot',
      runsAs: 'housekeeping',
      every: { everyMs: minuteMs },
      meaning: 'writes the health of the process',
    },
  ];
}
