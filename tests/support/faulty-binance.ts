import assert from 'node:assert/strict';
import type { EventByType } from '#domain/events.ts';
import { isTerminal } from '#domain/order.ts';
import type { TimePort } from '#engine/ports.ts';
import type { OrderRecord } from '#engine/state.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import type { BinanceWire, SentRequest } from './binance-wire.ts';
import type { HandClock } from './hand-clock.ts';
import { booksOf } from './live-day.ts';
import { openWantingBinance, type WantingBinanceOptions, type WantingDesk, wantingAt } from './wanting-desk.ts';

export type BinanceDesk = WantingDesk<BinanceWire>;

export const bitcoin = 'BTCUSDT-PERP.BINANCE';
export const ether = 'ETHUSDT-PERP.BINANCE';
/** What a script needs to meet new orders that open or add, those that reduce, and new conditional ones. */
export const entryOrders = { method: 'POST', path: '/fapi/v1/order\\?(?!.*reduceOnly=true)' } as const;
export const exitOrders = { method: 'POST', path: '/fapi/v1/order\\?.*reduceOnly=true' } as const;
export const stopOrders = { method: 'POST', path: '/fapi/v1/algoOrder\\?' } as const;
/** The scripts count from the opening of the venue. The desk decides half a minute after it, and again at each third minute. */
export const firstAt = 25_000;
export const secondAt = 145_000;
/** Entries rest at the near touch in place of crossing at once. */
export const restingEntries = { 'desk/crypto': { slots: { allocation: ['wanting'] }, modes: {} } } as const;

export function script(...faults: FaultScriptInput['faults']): FaultScriptInput {
  return { faults };
}

/** A refusal in the venue's own form. */
export function answer(
  status: number,
  code: number,
  msg: string,
): { readonly type: 'answer'; readonly status: number; readonly body: string } {
  return { type: 'answer', status, body: JSON.stringify({ code, msg }) };
}

/** What differs from the usual end of a test. */
export interface Leftover {
  /** Parts that are still impaired. */
  readonly impaired?: readonly string[];
  /** Positions that stand without a stop of exactly their size. */
  readonly unprotected?: readonly string[];
}

/**
 * Ten minutes without a fault later the books are the venue's own, every position has exactly its stop, nothing was sent twice and nothing
 * else was broken.
 */
export async function assertWell(desk: BinanceDesk, { impaired = [], unprotected = [] }: Leftover = {}): Promise<void> {
  const { day, wire, invariants } = desk;
  await day.pass(600_000);
  assertBooks(desk);
  assert.deepEqual(invariants.breaches, []);
  assertSentOnce(wire);
  assert.deepEqual(
    Object.keys(day.state.impairments).map((key) => key.replace(/ \*$/, '')),
    impaired,
  );
  for (const instrument of day.state.instrumentIds) {
    const isExpected = desk.held(instrument) !== 0 && !unprotected.includes(instrument);
    assert.deepEqual(
      stopsOf(desk, instrument).map(({ request }) => request.quantity),
      isExpected ? [Math.abs(desk.held(instrument))] : [],
      `the stops of '${instrument}'`,
    );
  }
  assert.equal(day.run.failure, undefined);
}

export function assertSentOnce({ sentById }: BinanceWire): void {
  assert.deepEqual(
    [...sentById].filter(([, count]) => count !== 1),
    [],
    'every intent was sent once',
  );
}

/** The desk's books are the venue's own, to the last step. */
function assertBooks({ day, wire }: BinanceDesk): void {
  wire.floor.settle();
  const ledger = wire.floor.ledger();
  const books = booksOf(day.state);
  assert.deepEqual(
    [books.positions, books.openOrders, books.balance],
    [
      ledger.positions.map(({ instrument, signedQuantity }) => [instrument, signedQuantity]),
      ledger.openOrders.length + wire.venue.openConditionalOrders,
      ledger.balance,
    ],
  );
}

type Act = (desk: BinanceDesk) => Promise<Leftover> | Promise<void>;

/** A desk with a venue that may do wrong, which must come out of it well. */
export async function withDesk(options: WantingBinanceOptions, act: Act): Promise<void> {
  const desk = await openWantingBinance(options);
  try {
    await assertWell(desk, (await act(desk)) ?? {});
  } finally {
    await desk.day.close();
  }
}

/** The desk's time of day, which can be set apart from the venue's; spans stay true. */
export function settableTime(): { readonly adapterTime: (clock: HandClock) => TimePort; step(ms: number): void } {
  let offsetMs = 0;
  return {
    adapterTime: (clock) => ({
      now: () => clock.now() + offsetMs,
      monotonic: () => clock.monotonic(),
      after: (ms, act) => clock.after(ms, act),
      random: () => clock.random(),
    }),
    step: (ms) => {
      offsetMs += ms;
    },
  };
}

/** Makes something happen at the venue. */
export function act({ wire }: BinanceDesk, action: string, parameters: Readonly<Record<string, unknown>> = {}): void {
  wire.venue.act(action, parameters);
}

/** Lets time pass until so long after the opening of the venue. */
export async function until({ day, clock }: BinanceDesk, ms: number): Promise<void> {
  assert.ok(clock.now() <= wantingAt + ms, `it is later than ${ms} ms after the opening`);
  await day.pass(wantingAt + ms - clock.now());
}

/** Milliseconds since the opening of the venue. */
export function since({ clock }: BinanceDesk): number {
  return clock.now() - wantingAt;
}

/** What the desk is to hold from its next decision on; nothing is waited for. */
export function wish({ day }: BinanceDesk, targets: Readonly<Record<string, number>>): void {
  const key = 'wanting/crypto';
  const held = day.state.policies[key];
  day.run.request((at) => ({
    type: 'policy.changed',
    ...{ at, key, version: (held?.version ?? 0) + 1, schemaVersion: 1, actor: 'test', reason: 'wanted' },
    document: { ...held?.document, targets: { ...targets } },
  }));
}

/** Requests of a kind since the opening of the venue. */
export function asked({ wire }: BinanceDesk, method: SentRequest['method'], path: string): readonly SentRequest[] {
  return wire.requests.filter((request) => request.method === method && request.path === path && !request.isSocket);
}

/** Sockets that were opened on a path. */
export function sockets({ wire }: BinanceDesk, path: string): readonly SentRequest[] {
  return wire.requests.filter((request) => request.isSocket && request.path.startsWith(path));
}

/** New orders of both families that were sent, whatever became of them. */
export function posts({ wire }: BinanceDesk): readonly SentRequest[] {
  return wire.requests.filter(({ method, path }) => method === 'POST' && /\/(?:order|algoOrder)$/.test(path));
}

/** Parts that were impaired after the desk had begun to trade, each once. */
export function impairedParts({ day }: BinanceDesk): readonly string[] {
  const begun = day.events.findIndex((event) => event.type === 'venue.restored' && event.part === 'opening');
  const impaired = day.events.slice(begun).flatMap((event) => (event.type === 'venue.impaired' ? [event.part] : []));
  return [...new Set(impaired)].filter((part) => part !== 'opening');
}

/** Parts that are impaired now, each once. */
export function heldBack({ day }: BinanceDesk): readonly string[] {
  return [...new Set(Object.values(day.state.impairments).map(({ part }) => part))];
}

/** Orders of the desk that open or add. */
export function entries({ day }: BinanceDesk): readonly EventByType['order.submitted'][] {
  return day.of('order.submitted').filter(({ order }) => !order.isReduceOnly);
}

/** Orders of the desk that close or reduce, without stops and targets. */
export function exits({ day }: BinanceDesk): readonly EventByType['order.submitted'][] {
  return day.of('order.submitted').filter(({ order }) => order.purpose === 'exit');
}

/** Stops that the desk has sent. */
export function stopsSent({ day }: BinanceDesk): readonly EventByType['order.submitted'][] {
  return day.of('order.submitted').filter(({ order }) => order.purpose === 'stopLoss');
}

/** Stops of an instrument that have not ended. */
export function stopsOf({ day }: BinanceDesk, instrument: string): readonly OrderRecord[] {
  return [...day.state.orders.values()].filter(
    ({ request, state }) => request.instrument === instrument && request.purpose === 'stopLoss' && !isTerminal(state),
  );
}

export function codesOf({ day }: BinanceDesk): readonly string[] {
  return day.of('order.rejected').map(({ code }) => code);
}

/** Codes with which entries were held back, each once. */
export function denials({ day }: BinanceDesk): readonly string[] {
  return [...new Set(day.of('order.denied').map(({ code }) => code))];
}

/** Fills of the desk, of whatever hand, that it has booked. */
export function filledOf({ day }: BinanceDesk, instrument: string): number {
  return day
    .of('order.filled')
    .filter((fill) => fill.instrument === instrument)
    .reduce((sum, { side, quantity }) => sum + (side === 'buy' ? quantity : -quantity), 0);
}
