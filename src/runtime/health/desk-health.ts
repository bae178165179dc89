import { isMarketOpen } from '#domain/calendar.ts';
import { type HealthStatus, type ModuleHealth, statusOf } from '#domain/health.ts';
import type { Engine } from '#engine/engine.ts';
import type { ProjectionStatus } from '../mirror/projection-runner.ts';
import type { Dependency, DependencyReading } from './health-checker.ts';

/** A module that is called at every decision is expected to be heard of within five minutes of event time; half of that is a warning. */
const beatWarnedMs = 150_000;
const beatExpectedMs = 300_000;
/** A bar of one minute is whole a minute after it began and may take another to arrive. */
const barDegradedMs = 90_000;
const barCriticalMs = 180_000;
const lagDegraded = 10_000;
const lagCritical = 1_000_000;

/** What was last seen of one module's calls, by its place in the pipeline. */
interface Seen {
  calls: number;
  failed: number;
  at: number;
  failedAt: number;
}

/** The heartbeat of every module: when its count of calls last moved, in event time, so that a fast clock changes nothing. */
export class ModuleBeats {
  readonly #seen = new Map<string, Seen>();

  /** Looks at the counts and tells how each module is. Called at least once a minute of event time to be worth something. */
  look({ state, policies }: Engine): Record<string, ModuleHealth> {
    const isTrading = state.isWarm && state.calendar !== null && isMarketOpen(state.calendar, state.at);
    const told: Record<string, ModuleHealth> = {};
    for (const key of Object.keys(state.calls).sort()) {
      const counts = state.calls[key];
      if (counts === undefined) continue;
      const seen = this.#note(key, counts.calls, counts.failed, state.at);
      const [name = '', slot = ''] = key.split('/');
      const isBeatDue = isTrading && seen.calls > 0;
      const beat = isBeatDue ? capped(statusOf(state.at - seen.at, beatWarnedMs, beatExpectedMs)) : 'HEALTHY';
      const hasJustFailed = seen.failed > 0 && state.at - seen.failedAt < beatExpectedMs;
      told[key] = {
        status: seen.calls === 0 ? 'UNKNOWN' : hasJustFailed ? 'DEGRADED' : beat,
        last_beat: seen.calls === 0 ? null : new Date(seen.at).toISOString(),
        runs: counts.calls,
        errors: counts.failed,
        details: {
          slot,
          mode: policies?.desk.modes[name] ?? 'ACTIVE',
          changed: counts.changed,
          refused: counts.refused,
        },
      };
    }
    return told;
  }

  #note(key: string, calls: number, failed: number, at: number): Seen {
    const seen = this.#seen.get(key) ?? { calls: 0, failed: 0, at, failedAt: at };
    if (calls !== seen.calls) seen.at = at;
    if (failed !== seen.failed) seen.failedAt = at;
    seen.calls = calls;
    seen.failed = failed;
    this.#seen.set(key, seen);
    return seen;
  }
}

/** A module that is silent makes a desk worse, and no worse than that: gates and risk fail closed by themselves. */
function capped(status: HealthStatus): HealthStatus {
  return status === 'CRITICAL' ? 'DEGRADED' : status;
}

/** The age of the newest bar of every instrument while its market is open: payload is what tells that a stream lives. */
export function marketDependency({ state }: Engine): Dependency {
  return {
    name: 'market_data',
    criticality: 'critical',
    check: (): DependencyReading => {
      const isOpen = state.calendar !== null && isMarketOpen(state.calendar, state.at);
      const ages: Record<string, number | null> = {};
      let oldest = 0;
      for (const id of state.instrumentIds) {
        const market = state.markets[id];
        const age = market === undefined || market.closedAt === 0 ? null : Math.max(0, state.at - market.closedAt);
        ages[market?.instrument.symbol ?? id] = age;
        oldest = Math.max(oldest, age ?? Infinity);
      }
      const details = { is_market_open: isOpen, age_ms: ages, event_time: new Date(state.at).toISOString() };
      if (!isOpen || !state.isWarm) return { status: 'HEALTHY', details };
      return { status: statusOf(oldest, barDegradedMs, barCriticalMs), details };
    },
  };
}

/** What is appended and not yet durable, and whether the last write worked. */
export function journalDependency(journal: {
  readonly lastSequence: number;
  readonly durableSequence: number;
  readonly problem: string | undefined;
}): Dependency {
  return {
    name: 'journal',
    criticality: 'critical',
    check: (): DependencyReading => {
      const { lastSequence, durableSequence, problem } = journal;
      const details = { last_sequence: lastSequence, durable_sequence: durableSequence };
      return problem === undefined ? { status: 'HEALTHY', details } : { status: 'CRITICAL', error: problem, details };
    },
  };
}

/** A projection as a module of the desk: one that waits for its store is degraded, since trading goes on without it. */
export function projectionHealth(status: ProjectionStatus): ModuleHealth {
  const { condition, lag, sequence, problem, beatAt, version } = status;
  const judged =
    condition === 'waiting' || condition === 'stopped' ? 'DEGRADED' : capped(statusOf(lag, lagDegraded, lagCritical));
  return {
    status: judged,
    last_beat: new Date(beatAt).toISOString(),
    runs: sequence,
    errors: problem === undefined ? 0 : 1,
    details: { condition, lag, version, ...(problem === undefined ? {} : { problem }) },
  };
}

/** How far behind the journal a projection is that another process keeps. */
export function projectionLagHealth(sequence: number, lastSequence: number): DependencyReading {
  const lag = Math.max(0, lastSequence - sequence);
  return { status: capped(statusOf(lag, lagDegraded, lagCritical)), details: { sequence, lag } };
}
