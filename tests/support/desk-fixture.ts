import { buildCalendar } from '#adapters/calendar/build-calendar.ts';
import type { Event, EventByType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { type SlotName, slotNames } from '#domain/pipeline.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import type { Module } from '#engine/module.ts';
import { step } from '#engine/step.ts';

/** Wednesday 2026-01-14 12:00 UTC: London and New York are open. */
export const fixtureAt = Date.UTC(2026, 0, 14, 12);
const minuteMs = 60_000;

type Documents = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const strategy = {
  guardProfile: 'seed',
  minimumCoherence: 0,
  minimumStability: 0,
  maximumRupture: 1,
  maximumEntropy: 1,
  coherencePercentile: 0.7,
  entropyPercentile: 0.4,
  rupturePercentile: 0.8,
  signaturePrecision: 2,
  signatureLookbackMinutes: 60,
  directionMode: 'combined',
  directionLookback: 12,
  directionThresholdBps: 2,
  deltaCoherenceMode: 'pattern',
  deltaCoherenceMinimum: -0.02,
  entryCooldownSeconds: 60,
  exitCooldownSeconds: 60,
  exitSlopeEnabled: false,
  exitSlopeBps: null,
  exitPnlEnabled: false,
  exitPnlTakeProfit: 0.5,
  exitPnlStopLoss: -1.25,
  exitPnlUnit: 'price_pct',
  bracketEnabled: true,
  bracketMode: 'atr',
  bracketIntervalMinutes: 5,
  bracketLength: 14,
  bracketMultiple: 1.8,
  bracketRewardRisk: 1.5,
  stopLossPips: 15,
  sessionTradingEnabled: true,
  sessionExitMinutes: 5,
  gapHoldBars: 0,
};

const costs = {
  instruments: {},
  otherwise: { spreadPips: [1], slippagePips: 0.2, commissionPerMillion: 0 },
  financingRates: {},
  financingMarkup: 0.02,
  latencyMs: 250,
  closeOutFraction: 0.5,
};

const limits = {
  maximumPositionUnits: 0,
  maximumDailyLoss: 0,
  maximumPositions: 8,
  maximumNetUnits: 0,
  maximumLeverage: 30,
  maximumOrderNotional: 0,
  maximumOrdersPerMinute: 60,
  priceCollarBps: 100,
  maximumCurrencyExposure: 0,
  markAgeMsMax: 300_000,
};

/** A small desk with real parts: listed pairs, a real calendar, policies in force, the kill switch released, warm. */
export interface DeskFixture {
  readonly engine: Engine;
  /** The events by which the desk was set up, in order. */
  readonly setUpEvents: readonly Event[];
  /** Every event since the desk was set up, in order. */
  readonly events: Event[];
  at: number;
  /** Steps any event. */
  send(event: Event): readonly Event[];
  /** Closes a bar of one minute at the fixture's time; prices in ticks. Moves no time. */
  bar(symbol: string, close: number, options?: Partial<EventByType['bar.closed']>): readonly Event[];
  /** Lets the clock tick after so many milliseconds (30 s by default). */
  tick(afterMs?: number): readonly Event[];
  /** One minute: each pair's bar at its end, then the grid point that decides. */
  minute(closes: Readonly<Record<string, number>>): readonly Event[];
  decisions(): EventByType['module.decided'][];
}

export interface FixtureOptions {
  readonly symbols?: readonly string[];
  readonly startAt?: number;
  readonly balance?: number;
  readonly isWarm?: boolean;
  /** False leaves the kill switch as a fresh engine has it: engaged. */
  readonly releasesKill?: boolean;
  /** False keeps facts out of the journal, as a long backtest does. */
  readonly recordsFacts?: boolean;
  /** Fields that differ, by policy domain: `{ strategy: { directionLookback: 3 } }`. */
  readonly policies?: Documents;
  readonly modes?: Readonly<Record<string, string>>;
}

export function createDeskFixture(modules: readonly Module[], options: FixtureOptions = {}): DeskFixture {
  const at = options.startAt ?? fixtureAt;
  const symbols = options.symbols ?? ['EUR_USD', 'USD_JPY'];
  const engine = createEngine(modules);
  const events: Event[] = [];
  const setUpEvents: Event[] = [];
  const fixture: DeskFixture = {
    engine,
    setUpEvents,
    events,
    at: at - 30_000,
    send: (event) => {
      const produced = step(engine, event);
      events.push(...produced);
      return produced;
    },
    bar: (symbol, close, changes = {}) => fixture.send({ ...barOf(symbol, close, fixture.at), ...changes }),
    tick: (afterMs = 30_000) => {
      fixture.at += afterMs;
      return fixture.send({ type: 'time.ticked', at: fixture.at });
    },
    minute: (closes) => {
      const before = events.length;
      fixture.tick(30_000);
      for (const [symbol, close] of Object.entries(closes).sort(([a], [b]) => (a < b ? -1 : 1)))
        fixture.bar(symbol, close);
      fixture.tick(30_000);
      return events.slice(before);
    },
    decisions: () => events.filter((event) => event.type === 'module.decided'),
  };
  setUp(fixture, modules, symbols, options);
  setUpEvents.push(...events.splice(0));
  return fixture;
}

/** A bar that closes at a time, one pip high and low around its close. */
export function barOf(symbol: string, close: number, closedAt: number): EventByType['bar.closed'] {
  const { id } = fxInstrument(symbol);
  return {
    type: 'bar.closed',
    at: closedAt,
    instrument: id,
    openAt: Math.floor(closedAt / minuteMs) * minuteMs - minuteMs,
    open: close,
    high: close + 10,
    low: close - 10,
    close,
    volume: 100,
    spread: 10,
  };
}

function setUp(
  fixture: DeskFixture,
  modules: readonly Module[],
  symbols: readonly string[],
  options: FixtureOptions,
): void {
  const { at } = fixture;
  fixture.send({
    type: 'run.started',
    at,
    runId: 'fixture',
    kind: 'backtest',
    desk: 'fx',
    seed: 1,
    startBalance: options.balance ?? 100_000_000_000,
    recordsFacts: options.recordsFacts !== false,
    configHash: '',
    dataHash: '',
    codeVersion: '',
  });
  const dayMs = 86_400_000;
  fixture.send({
    type: 'calendar.loaded',
    at,
    calendar: buildCalendar({ fromAt: at - 90 * dayMs, untilAt: at + 90 * dayMs, preset: 'local' }),
  });
  for (const symbol of symbols) {
    fixture.send({
      type: 'instrument.listed',
      at,
      instrument: fxInstrument(symbol),
      hasVolume: true,
      priceBasis: 'bid',
    });
  }
  for (const [domain, document] of Object.entries(documentsOf(modules, symbols, options))) {
    const [event] = fixture
      .send({
        type: 'policy.changed',
        at,
        key: `${domain}/fx`,
        version: 1,
        schemaVersion: 1,
        document,
        actor: 'fixture',
        reason: '',
      })
      .slice(1);
    if (event?.type === 'policy.refused') throw new Error(`fixture policy '${domain}': ${event.reason}`);
  }
  if (options.releasesKill !== false) fixture.send({ type: 'kill.released', at, actor: 'run', reason: 'fixture' });
  if (options.isWarm !== false) fixture.send({ type: 'warmup.completed', at, bars: 0 });
}

function documentsOf(
  modules: readonly Module[],
  symbols: readonly string[],
  options: FixtureOptions,
): Record<string, Record<string, unknown>> {
  const changes = options.policies ?? {};
  const documents: Record<string, Record<string, unknown>> = {
    limits: { ...limits, ...changes['limits'] },
    costs: { ...costs, ...changes['costs'] },
    strategy: { ...strategy, ...changes['strategy'] },
  };
  for (const module of modules) documents[module.name] = { ...module.parameters.parse({}), ...changes[module.name] };
  documents['desk'] = {
    venue: 'OANDA',
    accountCurrency: 'USD',
    moneyDecimals: 6,
    universe: symbols.slice(),
    decisionGridMs: 30_000,
    barIntervalMs: minuteMs,
    barrierWaitMs: 5_000,
    slots: slotsOf(modules),
    modes: { ...options.modes },
    modeCap: 'ACTIVE',
    shadowLimit: 4,
    ...changes['desk'],
  };
  return documents;
}

function slotsOf(modules: readonly Module[]): Partial<Record<SlotName, string[]>> {
  const slots: Partial<Record<SlotName, string[]>> = {};
  for (const slot of slotNames)
    slots[slot] = modules.filter((module) => module.propose[slot] !== undefined).map((module) => module.name);
  return slots;
}
