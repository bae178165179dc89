import assert from 'node:assert/strict';
import { test } from 'node:test';
import { euro, hold, requestOf, yen } from '../../tests/support/desk-events.ts';
import { type OpenedDesk, type OpenedOptions, openedDesk, plannedTarget } from '../../tests/support/opened-desk.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { PROTECTION_MS, VENUE_STOP_MS } from './protection-life.ts';
import type { Protection } from './state.ts';

/** A desk whose entry for 1000 euros with stop and target is at the venue, and that entry's id. */
function entering(options: OpenedOptions = {}): { readonly desk: OpenedDesk; readonly entry: string } {
  const once = slotModule('allocation', 'once', (value, { view }) =>
    view.counts.orders === 0 ? [plannedTarget(1_000)] : value,
  );
  const desk = openedDesk([once], options);
  desk.minute();
  const entry = desk.newest().clientOrderId;
  desk.accept(entry);
  return { desk, entry };
}

function protectionOf({ view }: OpenedDesk, instrument = euro): Protection | undefined {
  return view.protections[instrument];
}

/** An entry of the desk for so many euros with this bracket, filled whole. */
function enter(desk: OpenedDesk, clientOrderId: string, changes: Parameters<typeof requestOf>[0] = {}): void {
  desk.tell({ type: 'order.submitted', at: desk.at(), order: requestOf({ clientOrderId, ...changes }) });
  desk.fill(clientOrderId);
}

test("an entry's fill asks for its stop and target, from now on within five seconds", () => {
  const { desk, entry } = entering();
  desk.fill(entry, { quantity: 400 });
  assert.deepEqual(protectionOf(desk), {
    direction: 'long',
    stopPrice: 109_900,
    targetPrice: 110_300,
    strategy: 'test',
    deadlineAt: desk.at() + PROTECTION_MS,
    venueStopDueAt: null,
    refusals: 0,
    targetRefusals: 0,
    refusedAt: 0,
  });
});

test('where the venue keeps brackets, its own stop is waited for at first', () => {
  const { desk, entry } = entering({ hasNativeBrackets: true });
  desk.fill(entry);
  const { deadlineAt, venueStopDueAt } = protectionOf(desk) ?? {};
  assert.deepEqual([deadlineAt, venueStopDueAt], [desk.at() + PROTECTION_MS, desk.at() + VENUE_STOP_MS]);
});

test('the next part of a fill neither moves the deadline nor forgives a refusal', () => {
  const { desk, entry } = entering();
  desk.fill(entry, { quantity: 400 });
  const deadlineAt = desk.at() + PROTECTION_MS;
  const stop = [...desk.view.orders.values()].find(({ request }) => request.purpose === 'stopLoss');
  desk.reject(stop?.request.clientOrderId ?? '', 'MARGIN');
  desk.pass(4_000);
  desk.fill(entry, { quantity: 300 });
  assert.deepEqual([protectionOf(desk)?.deadlineAt, protectionOf(desk)?.refusals], [deadlineAt, 1]);
});

test('an entry that names no stop leaves the one that the position has', () => {
  const desk = openedDesk();
  enter(desk, 'first', { bracket: { stopPrice: 109_900, targetPrice: 110_300 } });
  enter(desk, 'added');
  const { stopPrice, targetPrice } = protectionOf(desk) ?? {};
  assert.deepEqual([stopPrice, targetPrice], [109_900, 110_300]);
  enter(desk, 'again', { bracket: { stopPrice: 109_950, targetPrice: null } });
  assert.deepEqual([protectionOf(desk)?.stopPrice, protectionOf(desk)?.targetPrice], [109_950, 110_300]);
});

test('an entry of a strategy without stops is left alone', () => {
  const desk = openedDesk();
  enter(desk, 'bare', { strategy: 'pulse' });
  const { stopPrice, deadlineAt, strategy } = protectionOf(desk) ?? {};
  assert.deepEqual([stopPrice, deadlineAt, strategy], [null, null, 'pulse']);
});

test('a position of other hands gets a stop two percent away on its losing side where stops are asked for', () => {
  const desk = openedDesk();
  desk.minute();
  hold(desk.fixture, { [euro]: 1_000, [yen]: -500 }, 120_000);
  // The euro's mid of 110005 lies below its entry of 120000; the yen's 150005 above.
  assert.equal(protectionOf(desk)?.stopPrice, 107_805);
  assert.equal(protectionOf(desk, yen)?.stopPrice, 153_005);
  assert.equal(protectionOf(desk)?.strategy, 'house');
});

test('a position of other hands has no stop where the strategy asks for none', () => {
  const desk = openedDesk([], { policies: { strategy: { bracketEnabled: false } } });
  desk.minute();
  hold(desk.fixture, { [euro]: 1_000 });
  assert.deepEqual([protectionOf(desk)?.stopPrice, protectionOf(desk)?.deadlineAt], [null, null]);
});

test('an order of other hands that fills opens a position of other hands', () => {
  const desk = openedDesk();
  desk.minute();
  const order = requestOf({ clientOrderId: 'by-hand', orderType: 'limit', limitPrice: 110_000 });
  desk.tell({ type: 'order.adopted', at: desk.at(), order, venueOrderId: '1', venueAt: desk.at(), reason: '' });
  desk.fill('by-hand');
  assert.deepEqual([protectionOf(desk)?.stopPrice, protectionOf(desk)?.strategy], [107_800, 'house']);
});

test('a stop and a target that a position came with are taken over', () => {
  const desk = openedDesk();
  desk.minute();
  const guard = { instrument: euro, side: 'sell', quantity: 1_000, isReduceOnly: true } as const;
  const orders = [
    requestOf({ ...guard, clientOrderId: 'their-stop', orderType: 'stop', stopPrice: 108_000, purpose: 'stopLoss' }),
    requestOf({
      ...guard,
      clientOrderId: 'their-target',
      orderType: 'limit',
      limitPrice: 119_000,
      purpose: 'takeProfit',
    }),
  ];
  for (const order of orders)
    desk.tell({ type: 'order.adopted', at: desk.at(), order, venueOrderId: '1', venueAt: desk.at(), reason: '' });
  hold(desk.fixture, { [euro]: 1_000 });
  const { stopPrice, targetPrice, deadlineAt } = protectionOf(desk) ?? {};
  assert.deepEqual([stopPrice, targetPrice, deadlineAt], [108_000, 119_000, null]);
});

test('a position that is turned has nothing of the old protection', () => {
  const desk = openedDesk();
  desk.minute();
  enter(desk, 'long', { bracket: { stopPrice: 109_900, targetPrice: 110_300 } });
  desk.fill('by-hand', { side: 'sell', quantity: 3_000, price: 110_000 });
  const { direction, stopPrice, targetPrice } = protectionOf(desk) ?? {};
  assert.deepEqual([desk.held(), direction, stopPrice, targetPrice], [-2_000, 'short', 112_205, null]);
});

test('a flat position needs no protection', () => {
  const { desk, entry } = entering();
  desk.fill(entry);
  hold(desk.fixture, {});
  assert.deepEqual(desk.view.protections, {});
});

test('a refusal is forgiven after a minute in which a stop has stood', () => {
  const { desk, entry } = entering();
  desk.fill(entry);
  const stopId = () =>
    [...desk.view.orders.values()].findLast(({ request }) => request.purpose === 'stopLoss')?.request.clientOrderId ??
    '';
  desk.reject(stopId(), 'MARGIN');
  desk.reject(stopId(), 'MARGIN');
  desk.accept(stopId());
  assert.deepEqual([protectionOf(desk)?.refusals, protectionOf(desk)?.deadlineAt], [2, null]);
  desk.fixture.tick(59_999);
  assert.equal(protectionOf(desk)?.refusals, 2);
  desk.fixture.tick(1);
  assert.equal(protectionOf(desk)?.refusals, 0);
});

test('an end that is told twice, or that was asked for, is no refusal', () => {
  const { desk, entry } = entering();
  desk.fill(entry);
  const stop = [...desk.view.orders.values()].findLast(({ request }) => request.purpose === 'stopLoss');
  const id = stop?.request.clientOrderId ?? '';
  desk.cancel(id);
  desk.cancel(id);
  assert.equal(protectionOf(desk)?.refusals, 1);
  const next = [...desk.view.orders.values()].findLast(({ request }) => request.purpose === 'stopLoss');
  const nextId = next?.request.clientOrderId ?? '';
  desk.accept(nextId);
  desk.tell({ type: 'order.cancelRequested', at: desk.at(), clientOrderId: nextId, reason: 'by a test' });
  desk.cancel(nextId);
  assert.equal(protectionOf(desk)?.refusals, 1);
});

test('a deadline that has come follows itself while nothing stands', () => {
  const { desk, entry } = entering();
  desk.fill(entry);
  desk.pass(PROTECTION_MS);
  assert.equal(protectionOf(desk)?.deadlineAt, desk.at() + PROTECTION_MS);
});

test('a stop or target that is moved is the one that is asked for from then on', () => {
  const { desk, entry } = entering();
  desk.fill(entry);
  const idOf = (purpose: string) =>
    [...desk.view.orders.values()].find(({ request }) => request.purpose === purpose)?.request.clientOrderId ?? '';
  const move = (clientOrderId: string, stopPrice: number | null, limitPrice: number | null) =>
    desk.tell({ type: 'order.amendRequested', at: desk.at(), clientOrderId, stopPrice, limitPrice, reason: 'trail' });
  move(idOf('stopLoss'), 109_950, null);
  move(idOf('takeProfit'), null, 110_400);
  move('stranger', 1, 1);
  assert.deepEqual([protectionOf(desk)?.stopPrice, protectionOf(desk)?.targetPrice], [109_950, 110_400]);
});

test('in a simulated run nothing is protected by the desk', () => {
  const desk = openedDesk();
  desk.fixture.engine.state.venue = null;
  enter(desk, 'entry', { bracket: { stopPrice: 109_900, targetPrice: null } });
  assert.deepEqual(desk.view.protections, {});
});

test('what fell due while the desk was away has its time anew once its books are compared', () => {
  const { desk, entry } = entering();
  desk.fill(entry);
  const { fixture } = desk;
  desk.tell({ type: 'venue.impaired', at: desk.at(), part: 'opening', instrument: null, reason: 'a start' });
  fixture.at += 60_000;
  hold(fixture, { [euro]: 1_000 });
  assert.equal(protectionOf(desk)?.deadlineAt, desk.at() + PROTECTION_MS);
  const restored = { type: 'venue.restored', at: desk.at(), part: 'opening', instrument: null } as const;
  desk.tell(restored);
  fixture.at += 1_000;
  hold(fixture, { [euro]: 1_000 });
  assert.equal(protectionOf(desk)?.deadlineAt, restored.at + PROTECTION_MS);
});
