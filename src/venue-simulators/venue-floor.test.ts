import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVenueState } from '#sim/venue-state.ts';
import { barAt, floorStartAt, openFloor, toldFeed } from '../../tests/support/floor-scene.ts';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { brief, eurUsd, orderRequest, plainCosts, venueRequest } from '../../tests/support/venue-scene.ts';
import { VenueFloor } from './venue-floor.ts';

const minuteMs = 60_000;

function quoteAt(at: number, bidPrice: number): Parameters<ReturnType<typeof toldFeed>['add']>[0] {
  return { type: 'quote.updated', at, instrument: eurUsd, bidPrice, askPrice: bidPrice + 10 };
}

test('an order at the market has filled when it was sent, at the price that stands', () => {
  const { floor, venueEvents } = openFloor();
  floor.quote(eurUsd, 110_000, 110_010);
  floor.send({ type: 'order.submitted', at: 0, order: orderRequest() });
  assert.deepEqual(brief(venueEvents), ['o1 accepted', 'o1 filled buy 1000 at 110010']);
  assert.equal(venueEvents[1]?.at, floorStartAt);
  assert.deepEqual(floor.ledger(), {
    balance: 100_000_0000,
    positions: [{ instrument: eurUsd, signedQuantity: 1_000, cost: 110_010_000 }],
    openOrders: [],
  });
});

test('a working order fills by the market that goes on with the clock', async () => {
  const { floor, feed, clock, venueEvents, marketEvents } = openFloor();
  floor.quote(eurUsd, 110_000, 110_010);
  const limit = { orderType: 'limit', limitPrice: 109_990 } as const;
  floor.send({ type: 'order.submitted', at: 0, order: orderRequest(limit) });
  assert.deepEqual(floor.ledger().openOrders, [
    {
      clientOrderId: 'o1',
      instrument: eurUsd,
      side: 'buy',
      orderType: 'limit',
      remainingQuantity: 1_000,
      limitPrice: 109_990,
      stopPrice: null,
    },
  ]);
  feed.add(quoteAt(floorStartAt + 5_000, 109_990), quoteAt(floorStartAt + 9_000, 109_970));
  floor.stop();
  floor.start();
  await clock.pass(8_000);
  assert.equal(venueEvents.length, 1);
  await clock.pass(1_000);
  assert.deepEqual(brief(venueEvents).at(-1), 'o1 filled buy 1000 at 109980');
  assert.equal(marketEvents.length, 3);
});

test('an order that expires does so without a price, on a clock of its own', async () => {
  const { floor, clock, venueEvents } = openFloor();
  floor.quote(eurUsd, 110_000, 110_010);
  const expiresAt = floorStartAt + 30 * minuteMs;
  const order = orderRequest({ orderType: 'limit', limitPrice: 1, timeInForce: 'goodTillTime', expiresAt });
  floor.send({ type: 'order.submitted', at: 0, order });
  await clock.pass(61 * minuteMs);
  assert.equal(venueEvents.at(-1)?.type, 'order.expired');
  assert.equal(venueEvents.at(-1)?.at, expiresAt);
});

test('what a listener sends acts after everybody has heard of what it answers', () => {
  const { floor } = openFloor();
  const heard: string[] = [];
  floor.quote(eurUsd, 110_000, 110_010);
  floor.listen({
    onVenue: (event) => {
      heard.push(`first ${event.type}`);
      if (event.type !== 'order.filled' || event.clientOrderId !== 'o1') return;
      floor.send({ type: 'order.submitted', at: 0, order: orderRequest({ clientOrderId: 'o2', side: 'sell' }) });
    },
  });
  floor.listen({ onVenue: (event) => heard.push(`second ${event.type}`) });
  floor.send({ type: 'order.submitted', at: 0, order: orderRequest() });
  assert.deepEqual(heard.slice(0, 6), [
    'first order.accepted',
    'second order.accepted',
    'first order.filled',
    'second order.filled',
    'first order.accepted',
    'second order.accepted',
  ]);
  assert.deepEqual(floor.ledger().positions, []);
});

test('the past is kept and told to nobody', () => {
  const clock = new HandClock(floorStartAt);
  const feed = toldFeed();
  for (const minute of [3, 2, 1])
    feed.add(barAt(floorStartAt - minute * minuteMs, [110_000, 110_020, 109_990, 110_010]));
  const floor = new VenueFloor({ time: clock, state: createVenueState(venueRequest()), feed });
  floor.listen({ onMarket: () => assert.fail('told') });
  floor.start();
  assert.equal(floor.history(eurUsd, 0, floorStartAt).length, 3);
  assert.deepEqual([floor.book(eurUsd)?.bidPrice, floor.book(eurUsd)?.askPrice], [110_010, 110_020]);
});

test('the running minute is a bar of the quotes seen, and so is the bar that closes it', async () => {
  const { floor, feed, clock, marketEvents } = openFloor();
  feed.add(quoteAt(floorStartAt + 15_000, 110_000), quoteAt(floorStartAt + 45_000, 110_006));
  feed.add(barAt(floorStartAt, [110_000, 110_050, 109_900, 110_006]));
  floor.stop();
  floor.start();
  await clock.pass(50_000);
  assert.deepEqual(floor.openBar(eurUsd), {
    instrument: eurUsd,
    openAt: floorStartAt,
    open: 110_000,
    high: 110_006,
    low: 110_000,
    close: 110_006,
    volume: 2,
    spread: 10,
  });
  await clock.pass(10_000);
  assert.equal(floor.openBar(eurUsd), undefined);
  const closed = marketEvents.at(-1);
  assert.ok(closed?.type === 'bar.closed');
  assert.deepEqual([closed.high, closed.low, closed.volume], [110_006, 110_000, 40]);
  assert.deepEqual(
    floor.history(eurUsd, 0, Infinity).map(({ high }) => high),
    [110_006],
  );
});

test('a halted instrument shows no price and takes no order until it is resumed', async () => {
  const { floor, feed, clock, venueEvents, marketEvents } = openFloor();
  floor.quote(eurUsd, 110_000, 110_010);
  floor.halt(eurUsd);
  feed.add(quoteAt(floorStartAt + 1_000, 100_000));
  floor.settle();
  await clock.pass(2_000);
  floor.settle();
  floor.send({ type: 'order.submitted', at: 0, order: orderRequest() });
  assert.deepEqual(brief(venueEvents), ['o1 rejected MARKET_HALTED']);
  assert.equal(marketEvents.length, 1);
  assert.ok(floor.isHalted(eurUsd));
  floor.resume(eurUsd);
  floor.send({ type: 'order.submitted', at: 0, order: orderRequest({ clientOrderId: 'o2' }) });
  assert.equal(brief(venueEvents).at(-1), 'o2 filled buy 1000 at 110010');
});

test('a gap moves the whole market for good and a quote of our own only once', async () => {
  const { floor, feed, clock } = openFloor();
  floor.quote(eurUsd, 110_000, 110_010);
  floor.gap(eurUsd, -2_000);
  assert.deepEqual([floor.book(eurUsd)?.bidPrice, floor.book(eurUsd)?.askPrice], [108_000, 108_010]);
  feed.add(quoteAt(floorStartAt + 1_000, 110_005));
  await clock.pass(1_000);
  floor.settle();
  assert.equal(floor.book(eurUsd)?.bidPrice, 108_005);
  floor.gap(eurUsd, -10_000_000);
  assert.equal(floor.book(eurUsd)?.bidPrice, 1);
});

test('a stop pays for a gap', () => {
  const { floor, venueEvents } = openFloor();
  floor.quote(eurUsd, 110_000, 110_010);
  floor.send({ type: 'order.submitted', at: 0, order: orderRequest() });
  const stop = orderRequest({
    clientOrderId: 'o2',
    side: 'sell',
    orderType: 'stop',
    stopPrice: 109_900,
    isReduceOnly: true,
  });
  floor.send({ type: 'order.submitted', at: 0, order: stop });
  floor.gap(eurUsd, -2_000);
  assert.equal(brief(venueEvents).at(-1), 'o2 filled sell 1000 at 108000');
});

test('another client, a liquidation, a charge and a transfer all reach the ledger', () => {
  const { floor, venueEvents } = openFloor();
  floor.quote(eurUsd, 110_000, 110_010);
  floor.externalOrder({ clientOrderId: 'x1', instrument: eurUsd, side: 'sell', quantity: 500 });
  floor.externalOrder({
    clientOrderId: 'x2',
    instrument: eurUsd,
    side: 'sell',
    quantity: 500,
    orderType: 'limit',
    price: 120_000,
  });
  floor.liquidate(eurUsd, 'autoclose-1');
  assert.deepEqual(brief(venueEvents), [
    'x1 accepted',
    'x1 filled sell 500 at 110000',
    'x2 accepted',
    'x2 canceled LIQUIDATION',
    'autoclose-1 accepted',
    'autoclose-1 filled buy 500 at 110010',
  ]);
  floor.charge({ instrument: eurUsd, amount: -2_5000, days: 1 });
  assert.equal(venueEvents.at(-1)?.type, 'financing.charged');
  floor.transfer(10_0000);
  assert.deepEqual(floor.ledger(), { balance: 100_000_0000 - 500 - 2_5000 + 10_0000, positions: [], openOrders: [] });
  floor.liquidate(eurUsd, 'autoclose-2');
  assert.throws(() => floor.transfer(0.5), /found '0.5'/);
});

test('an instrument may be counted otherwise while decimals stay', () => {
  const { floor, venueEvents } = openFloor();
  floor.quote(eurUsd, 110_000, 110_010);
  const listed = floor.book(eurUsd)?.instrument;
  assert.ok(listed !== undefined);
  floor.setInstrument({ ...listed, minimumQuantity: 5_000 });
  floor.send({ type: 'order.submitted', at: 0, order: orderRequest() });
  assert.deepEqual(brief(venueEvents), ['o1 rejected INVALID_QUANTITY']);
  assert.throws(() => floor.setInstrument({ ...listed, priceDecimals: 4 }), /keeps its 5 price decimals/);
});

test('a working order may be given another quantity', () => {
  const { floor, venueEvents } = openFloor();
  floor.quote(eurUsd, 110_000, 110_010);
  floor.externalOrder({
    clientOrderId: 'x1',
    instrument: eurUsd,
    side: 'buy',
    quantity: 500,
    orderType: 'limit',
    price: 100_000,
  });
  floor.resize('x1', 300);
  assert.equal(floor.ledger().openOrders[0]?.remainingQuantity, 300);
  assert.equal(venueEvents.at(-1)?.type, 'order.amended');
  floor.resize('unknown', 300);
});

test('a floor whose commands take time, or that is started twice, is our own mistake', () => {
  const state = createVenueState(venueRequest({ costs: { ...plainCosts, latencyMs: 250 } }));
  assert.throws(() => new VenueFloor({ time: new HandClock(), state, feed: toldFeed() }), /found a latency of '250'/);
  const { floor } = openFloor();
  assert.throws(() => floor.start(), /started once/);
});
