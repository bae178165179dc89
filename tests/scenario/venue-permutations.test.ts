import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '#domain/events.ts';
import { acceptanceOf, euro, fillOf, requestOf, yen } from '../support/desk-events.ts';
import { type OpenedDesk, openedDesk } from '../support/opened-desk.ts';

/** What becomes of one order at the venue. */
const lifeArbitrary = fc.record({
  isBuy: fc.boolean(),
  isYen: fc.boolean(),
  isExit: fc.boolean(),
  isUnresolvedFirst: fc.boolean(),
  isAccepted: fc.boolean(),
  parts: fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 4 }),
  end: fc.constantFrom('none', 'canceled', 'expired', 'filled'),
  /** Repeats the stream from one of its events on, as a reconnection does. */
  repeatsFrom: fc.option(fc.nat(5), { nil: undefined }),
});
type Life = typeof lifeArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** Which order's next event comes, again and again; what is left over comes in the order of the orders. */
const mergeArbitrary = fc.array(fc.nat(5), { maxLength: 60 });

const at = 0;

function instrumentOf({ isYen }: Life): string {
  return isYen ? yen : euro;
}

function quantityOf({ parts, end }: Life): number {
  const filled = parts.reduce((sum, part) => sum + part, 0);
  return end === 'filled' && filled > 0 ? filled : filled + 1;
}

/** What the venue tells of one order, in its order. */
function tellingsOf(life: Life, index: number): readonly Event[] {
  const clientOrderId = `o${index}`;
  const tellings: Event[] = [];
  if (life.isUnresolvedFirst) tellings.push({ type: 'order.unresolved', at, clientOrderId, reason: 'no answer' });
  if (life.isAccepted) tellings.push(acceptanceOf(clientOrderId, at));
  life.parts.forEach((quantity, part) => {
    const fillId = `${clientOrderId}-${part}`;
    const side = life.isBuy ? 'buy' : 'sell';
    tellings.push(fillOf(at, { clientOrderId, fillId, side, quantity, instrument: instrumentOf(life), fee: part }));
  });
  if (life.end === 'canceled') tellings.push({ type: 'order.canceled', at, clientOrderId, reason: 'asked for' });
  if (life.end === 'expired') tellings.push({ type: 'order.expired', at, clientOrderId, reason: 'its time' });
  const { repeatsFrom } = life;
  const again =
    repeatsFrom === undefined ? [] : tellings.slice(repeatsFrom).filter(({ type }) => type !== 'order.unresolved');
  return [...tellings, ...again];
}

/** Plays the lives merged in one way, and says what is left: positions, what became of each order, and money that adds up. */
function outcome(lives: readonly Life[], merge: readonly number[]): unknown {
  const desk = openedDesk([], { policies: { strategy: { bracketEnabled: false } } });
  lives.forEach((life, index) => {
    const order = requestOf({
      clientOrderId: `o${index}`,
      side: life.isBuy ? 'buy' : 'sell',
      instrument: instrumentOf(life),
      quantity: quantityOf(life),
      purpose: life.isExit ? 'exit' : 'entry',
      isReduceOnly: life.isExit,
    });
    desk.tell({ type: 'order.submitted', at: desk.at(), order });
  });
  for (const event of merged(lives.map(tellingsOf), merge)) desk.tell({ ...event, at: desk.at() });
  return left(desk, lives);
}

function merged(streams: readonly (readonly Event[])[], merge: readonly number[]): Event[] {
  const queues = streams.map((stream) => [...stream]);
  const events: Event[] = [];
  for (const pick of merge) {
    const event = queues[pick % Math.max(1, queues.length)]?.shift();
    if (event !== undefined) events.push(event);
  }
  return [...events, ...queues.flat()];
}

function left({ view, held }: OpenedDesk, lives: readonly Life[]): unknown {
  const orders = lives.map((_, index) => {
    const record = view.orders.get(`o${index}`);
    return [record?.state, record?.filledQuantity, record?.venueOrderId, record?.unresolvedAt === null];
  });
  return { orders, positions: [held(euro), held(yen)], fees: view.account.fees, fills: view.counts.fills };
}

test('in whatever order the streams of several orders are merged, positions and orders end alike', () => {
  fc.assert(
    fc.property(
      fc.array(lifeArbitrary, { minLength: 1, maxLength: 6 }),
      mergeArbitrary,
      mergeArbitrary,
      (lives, one, other) => assert.deepEqual(outcome(lives, one), outcome(lives, other)),
    ),
  );
});

test('what a stream repeats from somewhere on changes nothing', () => {
  fc.assert(
    fc.property(fc.array(lifeArbitrary, { minLength: 1, maxLength: 6 }), mergeArbitrary, (lives, merge) => {
      const once = lives.map((life) => ({ ...life, repeatsFrom: undefined }));
      assert.deepEqual(outcome(lives, merge), outcome(once, merge));
    }),
  );
});
