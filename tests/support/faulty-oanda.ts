import assert from 'node:assert/strict';
import type { EventByType } from '#domain/events.ts';
import type { OrderRecord } from '#engine/state.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import { booksOf } from './live-day.ts';
import type { OandaWire, SentRequest } from './oanda-wire.ts';
import { openWantingOanda, type WantingDesk, type WantingOptions } from './wanting-desk.ts';

export type OandaDesk = WantingDesk<OandaWire>;

export const euro = 'EURUSD.OANDA';
export const yen = 'USDJPY.OANDA';
/** What a script needs to meet new orders, and none of the changes to them. */
export const orders = { method: 'POST', path: '/orders$' } as const;
/** The scripts count from the opening of the venue; the desk has opened by then. */
export const from = 30_000;
/** Entries rest at the near touch in place of crossing at once. */
export const restingEntries = { 'desk/fx': { slots: { allocation: ['wanting'] }, modes: {} } } as const;

/** Stops of positions are moved where the desk is told to. */
export const movingStops = {
  'desk/fx': { slots: { allocation: ['wanting'], execution: ['market-bracket'], position: ['wanting'] }, modes: {} },
} as const;

export function script(...faults: FaultScriptInput['faults']): FaultScriptInput {
  return { faults };
}

/**
 * Ten minutes without a fault later the books are the venue's own, nothing was sent twice and nothing else was broken. What is impaired by
 * then must be named.
 */
export async function assertWell(desk: OandaDesk, impaired: readonly string[] = []): Promise<void> {
  const { day, wire, invariants } = desk;
  await day.pass(600_000);
  assertBooks(desk);
  assert.deepEqual(invariants.breaches, []);
  assert.deepEqual(
    [...wire.sentById].filter(([, count]) => count !== 1),
    [],
    'every intent was sent once',
  );
  assert.deepEqual(Object.keys(day.state.impairments), impaired);
  assert.equal(day.run.failure, undefined);
}

/** The desk's books are the venue's own, to the last step. */
function assertBooks({ day, wire }: OandaDesk): void {
  wire.floor.settle();
  const ledger = wire.floor.ledger();
  const books = booksOf(day.state);
  assert.deepEqual(
    [books.positions, books.openOrders, books.balance],
    [
      ledger.positions.map(({ instrument, signedQuantity }) => [instrument, signedQuantity]),
      ledger.openOrders.length,
      ledger.balance,
    ],
  );
}

/** A desk with a venue that may do wrong, which must come out of it well. */
export async function withDesk(
  options: WantingOptions,
  act: (desk: OandaDesk) => Promise<readonly string[] | undefined> | Promise<void>,
): Promise<void> {
  const desk = await openWantingOanda(options);
  try {
    await assertWell(desk, (await act(desk)) ?? []);
  } finally {
    await desk.day.close();
  }
}

/** New orders that were sent, whatever became of them. */
export function posts({ wire }: OandaDesk): readonly SentRequest[] {
  return wire.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/orders'));
}

/** Parts that were impaired since the desk was opened, each once. */
export function impairedParts({ day }: OandaDesk): readonly string[] {
  return [...new Set(day.of('venue.impaired').map(({ part }) => part))].filter((part) => part !== 'opening');
}

/** Orders of the desk that open or add. */
export function entries({ day }: OandaDesk): readonly EventByType['order.submitted'][] {
  return day.of('order.submitted').filter(({ order }) => !order.isReduceOnly);
}

export function codesOf(desk: OandaDesk): readonly string[] {
  return desk.day.of('order.rejected').map(({ code }) => code);
}

/** Codes with which entries were held back, each once. */
export function denials({ day }: OandaDesk): readonly string[] {
  return [...new Set(day.of('order.denied').map(({ code }) => code))];
}

/** Asks for positions and lets no time pass. */
export function changeTargets({ day }: OandaDesk, targets: Readonly<Record<string, number>>): void {
  const key = 'wanting/fx';
  const held = day.state.policies[key];
  day.run.request((at) => ({
    type: 'policy.changed',
    ...{ at, key, version: (held?.version ?? 0) + 1, schemaVersion: 1, actor: 'test', reason: 'wanted' },
    document: { ...held?.document, targets: { ...targets } },
  }));
}

/** An operator's word that less is to be held. */
export function reduce({ day }: OandaDesk, instrument: string, quantity: number): void {
  day.run.request((at) => ({ type: 'reduction.requested', at, instrument, quantity, actor: 'test', reason: 'less' }));
}

/** The stops and targets that work. */
export function guards({ day }: OandaDesk): readonly OrderRecord[] {
  return [...day.state.orders.values()].filter(
    ({ request, state }) =>
      (request.purpose === 'stopLoss' || request.purpose === 'takeProfit') &&
      (state === 'accepted' || state === 'partiallyFilled'),
  );
}

/** Lets time pass until so long after the opening of the venue, from where scripts count. */
export async function until({ day, clock, wire }: OandaDesk, ms: number): Promise<void> {
  const leftMs = wire.openedAt + ms - clock.now();
  assert.ok(leftMs >= 0, `it is ${-leftMs} ms later than ${ms} ms after the opening`);
  await day.pass(leftMs);
}
