import { buildCalendar } from '#adapters/calendar/build-calendar.ts';
import type { FileOperations } from '#adapters/journal/file-operations.ts';
import type { TimePort } from '#engine/ports.ts';
import { marketBracket } from '#modules/market-bracket/market-bracket.ts';
import { calendarAround, configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import type { PolicyDocument } from '#runtime/start-events.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import type { ActingServer } from '#venue-simulators/faulty-server.ts';
import { type BinanceWire, type BinanceWireOptions, openBinanceWire } from './binance-wire.ts';
import { HandClock } from './hand-clock.ts';
import { LiveDay } from './live-day.ts';
import { LiveInvariants } from './live-invariants.ts';
import { type OandaWire, openOandaWire } from './oanda-wire.ts';
import { wantingModule } from './wanting-module.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Wednesday 2026-01-14 09:00 UTC. */
export const wantingAt = Date.UTC(2026, 0, 14, 9);

/** The documents of a desk that only holds what it is told to; limits, costs and strategy are the house's. */
export function wantingPolicies(
  environment: Readonly<Record<string, string>>,
  desk: 'fx' | 'crypto',
  changes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): PolicyDocument[] {
  const kept = ['desk', 'limits', 'costs', 'strategy', 'market-bracket'].map((domain) => `${domain}/${desk}`);
  const documents = policyDocuments(configurationFrom(environment), desk).filter(({ key }) => kept.includes(key));
  const wanting = { key: `wanting/${desk}`, document: wantingModule.parameters.parse({}) };
  return [...documents, wanting].map(({ key, document }) => ({
    key,
    document: {
      ...document,
      ...(key === `desk/${desk}`
        ? { slots: { allocation: ['wanting'], execution: ['market-bracket'] }, modes: {} }
        : {}),
      ...changes[key],
    },
  }));
}

/** A desk that holds what it is told to, at a real adapter and its simulator, on a clock that goes by hand. */
export interface WantingDesk<W> {
  readonly day: LiveDay;
  readonly wire: W;
  readonly clock: HandClock;
  readonly invariants: LiveInvariants;
  /** Asks for positions by symbol, in steps; the desk decides at the next minute. Lets two minutes pass. */
  want(targets: Readonly<Record<string, number>>, changes?: Readonly<Record<string, unknown>>): Promise<void>;
  held(instrument: string): number;
}

export interface WantingOptions {
  readonly script?: FaultScriptInput;
  readonly symbols?: readonly string[];
  readonly startAt?: number;
  readonly quotesPerMinute?: number;
  /** Whether the adapter expects prices at an instant; always unless told. */
  readonly isOpen?: (at: number) => boolean;
  readonly fillQuantityMax?: number;
  readonly banFile?: string;
  /** The desk's own time, made of the venue's. */
  deskTime?(clock: HandClock): TimePort;
  /** What stands before the venue and its faults. */
  readonly front?: (server: ActingServer) => ActingServer;
  /** How the journal is written. */
  readonly files?: FileOperations;
  /** Documents by key, what differs in them. */
  readonly policies?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** At OANDA, which keeps brackets itself. Opened, armed and released. */
export async function openWantingOanda(options: WantingOptions = {}): Promise<WantingDesk<OandaWire>> {
  const desk = closedWantingOanda(options);
  await desk.day.open();
  desk.day.letTrade();
  return desk;
}

/** The same before it is opened: for what must keep it from opening. */
export function closedWantingOanda(options: WantingOptions = {}): WantingDesk<OandaWire> {
  const { symbols = ['EUR_USD', 'USD_JPY'], startAt = wantingAt, quotesPerMinute = 12 } = options;
  const clock = new HandClock(startAt);
  const time = options.deskTime?.(clock) ?? clock;
  const calendar = calendarAround(startAt - 2 * dayMs, startAt + 8 * dayMs);
  const wire = openOandaWire({
    ...{ clock, time, symbols, calendar, quotesPerMinute },
    ...(options.script === undefined ? {} : { script: options.script }),
    ...(options.isOpen === undefined ? {} : { isOpen: options.isOpen }),
    ...(options.fillQuantityMax === undefined ? {} : { fillQuantityMax: options.fillQuantityMax }),
    ...(options.banFile === undefined ? {} : { banFile: options.banFile }),
    ...(options.front === undefined ? {} : { front: options.front }),
    historyMs: dayMs,
    untilAt: startAt + 4 * dayMs,
  });
  const invariants = new LiveInvariants();
  const day = new LiveDay({
    ...{ clock, time, desk: 'fx', historyDays: 0.25, venue: wire, calendar: () => calendar },
    ...(options.files === undefined ? {} : { files: options.files }),
    policies: wantingPolicies({ HOTBAND_PAIRS: symbols.join(',') }, 'fx', options.policies),
    modules: [wantingModule, marketBracket],
    onEvent: (event, state) => invariants.see(event, state),
  });
  return wantingDesk(day, { wire, clock, invariants, desk: 'fx' });
}

export type WantingBinanceOptions = Omit<WantingOptions, 'symbols' | 'isOpen'> &
  Partial<Pick<BinanceWireOptions, 'coins' | 'depth' | 'adapter' | 'adapterTime'>>;

/** At Binance, where the desk keeps brackets. Opened, armed and released. Quantities are in thousandths of a coin. */
export async function openWantingBinance(options: WantingBinanceOptions = {}): Promise<WantingDesk<BinanceWire>> {
  const desk = closedWantingBinance(options);
  await desk.day.open();
  desk.day.letTrade();
  return desk;
}

/** The same before it is opened: for what must keep it from opening. */
export function closedWantingBinance(options: WantingBinanceOptions = {}): WantingDesk<BinanceWire> {
  const { coins = ['BTC', 'ETH'], startAt = wantingAt, quotesPerMinute = 12, script, policies, ...rest } = options;
  const clock = new HandClock(startAt);
  const wire = openBinanceWire({
    ...{ clock, coins, quotesPerMinute, ...rest },
    ...(script === undefined ? {} : { script }),
    historyMs: dayMs,
    untilAt: startAt + 4 * dayMs,
  });
  const invariants = new LiveInvariants();
  const symbols = coins.map((coin) => `${coin}USDT`).join(',');
  const day = new LiveDay({
    ...{ clock, desk: 'crypto', historyDays: 0.25, venue: wire },
    ...(options.adapterTime === undefined ? {} : { time: options.adapterTime(clock) }),
    ...(options.files === undefined ? {} : { files: options.files }),
    calendar: (fromAt, untilAt) => buildCalendar({ fromAt, untilAt, preset: 'always' }),
    policies: wantingPolicies({ BINANCE_SYMBOLS: symbols }, 'crypto', policies),
    modules: [wantingModule, marketBracket],
    onEvent: (event, state) => invariants.see(event, state),
  });
  return wantingDesk(day, { wire, clock, invariants, desk: 'crypto' });
}

export function wantingDesk<W>(
  day: LiveDay,
  parts: { readonly wire: W; readonly clock: HandClock; readonly invariants: LiveInvariants; readonly desk: string },
): WantingDesk<W> {
  const { wire, clock, invariants, desk } = parts;
  return {
    ...{ day, wire, clock, invariants },
    want: async (targets, changes = {}) => {
      const key = `wanting/${desk}`;
      const held = day.state.policies[key];
      day.run.request((at) => ({
        type: 'policy.changed',
        ...{ at, key, version: (held?.version ?? 0) + 1, schemaVersion: 1, actor: 'test', reason: 'wanted' },
        document: { ...held?.document, ...changes, targets: { ...targets } },
      }));
      await day.pass(120_000);
    },
    held: (instrument) => day.state.positions[instrument]?.signedQuantity ?? 0,
  };
}
