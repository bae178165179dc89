import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBinanceWire } from '../../support/binance-wire.ts';
import {
  act,
  asked,
  bitcoin,
  codesOf,
  denials,
  entries,
  ether,
  exitOrders,
  exits,
  filledOf,
  firstAt,
  heldBack,
  script,
  secondAt,
  stopsOf,
  until,
  wish,
  withDesk,
} from '../../support/faulty-binance.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { openScene } from '../../support/live-venue-scene.ts';
import { wantingAt } from '../../support/wanting-desk.ts';
import { sceneOver } from '../../support/wire-floor.ts';

test('F09: a fill that is told twice is booked once', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'duplicateFills', { count: 10 });
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(filledOf(desk, bitcoin), 100);
    await desk.want({ BTCUSDT: 0 });
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(desk.day.of('order.filled').length, 2);
  });
});

test('F09: fills that are told once more after a connection was lost are not booked again', async () => {
  const cut = { at: secondAt, fault: { type: 'disconnect', stream: '/private/' } } as const;
  await withDesk({ script: script(cut) }, async (desk) => {
    await desk.want({ BTCUSDT: 100, ETHUSDT: -200 });
    await until(desk, secondAt + 2_000);
    act(desk, 'replayFills', { count: 2 });
    await desk.day.pass(60_000);
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [100, -200]);
    assert.equal(desk.day.of('order.filled').length, 2);
  });
});

test('F10: a fill that is announced in short and told in full is one fill', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(desk.day.of('order.filled').length, 1);
  });
});

test('F10: a fill that is announced in short alone is asked for', async () => {
  const lost = {
    ...{ at: firstAt, times: 1 },
    fault: { type: 'drop', stream: '/private/', only: '"x":"TRADE"', count: 1 },
  } as const;
  await withDesk({ script: script(lost) }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 31_000);
    assert.equal(desk.held(bitcoin), 0);
    await until(desk, 37_000);
    assert.equal(desk.held(bitcoin), 100);
    assert.equal(desk.day.of('order.filled').length, 1);
  });
});

const byVenue = [
  ['liquidate', 'a liquidation', {}, 0],
  ['adl', 'a deleveraging of a part', { quantity: '0.040' }, 60],
  ['settle', 'a settlement', {}, 0],
] as const;

for (const [action, name, parameters, left] of byVenue) {
  test(`F11: the position follows ${name}, and entries wait until the books are compared`, async () => {
    await withDesk({}, async (desk) => {
      await desk.want({ BTCUSDT: 100 });
      wish(desk, {});
      act(desk, action, { symbol: 'BTCUSDT', ...parameters });
      await desk.day.pass(10);
      assert.equal(desk.held(bitcoin), left);
      assert.equal(desk.day.of('account.closedOut').length, action === 'liquidate' ? 1 : 0);
      assert.deepEqual(heldBack(desk), ['external', 'account']);
      await desk.day.pass(60_000);
      assert.equal(desk.held(bitcoin), left);
    });
  });
}

test('F11: an order of another hand at the market is followed, guarded and held against entries until the books agree', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'externalOrder', { symbol: 'ETHUSDT', side: 'BUY', quantity: '0.300' });
    await desk.day.pass(10);
    assert.equal(desk.held(ether), 300);
    assert.deepEqual(heldBack(desk), ['external', 'account']);
    await desk.day.pass(10_000);
    assert.equal(stopsOf(desk, ether)[0]?.request.quantity, 300);
  });
});

test('F11: an order of another hand that rests is taken into the books and left alone', async () => {
  await withDesk({}, async (desk) => {
    const bid = (desk.wire.floor.book(bitcoin)?.bidPrice ?? 0) / 100;
    act(desk, 'externalOrder', { symbol: 'BTCUSDT', side: 'BUY', quantity: '0.050', price: (bid * 0.9).toFixed(2) });
    await desk.want({ BTCUSDT: 100, ETHUSDT: 200 });
    assert.equal(desk.day.of('order.adopted').length, 1);
    assert.deepEqual([desk.held(bitcoin), desk.held(ether)], [0, 200], 'what it may come to counts already');
    assert.equal(asked(desk, 'DELETE', '/fapi/v1/order').length, 0);
    act(desk, 'externalCancel', { symbol: 'BTCUSDT', family: 'ordinary' });
    await desk.day.pass(120_000);
    assert.equal(desk.held(bitcoin), 100);
  });
});

test('F12: what is left of a fill that was cut short is closed, however small it is', async () => {
  await withDesk({ fillQuantityMax: 1 }, async (desk) => {
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 30_010);
    act(desk, 'partialFills', {});
    await until(desk, 133_100);
    assert.ok(desk.held(bitcoin) <= 100);
    await desk.want({ BTCUSDT: 0 });
    assert.equal(desk.held(bitcoin), 0);
    assert.ok(exits(desk).length <= 2);
  });
});

test('F12: a remainder below the least notional is closed by an order that only reduces, and is not tried for without end', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    act(desk, 'externalOrder', { symbol: 'BTCUSDT', side: 'SELL', quantity: '0.099', reduceOnly: true });
    await desk.day.pass(60_000);
    assert.equal(desk.held(bitcoin), 1);
    assert.deepEqual(
      stopsOf(desk, bitcoin).map(({ request }) => request.quantity),
      [1],
    );
    await desk.want({ BTCUSDT: 0 });
    assert.equal(desk.held(bitcoin), 0);
    assert.equal(exits(desk).length, 1);
  });
});

test('F14: what is filled beyond the order is booked, guarded and told, and keeps entries back until an operator has seen it', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'overfill', { count: 1, fraction: 0.1 });
    wish(desk, { BTCUSDT: 100 });
    await until(desk, 60_000);
    assert.equal(filledOf(desk, bitcoin), 110);
    assert.deepEqual(
      stopsOf(desk, bitcoin).map(({ request }) => request.quantity),
      [110],
    );
    assert.deepEqual(heldBack(desk), ['overfill']);
    assert.equal(desk.day.of('alert.raised').filter(({ name }) => name === 'order.overfilled').length, 1);
    assert.equal(desk.invariants.breaches.length, 1, 'the venue has broken what must hold');
    desk.invariants.breaches.length = 0;
    await desk.want({ BTCUSDT: 200 });
    assert.ok(desk.held(bitcoin) <= 110);
    desk.day.letTrade();
    await desk.want({ BTCUSDT: 200 });
    assert.equal(desk.held(bitcoin), 200);
  });
});

test('F15: an amendment by which the venue ends the order is its end, and is told once', async () => {
  const clock = new HandClock(wantingAt);
  const untilAt = wantingAt + 3_600_000;
  const wire = openBinanceWire({ clock, coins: ['BTC'], historyMs: 3_600_000, untilAt, quotesPerMinute: 12 });
  const port = wire.openPort();
  const scene = await openScene(
    sceneOver(wire.floor, {
      ...{ clock, port, symbols: ['BTCUSDT'], close: () => wire.close(), tradeByOtherHands: () => undefined },
    }),
  );
  try {
    const limitPrice = Math.round(scene.quote(bitcoin).bidPrice * 0.9);
    const resting = { orderType: 'limit', limitPrice, timeInForce: 'goodTillCancel' } as const;
    const clientOrderId = scene.send({ instrument: bitcoin, side: 'buy', quantity: 100, ...resting });
    await scene.pass(1_000);
    const [accepted] = scene.of('order.accepted', clientOrderId);
    const body = {
      ...{ orderId: accepted?.venueOrderId, clientOrderId, symbol: 'BTCUSDT', status: 'CANCELED', type: 'LIMIT' },
      ...{ side: 'BUY', price: (limitPrice / 100).toFixed(2), origQty: '0.100', executedQty: '0.000' },
      ...{ stopPrice: '0', reduceOnly: false, updateTime: clock.now() },
    };
    wire.venue.act('nextResponses', { status: 200, body, method: 'PUT', path: '/fapi/v1/order' });
    wire.venue.act('externalCancel', { symbol: 'BTCUSDT', family: 'ordinary' });
    const command = { type: 'order.amendRequested', clientOrderId, stopPrice: null } as const;
    port.send({ ...command, at: clock.now(), limitPrice: limitPrice + 100, reason: 'nearer' });
    await scene.pass(20_000);
    assert.equal(wire.requests.filter(({ method, path }) => method === 'PUT' && path === '/fapi/v1/order').length, 1);
    assert.equal(scene.of('order.canceled', clientOrderId).length, 1);
    assert.deepEqual(scene.of('order.amended', clientOrderId), []);
    assert.equal(scene.ledger().openOrders, 0);
  } finally {
    await scene.close();
  }
});

test('F16: of three orders of one decision each has an outcome of its own', async () => {
  const refused = {
    ...{ at: secondAt, times: 1 },
    match: { method: 'POST', path: '/fapi/v1/order\\?.*ETHUSDT' },
    fault: { type: 'answer', status: 400, body: '{"code":-2022,"msg":"ReduceOnly Order is rejected."}' },
  } as const;
  await withDesk({ script: script(refused), coins: ['BTC', 'ETH', 'SOL'] }, async (desk) => {
    await desk.want({ BTCUSDT: 100, ETHUSDT: 200, SOLUSDT: 3_000 });
    wish(desk, { BTCUSDT: 0, ETHUSDT: 0, SOLUSDT: 0 });
    await until(desk, 155_000);
    assert.deepEqual(codesOf(desk), ['-2022']);
    assert.deepEqual([desk.held(bitcoin), desk.held(ether), desk.held('SOLUSDT-PERP.BINANCE')], [0, 200, 0]);
    await until(desk, 240_000);
    assert.equal(desk.held(ether), 0);
  });
});

test('F17: a state that nobody knows is set aside and the order asked for', async () => {
  await withDesk({}, async (desk) => {
    act(desk, 'unknownStatus', { count: 2, status: 'SOMETHING_NEW' });
    await desk.want({ BTCUSDT: 100 });
    assert.equal(desk.held(bitcoin), 100);
    assert.ok(desk.day.of('message.quarantined').length >= 1);
    assert.ok(asked(desk, 'GET', '/fapi/v1/order').length >= 1);
    assert.equal(desk.day.of('order.filled').length, 1);
  });
});

test('F18: a reduction that the venue cuts down counts with what the venue took, and the rest follows', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    act(desk, 'reduceQuantity', { count: 1, fraction: 0.6 });
    wish(desk, { BTCUSDT: 0 });
    await until(desk, 151_000);
    assert.equal(desk.held(bitcoin), 40);
    const amended = desk.day.of('order.amended').filter(({ quantity }) => quantity === 60);
    assert.equal(amended.length, 1);
    assert.equal(desk.day.state.orders.get(exits(desk)[0]?.order.clientOrderId ?? '')?.state, 'filled');
    await until(desk, 240_000);
    assert.equal(desk.held(bitcoin), 0);
  });
});

test('F19: a reduction of a position that another hand has closed is refused and opens nothing', async () => {
  const deaf = { at: secondAt, for: 10_000, fault: { type: 'stall', stream: '/private/' } } as const;
  await withDesk({ script: script(deaf) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, { BTCUSDT: 0 });
    await until(desk, 149_900);
    act(desk, 'closeElsewhere', { symbol: 'BTCUSDT' });
    await until(desk, 151_000);
    assert.equal(exits(desk).length, 1);
    assert.ok(codesOf(desk).includes('-2022'));
    assert.deepEqual(desk.wire.floor.ledger().positions, []);
    await until(desk, 240_000);
    assert.equal(desk.held(bitcoin), 0);
  });
});

test('F20: a turn from long to short is two lives with the profit of each', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    await desk.want({ BTCUSDT: -100 });
    await desk.day.pass(60_000);
    assert.equal(desk.held(bitcoin), -100);
    assert.equal(desk.day.of('roundTrip.closed').length, 1);
    assert.equal(stopsOf(desk, bitcoin)[0]?.request.side, 'buy');
    await desk.want({ BTCUSDT: 0 });
    assert.equal(desk.day.of('roundTrip.closed').length, 2);
    assert.equal(desk.held(bitcoin), 0);
  });
});

test('F20: one order of another hand that turns the position ends one life and begins another, each with its legs', async () => {
  await withDesk({}, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, {});
    act(desk, 'externalOrder', { symbol: 'BTCUSDT', side: 'SELL', quantity: '0.200' });
    await desk.day.pass(10);
    assert.equal(desk.held(bitcoin), -100);
    await desk.day.pass(20_000);
    assert.equal(desk.day.of('roundTrip.closed').length, 1);
    assert.deepEqual(
      stopsOf(desk, bitcoin).map(({ request }) => [request.side, request.quantity]),
      [['buy', 100]],
    );
    assert.equal(entries(desk).length, 1);
    assert.deepEqual(denials(desk), []);
  });
});

test('F19: exits that a stop has crossed never turn the position', async () => {
  const late = { at: secondAt, times: 1, match: exitOrders, fault: { type: 'delayAnswer', ms: 3_000 } } as const;
  await withDesk({ script: script(late) }, async (desk) => {
    await desk.want({ BTCUSDT: 100 });
    wish(desk, { BTCUSDT: 0 });
    await until(desk, 149_999);
    act(desk, 'gapMarket', { symbol: 'BTCUSDT', ticks: -200_000 });
    await until(desk, 160_000);
    assert.equal(desk.held(bitcoin), 0);
    assert.deepEqual(desk.wire.floor.ledger().positions, []);
  });
});
