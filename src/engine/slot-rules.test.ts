import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderPlan, PlannedSignal, PositionChange, ProtectionAction, Signal } from '#domain/pipeline.ts';
import { childOf, euro, hold, requestOf, signalOf, targetOf, yen } from '../../tests/support/desk-events.ts';
import { createDeskFixture, type DeskFixture } from '../../tests/support/desk-fixture.ts';
import { ruleBroken } from './slot-rules.ts';

/** EUR_USD at 1.10000 / 1.10010; long 1000 of it, flat in USD_JPY. */
function holding(quantity = 1_000): DeskFixture {
  const fixture = createDeskFixture([]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  hold(fixture, { [euro]: quantity });
  return fixture;
}

const view = holding().engine.state;

test('the very same value breaks no rule', () => {
  const value = [signalOf('NOBODY')];
  assert.equal(ruleBroken('signal', value, value, view), undefined);
});

test('no slot takes more than 4096 subjects', () => {
  const many = Array.from({ length: 4_097 }, () => euro);
  assert.match(ruleBroken('universe', [euro], many, view) ?? '', /at most 4096 values, found 4097/);
  assert.equal(ruleBroken('universe', [euro], many.slice(1), view), undefined);
});

test('a universe may be cut and reordered, never widened', () => {
  assert.equal(ruleBroken('universe', [euro, yen], [yen, euro], view), undefined);
  assert.equal(ruleBroken('universe', [euro, yen], [], view), undefined);
  assert.match(ruleBroken('universe', [euro], [yen], view) ?? '', /'USDJPY.OANDA' is not in the universe/);
});

test('a forecaster adds after what others said and changes none of it', () => {
  const first = { instrument: euro, model: 'a', probabilityUp: 0.6, horizonBars: 12 };
  const second = { ...first, model: 'b' };
  assert.equal(ruleBroken('forecast', [first], [first, second], view), undefined);
  assert.match(ruleBroken('forecast', [first], [second], view) ?? '', /only adds/);
  assert.match(ruleBroken('forecast', [first], [], view) ?? '', /only adds/);
  assert.match(ruleBroken('forecast', [first], [{ ...first, probabilityUp: 0.7 }, second], view) ?? '', /only adds/);
});

test('a strategy signals a listed instrument once', () => {
  assert.equal(ruleBroken('signal', [], [signalOf(euro), { ...signalOf(euro), strategy: 'other' }], view), undefined);
  assert.match(ruleBroken('signal', [], [signalOf('GBPUSD.OANDA')], view) ?? '', /not in the universe/);
  assert.match(ruleBroken('signal', [], [signalOf(euro), signalOf(euro, 'short')], view) ?? '', /stands twice/);
});

test('a gate drops and lowers, and neither raises nor adds nor turns around', () => {
  const before = [signalOf(euro), signalOf(yen)];
  const cases: [Partial<Signal>, RegExp | undefined][] = [
    [{}, undefined],
    [{ confidence: 0.4, sizeFraction: 0.5 }, undefined],
    [{ confidence: 0.51 }, /was raised/],
    [{ sizeFraction: 1.1 }, /was raised/],
    [{ confidence: Number.NaN }, /was raised/],
    [{ direction: 'short' }, /is new/],
    [{ strategy: 'other' }, /is new/],
    [{ instrument: 'GBPUSD.OANDA' }, /is new/],
  ];
  for (const [change, expected] of cases) {
    const broken = ruleBroken('gate', before, [{ ...signalOf(euro), ...change }], view);
    if (expected === undefined) assert.equal(broken, undefined);
    else assert.match(broken ?? '', expected, JSON.stringify(change));
  }
  assert.equal(ruleBroken('gate', before, [], view), undefined);
});

/** A long signal with a plan; the market closes a long at 1.10000 and a short at 1.10010. */
function planned(stopPrice: number | null, targetPrice: number | null, changes: Partial<Signal> = {}): PlannedSignal {
  return { ...signalOf(euro), ...changes, plan: { stopPrice, targetPrice, leverage: null } };
}

test('a stop lies on the losing side of the price at which a position is closed, a target on the winning side', () => {
  const short: Partial<Signal> = { direction: 'short' };
  const cases: [PlannedSignal, RegExp | undefined][] = [
    [planned(109_999, 110_001), undefined],
    [planned(null, null), undefined],
    [planned(110_000, null), /stop .* wrong side/],
    [planned(null, 110_000), /target .* wrong side/],
    [planned(0, null), /stop .* wrong side/],
    [planned(109_999.5, null), /stop .* wrong side/],
    [planned(Number.NaN, null), /stop .* wrong side/],
    [planned(null, Number.POSITIVE_INFINITY), /target .* wrong side/],
    [planned(110_011, 110_009, short), undefined],
    [planned(110_010, null, short), /stop .* wrong side/],
    [planned(null, 110_010, short), /target .* wrong side/],
    [planned(null, -5, short), /target .* wrong side/],
  ];
  for (const [after, expected] of cases) {
    const before = [planned(null, null, { direction: after.direction })];
    const broken = ruleBroken('plan', before, [after], view);
    if (expected === undefined) assert.equal(broken, undefined, JSON.stringify(after.plan));
    else assert.match(broken ?? '', expected, JSON.stringify(after.plan));
  }
});

test('a plan cannot bring back what a gate has dropped', () => {
  assert.match(ruleBroken('plan', [], [planned(109_000, null)], view) ?? '', /is new/);
  const unlisted = planned(null, null, { instrument: 'GBPUSD.OANDA' });
  assert.match(ruleBroken('plan', [unlisted], [{ ...unlisted }], view) ?? '', /has no market/);
  assert.match(
    ruleBroken('plan', [planned(null, null)], [planned(null, null, { sizeFraction: 2 })], view) ?? '',
    /raised/,
  );
});

test('an allocation has one whole target for an instrument that is listed', () => {
  assert.equal(ruleBroken('allocation', [], [targetOf(euro, 5), targetOf(yen, -5)], view), undefined);
  assert.match(ruleBroken('allocation', [], [targetOf(euro, 5), targetOf(euro, 6)], view) ?? '', /stands twice/);
  assert.match(ruleBroken('allocation', [], [targetOf('GBPUSD.OANDA', 5)], view) ?? '', /not in the universe/);
  for (const quantity of [0.5, Number.NaN, Number.POSITIVE_INFINITY])
    assert.match(ruleBroken('allocation', [], [targetOf(euro, quantity)], view) ?? '', /broken quantity/);
});

test('risk shrinks toward zero or keeps what is held', () => {
  const cases: [number, number, RegExp | undefined][] = [
    [2_000, 1_500, undefined],
    [2_000, 0, undefined],
    [2_000, 1_000, undefined],
    [-500, 1_000, undefined],
    [2_000, 2_001, /grew/],
    [2_000, -1, /grew/],
    [500, 700, /grew/],
    [2_000, 1_500.5, /broken quantity/],
    [2_000, Number.NaN, /grew/],
  ];
  for (const [before, after, expected] of cases) {
    const broken = ruleBroken('risk', [targetOf(euro, before)], [targetOf(euro, after)], view);
    if (expected === undefined) assert.equal(broken, undefined, `${before} to ${after}`);
    else assert.match(broken ?? '', expected, `${before} to ${after}`);
  }
  assert.match(ruleBroken('risk', [targetOf(euro, 5)], [targetOf(yen, 1)], view) ?? '', /is new/);
  assert.equal(ruleBroken('risk', [targetOf(euro, 5)], [], view), undefined);
});

test('risk cannot double a target by naming it twice', () => {
  const before = [targetOf(euro, 2_000)];
  assert.match(ruleBroken('risk', before, [targetOf(euro, 2_000), targetOf(euro, 2_000)], view) ?? '', /stands twice/);
});

test('execution splits and reprices, and leaves the net quantity as it was', () => {
  const plan: OrderPlan = requestOf({ quantity: 1_000 });
  const part = (quantity: number, side: 'buy' | 'sell' = 'buy'): OrderPlan => ({ ...plan, quantity, side });
  assert.equal(ruleBroken('execution', [plan], [part(400), part(600)], view), undefined);
  assert.match(ruleBroken('execution', [plan], [part(1_001)], view) ?? '', /net quantity of 'EURUSD.OANDA' by -1/);
  assert.match(ruleBroken('execution', [plan], [], view) ?? '', /by 1000/);
  assert.match(ruleBroken('execution', [plan], [part(1_000, 'sell')], view) ?? '', /by 2000/);
  assert.match(ruleBroken('execution', [], [part(1)], view) ?? '', /by -1/);
});

function changes(change: PositionChange, fixture = holding()): string | undefined {
  return ruleBroken('position', [], [change], fixture.engine.state);
}

test('a position is reduced by one up to all of it and added to by whole steps', () => {
  const reduce = (quantity: number): PositionChange => ({ type: 'reduce', instrument: euro, quantity, reason: '' });
  assert.equal(changes(reduce(1)), undefined);
  assert.equal(changes(reduce(1_000)), undefined);
  for (const quantity of [0, -1, 1_001, 0.5, Number.NaN]) assert.match(changes(reduce(quantity)) ?? '', /1 to 1000/);
  const add = (quantity: number): PositionChange => ({ type: 'add', instrument: euro, quantity, reason: '' });
  assert.equal(changes(add(1)), undefined);
  for (const quantity of [0, -1, 0.5, Number.POSITIVE_INFINITY]) assert.match(changes(add(quantity)) ?? '', /positive/);
  assert.match(changes({ type: 'add', instrument: yen, quantity: 1, reason: '' }) ?? '', /no position/);
});

test('a target may move to any price there is', () => {
  const move = (targetPrice: number): PositionChange => ({
    type: 'moveTarget',
    instrument: euro,
    targetPrice,
    reason: '',
  });
  assert.equal(changes(move(1)), undefined);
  for (const price of [0, -1, 1.5, Number.NaN]) assert.match(changes(move(price)) ?? '', /positive price/);
});

test('a stop never moves away from the price', () => {
  const move = (stopPrice: number): PositionChange => ({ type: 'moveStop', instrument: euro, stopPrice, reason: '' });
  const long = holding();
  long.send(childOf('entry', long.at, { stopPrice: 109_900 }));
  assert.equal(changes(move(109_900), long), undefined);
  assert.equal(changes(move(109_901), long), undefined);
  assert.match(changes(move(109_899), long) ?? '', /only tighten/);
  assert.match(changes(move(Number.NaN), long) ?? '', /positive price/);
  const short = holding(-1_000);
  short.send(childOf('entry', short.at, { side: 'buy', stopPrice: 110_100 }));
  assert.equal(changes(move(110_100), short), undefined);
  assert.match(changes(move(110_101), short) ?? '', /only tighten/);
});

test('only the stops of the instrument itself bind', () => {
  const fixture = holding();
  fixture.send({ ...childOf('entry', fixture.at, { instrument: yen, stopPrice: 149_000 }), clientOrderId: 'yen-s' });
  const target = { purpose: 'takeProfit', stopPrice: null, limitPrice: 110_500 } as const;
  fixture.send({ ...childOf('entry', fixture.at, target), clientOrderId: 'entry-t' });
  assert.equal(changes({ type: 'moveStop', instrument: euro, stopPrice: 100, reason: '' }, fixture), undefined);
});

test('a stop that has ended binds no longer', () => {
  const fixture = holding();
  fixture.send(childOf('entry', fixture.at, { stopPrice: 109_900 }));
  fixture.send({ type: 'order.canceled', at: fixture.at, clientOrderId: 'entry-s', reason: '' });
  assert.equal(changes({ type: 'moveStop', instrument: euro, stopPrice: 109_000, reason: '' }, fixture), undefined);
});

test('protection reduces by no more than is held', () => {
  const reduce = (quantity: number, instrument = euro): readonly ProtectionAction[] => [
    { type: 'reduce', instrument, quantity, reason: '' },
  ];
  assert.equal(ruleBroken('protection', [], reduce(1_000), view), undefined);
  for (const quantity of [0, -1, 1_001, 0.5, Number.NaN])
    assert.match(ruleBroken('protection', [], reduce(quantity), view) ?? '', /may only reduce/);
  assert.match(ruleBroken('protection', [], reduce(1, yen), view) ?? '', /holds 0/);
  const others: readonly ProtectionAction[] = [
    { type: 'close', instrument: yen, reason: '' },
    { type: 'engageKill', instrument: null, reason: '' },
    { type: 'cancel', clientOrderId: 'o1', instrument: euro, reason: '' },
  ];
  assert.equal(ruleBroken('protection', [], others, view), undefined);
});

test('a directive ends after now', () => {
  const directive = (expiresAt: number) =>
    ({ type: 'directive', instrument: null, action: 'holdEntries', expiresAt, reason: '' }) as const;
  assert.equal(ruleBroken('supervision', [], [directive(view.at + 1)], view), undefined);
  assert.match(ruleBroken('supervision', [], [directive(view.at)], view) ?? '', /expires in the future/);
  const change = { type: 'changePolicy', instrument: null, key: 'limits/fx', changes: {}, reason: '' } as const;
  assert.equal(ruleBroken('supervision', [], [change], view), undefined);
});
