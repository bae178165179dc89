import type { Event } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import type { Engine } from '#engine/engine.ts';
import { runUntil } from '#engine/loop.ts';
import { modules } from '#modules/index.ts';
import type { EvaluatorState } from '#modules/rolling-evaluator/evaluator-state.ts';
import { keysProjection } from '#projections/keys/keys-projection.ts';
import type { KeysState } from '#projections/keys/keys-state.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { createTraceState, traceEvent } from '#projections/trace-fold.ts';
import { openDeskRun } from './desk-run.ts';
import { livelyAt, livelyPolicies, livelySeries } from './lively-desk.ts';

/** Events as followers of a journal see them, counted from 1. */
export function tailOf(events: readonly Event[], runId = 'fixture'): TailEntry[] {
  const state = createTraceState(runId);
  return events.map((event, index) => traceEvent(state, index + 1, event));
}

export interface KeyFold {
  readonly state: KeysState;
  readonly changes: readonly KeyChange[];
}

/** What the projection makes of entries, on from a state where one is given. */
export function foldKeys(entries: readonly TailEntry[], state: KeysState = keysProjection.initial()): KeyFold {
  const changes: KeyChange[] = [];
  for (const entry of entries) keysProjection.project(state, entry, (change) => void changes.push(change));
  return { state, changes };
}

/** The changes that name one key or channel. */
export function changesOf(changes: readonly KeyChange[], key: string): KeyChange[] {
  return changes.filter((change) => (change.type === 'publish' ? change.channel : change.key) === key);
}

/** The JSON value set last under a key. */
export function lastSet(changes: readonly KeyChange[], key: string): unknown {
  const found = changes.findLast((change) => change.type === 'set' && change.key === key);
  return found?.type === 'set' ? JSON.parse(found.value) : undefined;
}

const bars = 2_000;

export interface LivelyOptions {
  readonly seed?: number;
  /** Parameters of the evaluator that differ. */
  readonly evaluator?: Readonly<Record<string, unknown>>;
}

/** A day and a half of the whole desk on random walks, live from the start, with the evaluator's counters in its results. */
export function livelyTail(options: LivelyOptions = {}): TailEntry[] {
  const tail: TailEntry[] = [];
  followLively(options, (entries) => void tail.push(...entries));
  return tail;
}

/** The same desk turn by turn: the entries of each, and the engine as it stands after them. */
export function followLively(
  { seed = 5, evaluator = {} }: LivelyOptions,
  onTurn: (entries: readonly TailEntry[], engine: Engine) => void,
): void {
  const policies = livelyPolicies().map(({ key, document }) => ({
    key,
    document: key === 'rolling-evaluator/fx' ? { ...document, ...evaluator } : document,
  }));
  const run = openDeskRun({ modules, policies, series: livelySeries(seed, bars) });
  const { engine } = run;
  const trace = createTraceState(engine.state.runId);
  let told = 0;
  do {
    const events = run.events.slice(told).map((event) => withCounters(event, engine.state.modules));
    const entries = events.map((event, index) => traceEvent(trace, told + index + 1, event));
    told += events.length;
    onTurn(entries, engine);
  } while (runUntil(run.loop, livelyAt + bars * 60_000, 1) > 0);
}

function withCounters(event: Event, states: Readonly<Record<string, unknown>>): Event {
  if (event.type !== 'evaluation.completed' || 'counters' in event) return event;
  const { byInstrument } = states['rolling-evaluator'] as EvaluatorState;
  const { passes, fails, misses } = byInstrument[event.instrument]?.counters ?? { passes: 0, fails: 0, misses: 0 };
  return Object.assign({ counters: { passes, fails, misses } }, event);
}
