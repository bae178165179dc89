import type { BarColumns } from '#domain/bar.ts';
import type { Event } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import { columnsFeed } from '#engine/columns-feed.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { createLoop, handle, type Loop } from '#engine/loop.ts';
import type { Module } from '#engine/module.ts';
import { calendarAround, documentOf, listedSeries, openVenue, venueFor } from '#runtime/desk-setup.ts';
import { type PolicyDocument, type RunSetup, startEvents } from '#runtime/start-events.ts';

const startBalance = 100_000;

export interface DeskRun {
  readonly engine: Engine;
  readonly loop: Loop;
  /** Every event of the run so far, in order, facts among them. */
  readonly events: Event[];
}

export interface DeskRunOptions {
  readonly modules: readonly Module[];
  readonly policies: readonly PolicyDocument[];
  readonly series: readonly BarColumns[];
}

/** A backtest that can be stopped anywhere: the whole desk, its first events and the simulated venue over given bars. */
export function openDeskRun({ modules, policies, series }: DeskRunOptions): DeskRun {
  const fromAt = Math.min(...series.map(({ openAt }) => openAt[0] ?? Infinity));
  const untilAt = Math.max(...series.map(({ openAt, intervalMs }) => (openAt.at(-1) ?? 0) + intervalMs));
  const setup = setupOf(series, policies, [fromAt, untilAt]);
  const engine = createEngine(modules);
  const events: Event[] = [];
  const venue = openVenue(
    venueFor({ listed: setup.instruments, policies, desk: 'fx', calendar: setup.calendar, startBalance, seed: 1 }),
  );
  const desk = documentOf({ policies, desk: 'fx' }, 'desk') as unknown as DeskPolicy;
  const ports = {
    feed: columnsFeed(series),
    venue,
    journal: undefined,
    makeDurable: () => undefined,
    onEvent: (event: Event) => void events.push(event),
  };
  const loop = createLoop(engine, ports, fromAt, desk.decisionGridMs);
  for (const event of startEvents(setup)) handle(loop, event);
  handle(loop, { type: 'warmup.completed', at: fromAt, bars: 0 });
  return { engine, loop, events };
}

function setupOf(
  series: readonly BarColumns[],
  policies: readonly PolicyDocument[],
  [fromAt, untilAt]: readonly [number, number],
): RunSetup {
  const symbols = series.map(({ instrument }) => `${instrument.slice(0, 3)}_${instrument.slice(3, 6)}`);
  return {
    kind: 'backtest',
    desk: 'fx',
    at: fromAt,
    seed: 1,
    startBalance,
    moneyDecimals: 6,
    recordsFacts: true,
    dataHash: '',
    instruments: listedSeries(
      series,
      symbols.map((symbol) => fxInstrument(symbol)),
    ),
    policies,
    calendar: calendarAround(fromAt, untilAt),
    releasesKill: true,
  };
}
