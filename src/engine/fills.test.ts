import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EventByType } from '#domain/events.ts';
import { signOf } from '#domain/order.ts';
import { euro, fillOf, hold, ofType, requestOf, unitMoney, yen } from '../../tests/support/desk-events.ts';
import { createDeskFixture, type DeskFixture } from '../../tests/support/desk-fixture.ts';
import { cooldownKey } from './fills.ts';

type Fill = EventByType['order.filled'];

/** A desk that has sent one order `o1` of the strategy `pulse`. */
function desk(): DeskFixture {
  const fixture = createDeskFixture([]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  fixture.send({ type: 'order.submitted', at: fixture.at, order: requestOf({ strategy: 'pulse', reason: 'entered' }) });
  return fixture;
}

let fills = 0;
/** Steps a fill of an order of its own unless it is named; every fill has an id of its own. */
function fill(fixture: DeskFixture, changes: Partial<Fill> = {}): EventByType['roundTrip.closed'] | undefined {
  fills += 1;
  const produced = fixture.send(fillOf(fixture.at, { clientOrderId: 'other', fillId: `fill-${fills}`, ...changes }));
  return ofType(produced, 'roundTrip.closed')[0];
}

test('a fill moves the position, the account and the counts', () => {
  const fixture = desk();
  fill(fixture, { clientOrderId: 'o1', fee: 30, spreadCost: 50, realizedPnl: 0, balance: 99_999 * unitMoney });
  const { state } = fixture.engine;
  assert.deepEqual(state.positions[euro], {
    instrument: euro,
    signedQuantity: 1_000,
    cost: 110_000_000,
    openedAt: fixture.at,
    increasedAt: fixture.at,
    strategy: 'pulse',
  });
  assert.equal(state.account.balance, 99_999 * unitMoney);
  assert.deepEqual([state.account.fees, state.account.spreadCost, state.counts.fills], [30, 50, 1]);
  assert.equal(state.orders.get('o1')?.state, 'filled');
});

test('the same fill once more changes nothing', () => {
  const fixture = desk();
  const event = fillOf(fixture.at, { fee: 30 });
  fixture.send(event);
  const before = structuredClone({ ...fixture.engine.state, sequence: 0, hash: null });
  fixture.send(event);
  assert.deepEqual({ ...fixture.engine.state, sequence: 0, hash: null }, before);
});

test('a fill of an order that is not ours moves the position all the same', () => {
  const fixture = desk();
  fill(fixture, { side: 'sell', quantity: 700 });
  const position = fixture.engine.state.positions[euro];
  assert.deepEqual([position?.signedQuantity, position?.strategy], [-700, 'external']);
});

test("a fill of an instrument that is not listed is kept apart from the desk's own", () => {
  const fixture = desk();
  fill(fixture, { instrument: 'GBPUSD.OANDA' });
  assert.equal(fixture.engine.state.positions['GBPUSD.OANDA']?.signedQuantity, 1_000);
  assert.deepEqual(fixture.engine.state.instrumentIds, [euro, yen]);
});

test("entry and exit fills start the cooldowns of the position's strategy", () => {
  const fixture = desk();
  const entryAt = fixture.at;
  fill(fixture, { clientOrderId: 'o1' });
  const key = cooldownKey('pulse', euro);
  assert.equal(key, `pulse ${euro}`);
  assert.deepEqual(fixture.engine.state.cooldowns, { [key]: { entryAt, exitAt: 0 } });
  fixture.tick();
  fill(fixture, { side: 'sell', quantity: 400 });
  assert.deepEqual(fixture.engine.state.cooldowns, { [key]: { entryAt, exitAt: fixture.at } });
});

test('a round trip is told when the position is flat, with the averages of its fills', () => {
  const fixture = desk();
  const openedAt = fixture.at;
  fill(fixture, { clientOrderId: 'o1', quantity: 600, price: 110_000, fee: 6, spreadCost: 60 });
  fixture.tick();
  fill(fixture, { quantity: 400, price: 110_050, fee: 4, spreadCost: 40 });
  fixture.send({
    type: 'financing.charged',
    at: fixture.at,
    instrument: euro,
    amount: -7,
    days: 1,
    balance: 100_000 * unitMoney,
  });
  assert.equal(fill(fixture, { side: 'sell', quantity: 300, price: 110_100, realizedPnl: 240, fee: 3 }), undefined);
  const exit = requestOf({ clientOrderId: 'exit', side: 'sell', quantity: 700, purpose: 'exit', reason: 'slope' });
  fixture.send({ type: 'order.submitted', at: fixture.at, order: exit });
  const trip = fill(fixture, {
    clientOrderId: 'exit',
    side: 'sell',
    quantity: 700,
    price: 109_900,
    realizedPnl: -840,
    fee: 7,
    spreadCost: 70,
  });
  assert.deepEqual(trip, {
    type: 'roundTrip.closed',
    at: fixture.at,
    instrument: euro,
    direction: 'long',
    openedAt,
    quantity: 1_000,
    entryPrice: 110_020,
    exitPrice: 109_960,
    realizedPnl: -600,
    fees: 20,
    financing: -7,
    spreadCost: 170,
    maximumAdverse: -600,
    maximumFavorable: 0,
    reason: 'slope',
  });
  assert.equal(fixture.engine.state.counts.roundTrips, 1);
  assert.deepEqual(fixture.engine.state.trips, {});
});

test('a fill through zero ends one trip and begins the next with its own share of the costs', () => {
  const fixture = desk();
  fill(fixture, { clientOrderId: 'o1', quantity: 1_000, price: 110_000, fee: 10 });
  fixture.tick();
  const flip = {
    side: 'sell',
    quantity: 4_000,
    price: 110_100,
    realizedPnl: 1_000_000,
    fee: 40,
    spreadCost: 400,
  } as const;
  const first = fill(fixture, flip);
  assert.deepEqual(
    [first?.direction, first?.quantity, first?.fees, first?.spreadCost, first?.realizedPnl, first?.reason],
    ['long', 1_000, 20, 100, 1_000_000, 'external'],
  );
  assert.equal(fixture.engine.state.positions[euro]?.signedQuantity, -3_000);
  const openedAt = fixture.at;
  fixture.tick();
  const second = fill(fixture, { side: 'buy', quantity: 3_000, price: 110_000, realizedPnl: 3_000_000, fee: 0 });
  assert.deepEqual(
    [second?.direction, second?.quantity, second?.fees, second?.spreadCost, second?.entryPrice, second?.openedAt],
    ['short', 3_000, 30, 300, 110_100, openedAt],
  );
});

test('bars mark how far a trip went against and in favour', () => {
  const fixture = desk();
  fill(fixture, { clientOrderId: 'o1', price: 110_000 });
  fixture.tick();
  fixture.bar('EUR_USD', 110_000, { low: 109_700, high: 110_200 });
  fixture.tick(60_000);
  fixture.bar('EUR_USD', 110_000, { low: 109_800, high: 110_400 });
  // A thousand units make a cent of each tick.
  const trip = fixture.engine.state.trips[euro];
  assert.deepEqual([trip?.maximumAdverse, trip?.maximumFavorable], [-3 * unitMoney, 4 * unitMoney]);
});

test('a short is marked the other way round, what it has realised included', () => {
  const fixture = desk();
  fill(fixture, { side: 'sell', quantity: 2_000, price: 110_000 });
  fill(fixture, { side: 'buy', quantity: 1_000, price: 109_900, realizedPnl: 1 * unitMoney });
  fixture.tick();
  fixture.bar('EUR_USD', 110_000, { low: 109_900, high: 110_300 });
  const trip = fixture.engine.state.trips[euro];
  assert.deepEqual([trip?.maximumAdverse, trip?.maximumFavorable], [-2 * unitMoney, 2 * unitMoney]);
});

test('the exit itself is part of how far a trip went', () => {
  const fixture = desk();
  fill(fixture, { clientOrderId: 'o1', price: 110_000 });
  const trip = fill(fixture, { side: 'sell', price: 109_500, realizedPnl: -5 * unitMoney });
  assert.deepEqual([trip?.maximumAdverse, trip?.maximumFavorable], [-5 * unitMoney, 0]);
});

test("a trip that the venue's books have ended is not told", () => {
  const fixture = desk();
  fill(fixture, { clientOrderId: 'o1' });
  hold(fixture, {});
  assert.deepEqual(fixture.engine.state.trips, {});
  fill(fixture, { side: 'sell', quantity: 500 });
  assert.equal(fill(fixture, { side: 'buy', quantity: 500 })?.direction, 'short');
  assert.equal(fixture.engine.state.counts.roundTrips, 1);
});

test('financing belongs to the running trip of its instrument and to the account', () => {
  const fixture = desk();
  fill(fixture, { clientOrderId: 'o1' });
  const charge = (instrument: string, amount: number): void =>
    void fixture.send({ type: 'financing.charged', at: fixture.at, instrument, amount, days: 1, balance: 5 });
  charge(euro, -3);
  charge(yen, 8);
  const { state } = fixture.engine;
  assert.deepEqual([state.account.financing, state.account.balance, state.trips[euro]?.financing], [5, 5, -3]);
});

test('a position is the sum of its fills, each counted once, however often it is told', () => {
  const one = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 5_000 }),
    price: fc.integer({ min: 100_000, max: 120_000 }),
    repeats: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 20 }), (list) => {
      const fixture = desk();
      let expected = 0;
      let closed = 0;
      list.forEach(({ side, quantity, price, repeats }, index) => {
        const before = expected;
        expected += signOf(side) * quantity;
        if (before !== 0 && before * expected <= 0) closed += 1;
        const event = fillOf(fixture.at, { clientOrderId: 'x', fillId: `${index}`, side, quantity, price });
        for (let count = 0; count < repeats; count += 1) fixture.send(event);
      });
      const { state } = fixture.engine;
      assert.equal(state.positions[euro]?.signedQuantity, expected);
      assert.equal(state.counts.roundTrips, closed);
      assert.equal(state.trips[euro] === undefined, expected === 0);
      assert.equal(state.counts.fills, list.length);
    }),
    { numRuns: 60 },
  );
});
