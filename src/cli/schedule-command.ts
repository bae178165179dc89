import type { Command } from 'commander';
import type { JobState } from '#engine/job-state.ts';
import { deskAtRest } from '#runtime/desk-at-rest.ts';
import { type Cadence, type ScheduleRow, scheduleTable } from '#runtime/jobs/schedule-table.ts';
import { nextDueAt } from '#runtime/jobs/scheduler.ts';
import { hasRun } from '#runtime/run-folder.ts';
import type { CommandContext } from './command-context.ts';
import { dataFolder } from './data-folder.ts';
import { timeText } from './figures.ts';
import type { Output } from './output.ts';

interface ScheduleArguments {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** One recurring thing as it is listed. Jobs are due by event time, housekeeping by the wall clock. */
interface ListedRow {
  readonly name: string;
  readonly runsAs: ScheduleRow['runsAs'];
  readonly kind: string | null;
  readonly cadence: string;
  readonly clock: 'event' | 'wall';
  readonly lastDueAt: number | null;
  readonly lastOutcome: string | null;
  readonly nextDueAt: number;
  readonly meaning: string;
}

/** `schedule`: everything that recurs by itself, when it last did, and when it will. */
export function registerSchedule(program: Command, context: CommandContext): void {
  program
    .command('schedule')
    .description('list everything that recurs by itself, when it last did and when it will')
    .option('--data-dir <folder>', 'the data folder of the desk (data/synthetic)')
    .option('--json', 'print the list as JSON')
    .action((options: ScheduleArguments) => list(options, context));
}

function list(options: ScheduleArguments, { environment, output }: CommandContext): void {
  const folder = dataFolder(options.dataDir, environment);
  const state = hasRun(folder) ? deskAtRest(folder).engine.state : undefined;
  if (state === undefined) output.note(`'${folder}' holds no run: jobs are listed as if one began now`);
  const now = Date.now();
  const rows = scheduleTable(folder).map((row) => listed(row, { now, at: state?.at ?? now, jobs: state?.jobs }));
  if (options.json === true) output.json({ folder, eventAt: state?.at ?? null, rows });
  else print(rows, output);
}

interface Moment {
  readonly now: number;
  readonly at: number;
  readonly jobs: JobState | undefined;
}

function listed(row: ScheduleRow, { now, at, jobs }: Moment): ListedRow {
  const { name, runsAs, every, meaning } = row;
  const isJob = runsAs === 'job';
  const slot = jobs?.slotBySchedule[name];
  return {
    name,
    runsAs,
    kind: isJob ? row.kind : null,
    cadence: cadenceText(every),
    clock: isJob ? 'event' : 'wall',
    lastDueAt: slot?.dueAt ?? null,
    lastOutcome: slot === undefined ? null : outcomeText(slot.outcome, slot.jobId, jobs),
    nextDueAt: nextDueAt(every, isJob ? at : now),
    meaning,
  };
}

/** A job that did its work and found its claim untrue has completed, and is not what one hopes for. */
function outcomeText(outcome: string, jobId: string, jobs: JobState | undefined): string {
  const last = Object.values(jobs?.lastByKind ?? {}).find((job) => job.jobId === jobId);
  return last?.result['isProven'] === false ? 'refuted' : outcome;
}

function cadenceText(every: Cadence): string {
  if ('dailyAtUtc' in every) return `daily ${every.dailyAtUtc} UTC`;
  return `every ${every.everyMs / 1000} s`;
}

function print(rows: readonly ListedRow[], output: Output): void {
  output.table(
    ['name', 'runs as', 'kind', 'cadence', 'last due', 'outcome', 'next due', 'clock', 'meaning'],
    rows.map((row) => [
      row.name,
      row.runsAs,
      row.kind ?? '',
      row.cadence,
      row.lastDueAt === null ? '' : timeText(row.lastDueAt),
      row.lastOutcome ?? '',
      timeText(row.nextDueAt),
      row.clock,
      row.meaning,
    ]),
  );
}
