import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, draw } from '#base/random.ts';
import { BinanceScene, bitcoin } from '../../../tests/support/simulated-binance.ts';

test('a resting order pays the fee of makers, and the floor agrees to the step', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  scene.limit('BUY', '0.010', '49000');
  scene.quote('BTCUSDT', 48_999.9);
  const trade = user.events().find(({ o }) => o?.x === 'TRADE');
  assert.deepEqual([trade.o.m, trade.o.n], [true, '0.09800000']);
  assert.equal(scene.floor.state.balance, 10_000 * 1e8 - 9_800_000);
  assert.equal(scene.signed('GET', '/fapi/v3/balance').body[0].balance, '9999.90200000');
});

test('fills in parts are told one by one, and what is left is cancelled with what was filled (F12)', () => {
  const scene = new BinanceScene({ fillQuantityMax: 4 });
  const user = scene.userSocket();
  scene.limit('BUY', '0.010', '50100', { newClientOrderId: 'a' });
  scene.quote('BTCUSDT', 50_000);
  scene.signed('DELETE', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'a' });
  assert.deepEqual(
    user.events().flatMap(({ o }) => (o === undefined ? [] : [`${o.x} ${o.X} ${o.l} ${o.z} ${o.m}`])),
    [
      'NEW NEW 0.000 0.000 false',
      'TRADE PARTIALLY_FILLED 0.004 0.004 false',
      'TRADE PARTIALLY_FILLED 0.004 0.008 true',
      'CANCELED CANCELED 0.000 0.008 false',
    ],
  );
});

test('one order through zero realises the old side and opens the new one (F20)', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  scene.quote('BTCUSDT', 50_100);
  const user = scene.userSocket();
  scene.market('SELL', '0.030');
  const account = user.events().find(({ e }) => e === 'ACCOUNT_UPDATE');
  assert.equal(account.a.P[0].pa, '-0.020');
  assert.equal(user.events().find(({ o }) => o?.x === 'TRADE').o.rp, '0.99900000');
});

test('an order past the wire is told like any other, under its own id (F11)', () => {
  const scene = new BinanceScene();
  const user = scene.userSocket();
  const shared = { instrument: bitcoin.id, side: 'buy', quantity: 10 } as const;
  scene.floor.externalOrder({ clientOrderId: 'ios_1', ...shared });
  scene.floor.externalOrder({ clientOrderId: 'ios_2', ...shared, orderType: 'limit', price: 4_900_000 });
  assert.deepEqual(
    user.events().flatMap(({ o }) => (o === undefined ? [] : [`${o.c} ${o.x}`])),
    ['ios_1 NEW', 'ios_1 TRADE', 'ios_2 NEW'],
  );
});

test("a close-out by the floor comes as the venue's own order, after a margin call (F66)", () => {
  const scene = new BinanceScene({ balance: 100 });
  scene.market('BUY', '0.030');
  const user = scene.userSocket();
  scene.quote('BTCUSDT', 47_500);
  scene.quote('BTCUSDT', 47_400);
  const events = user.events();
  assert.equal(events[0].e, 'MARGIN_CALL');
  const closing = events.find(({ o }) => o?.x === 'CALCULATED');
  assert.match(closing.o.c, /^autoclose-/);
  assert.equal('n' in closing.o, false);
  assert.equal(scene.floor.ledger().positions.length, 0);
});

test('orders end with their date, and what only reduces ends with the position', async () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  const goodTillDate = String(scene.clock.now() + 700_000);
  scene.limit('BUY', '0.010', '49000', { newClientOrderId: 'dated', timeInForce: 'GTD', goodTillDate });
  scene.limit('SELL', '0.010', '51000', { newClientOrderId: 'target', reduceOnly: 'true' });
  scene.market('SELL', '0.010', { reduceOnly: 'true' });
  await scene.clock.pass(800_000);
  for (const origClientOrderId of ['dated', 'target']) {
    const asked = scene.signed('GET', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId });
    assert.equal(asked.body.status, 'EXPIRED');
  }
});

test('fees may be taken in another asset (F69)', () => {
  const scene = new BinanceScene();
  scene.server.act('foreignFeeAsset', { asset: 'BNB', price: 500 });
  scene.market('BUY', '0.010');
  assert.equal(scene.floor.state.balance, 10_000 * 1e8);
  const [trade] = scene.signed('GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT' }).body;
  assert.deepEqual([trade.commission, trade.commissionAsset], ['0.00040001', 'BNB']);
});

test('whatever happens, what the wire says of the account is what the floor holds', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const scene = new BinanceScene({ balance: 2_000, fillQuantityMax: 7 });
    const random = createRandom(seed);
    const pick = (count: number): number => Math.floor(draw(random, 'step') * count);
    let bid = 50_000;
    for (let step = 0; step < 200; step += 1) {
      scene.clock.jump(1_000);
      takeStep(scene, pick, bid);
      bid = Math.round(bid + pick(401) - 200);
      scene.quote('BTCUSDT', bid);
    }
    const ledger = scene.floor.ledger();
    const [own] = scene.signed('GET', '/fapi/v3/balance').body;
    assert.equal(Math.round(Number(own.balance) * 1e8), ledger.balance, `seed '${seed}'`);
    const [risk] = scene.signed('GET', '/fapi/v2/positionRisk', { symbol: 'BTCUSDT' }).body;
    const held = ledger.positions.find(({ instrument }) => instrument === bitcoin.id)?.signedQuantity ?? 0;
    assert.equal(Math.round(Number(risk.positionAmt) * 1_000), held, `seed '${seed}'`);
    const open = scene.signed('GET', '/fapi/v1/openOrders').body;
    assert.equal(open.length, ledger.openOrders.length, `seed '${seed}'`);
  }
});

function takeStep(scene: BinanceScene, pick: (count: number) => number, bid: number): void {
  const side = pick(2) === 0 ? 'BUY' : 'SELL';
  const quantity = `0.0${10 + pick(30)}`;
  const actions = [
    () => scene.market(side, quantity),
    () => scene.limit(side, quantity, String(bid + pick(200) - 100)),
    () => scene.market(side, quantity, { reduceOnly: 'true' }),
    () => scene.stop(side, String(bid + pick(400) - 200), { quantity, reduceOnly: 'true' }),
    () => scene.signed('DELETE', '/fapi/v1/allOpenOrders', { symbol: 'BTCUSDT' }),
    () => scene.server.act('liquidate', {}),
    () => scene.server.act('externalOrder', { side, quantity }),
    () => scene.server.act('overfill', {}),
    () => scene.server.act('deposit', { amount: '1.5' }),
    () => scene.server.act('adl', { quantity: '0.003' }),
  ];
  actions[pick(actions.length)]?.();
}
