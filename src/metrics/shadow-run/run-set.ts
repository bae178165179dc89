import type { Bar } from '#domain/bar.ts';
import type { InstrumentSchedule } from '#domain/instrument-schedule.ts';
import type { GuardHistory } from '#metrics/guard-levels.ts';
import { createRollingRank, pushValue } from '#metrics/rolling-rank.ts';
import { type BarHistory, createBarHistory, newestOpenAt, rememberBar, rememberWindow } from './bar-history.ts';
import { createMoment, fillMoment, type MarketInputs } from './market-moment.ts';
import { createShadowRun, type ShadowRun, stepShadowRun } from './shadow-run.ts';
import { isSameSettings, type ShadowSettings } from './shadow-settings.ts';
import { tradingSchedule } from './trading-schedule.ts';

const GAP_MS = 60 * 60_000;
const DAY_MS = 86_400_000;
/** Days before the span that a run is judged by: the guards' own history of five trading days fills in them. */
const CALIBRATION_DAYS = 7;

/** The shadow runs on one market and the bars they can be back-filled from: plain data. */
export interface RunSet {
  history: BarHistory;
  /** Bars since the last gap of more than an hour. */
  barsSinceGap: number;
  /** Opening hours by the calendar in force, null while none is known. */
  schedule: InstrumentSchedule | null;
  runs: ShadowRun[];
}

/** A set whose history spans so many days of evaluation, and what the guards need before them. */
export function createRunSet(days: number, barIntervalMs: number): RunSet {
  return { history: createBarHistory(historyBars(days, barIntervalMs)), barsSinceGap: 0, schedule: null, runs: [] };
}

/** Changes how many days the history spans. Bars that are gone do not come back. */
export function resizeHistory(set: RunSet, days: number, barIntervalMs: number): void {
  set.history.capacity = historyBars(days, barIntervalMs);
}

function historyBars(days: number, barIntervalMs: number): number {
  return Math.ceil(((days + CALIBRATION_DAYS) * DAY_MS) / barIntervalMs);
}

/** Takes in a closed bar and moves every run by it. A bar that is not newer than the last is ignored, as the engine ignores it. */
export function stepRuns(set: RunSet, bar: Readonly<Bar>, inputs: MarketInputs): void {
  const { history } = set;
  const previousAt = newestOpenAt(history);
  if (bar.openAt <= previousAt) return;
  followCalendar(set, inputs);
  set.barsSinceGap = barsSinceGap(set.barsSinceGap, previousAt, bar.openAt);
  rememberBar(history, bar);
  if (inputs.window.windowEndAt === bar.openAt) rememberWindow(history, inputs.window);
  const moment = createMoment(inputs, history, set.schedule, inputs.ranks);
  fillMoment(moment, history.end - 1);
  moment.windowEnd = history.windows.end;
  moment.barsSinceGap = set.barsSinceGap;
  for (const run of set.runs) stepShadowRun(run, moment);
}

/**
 * Brings the set to the wanted settings, in their order: runs that do the same stay and keep their round trips, others go, and new ones are
 * taken through all remembered bars at once. Of equal settings one run is kept.
 */
export function retuneRuns(set: RunSet, wanted: readonly ShadowSettings[], inputs: MarketInputs): void {
  const runs: ShadowRun[] = [];
  const started: ShadowRun[] = [];
  for (const settings of wanted) {
    if (runs.some((run) => isSameSettings(run.settings, settings))) continue;
    let run = set.runs.find((held) => isSameSettings(held.settings, settings));
    if (run === undefined) {
      run = createShadowRun(settings);
      started.push(run);
    }
    runs.push(run);
  }
  set.runs = runs;
  set.schedule = null;
  followCalendar(set, inputs);
  if (started.length > 0) backfill(set, started, inputs);
}

/** Works out the schedule of the calendar in force where that is not the one at hand. All runs of a set agree on whether sessions count. */
export function followCalendar(set: RunSet, { calendar, instrument }: MarketInputs): void {
  const settings = set.runs[0]?.settings;
  if (calendar === null || settings === undefined || set.schedule?.calendarVersion === calendar.version) return;
  set.schedule = tradingSchedule(calendar, instrument, settings.sessionTradingEnabled);
}

/**
 * Takes new runs through every remembered bar with the guards' history as it grew, so that they stand where they would had they run all
 * along, but for a position they would have held when the history begins.
 */
function backfill(set: RunSet, runs: readonly ShadowRun[], inputs: MarketInputs): void {
  const { history } = set;
  const ranks = emptyRanks(inputs.ranks);
  const moment = createMoment(inputs, history, set.schedule, ranks);
  moment.windowEnd = history.windows.first;
  let previousAt = Number.NEGATIVE_INFINITY;
  for (let index = history.first; index < history.end; index += 1) {
    fillMoment(moment, index);
    moment.barsSinceGap = barsSinceGap(moment.barsSinceGap, previousAt, moment.openAt);
    previousAt = moment.openAt;
    moment.windowEnd = takeWindows(history, moment.windowEnd, moment.openAt, ranks);
    for (const run of runs) stepShadowRun(run, moment);
  }
}

/** Takes the windows up to a bar into the ranks, from number `from` on, and returns the number of the next. */
function takeWindows({ windows }: BarHistory, from: number, openAt: number, ranks: GuardHistory): number {
  let next = from;
  while (next < windows.end) {
    const slot = next % windows.endAt.length;
    if ((windows.endAt[slot] ?? Number.POSITIVE_INFINITY) > openAt) break;
    pushValue(ranks.coherence, windows.coherence[slot] ?? 0);
    pushValue(ranks.entropy, windows.entropy[slot] ?? 0);
    pushValue(ranks.rupture, windows.rupture[slot] ?? 0);
    next += 1;
  }
  return next;
}

function emptyRanks(like: GuardHistory): GuardHistory {
  return {
    coherence: createRollingRank(like.coherence.ring.length),
    entropy: createRollingRank(like.entropy.ring.length),
    rupture: createRollingRank(like.rupture.ring.length),
  };
}

/** One on the first bar and on the first after a gap, as the engine counts. */
function barsSinceGap(before: number, previousAt: number, openAt: number): number {
  return openAt - previousAt > GAP_MS ? 1 : before + 1;
}
