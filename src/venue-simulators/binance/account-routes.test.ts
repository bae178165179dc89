import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

const symbol = 'BTCUSDT';

test('leverage is set, told and asked back, and the margin follows it (F61)', () => {
  const scene = new BinanceScene({ balance: 100 });
  const user = scene.userSocket();
  const set = scene.signed('POST', '/fapi/v1/leverage', { symbol, leverage: 5 });
  assert.deepEqual(set.body, { leverage: 5, maxNotionalValue: '230000000', symbol });
  assert.deepEqual(user.events()[0].ac, { s: symbol, l: 5 });
  assert.equal(scene.signed('GET', '/fapi/v1/symbolConfig', { symbol }).body[0].leverage, 5);
  assert.equal(scene.market('BUY', '0.012').body.code, -2019);
  scene.signed('POST', '/fapi/v1/leverage', { symbol, leverage: 20 });
  assert.equal(scene.market('BUY', '0.012').status, 200);
  assert.equal(scene.signed('POST', '/fapi/v1/leverage', { symbol, leverage: 126 }).body.code, -4028);
});

test('what is set already needs no change (F60)', () => {
  const scene = new BinanceScene();
  assert.equal(scene.signed('POST', '/fapi/v1/marginType', { symbol, marginType: 'CROSSED' }).body.code, -4046);
  assert.equal(scene.signed('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'false' }).body.code, -4059);
  assert.equal(scene.signed('POST', '/fapi/v1/multiAssetsMargin', { multiAssetsMargin: 'false' }).body.code, -4171);
});

test('modes do not change over open orders and positions', () => {
  const scene = new BinanceScene();
  scene.limit('BUY', '0.010', '49000');
  assert.equal(scene.signed('POST', '/fapi/v1/marginType', { symbol, marginType: 'ISOLATED' }).body.code, -4047);
  assert.equal(scene.signed('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' }).body.code, -4067);
  scene.quote('BTCUSDT', 48_900);
  assert.equal(scene.signed('POST', '/fapi/v1/marginType', { symbol, marginType: 'ISOLATED' }).body.code, -4048);
  assert.equal(scene.signed('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' }).body.code, -4068);
});

test('assets margined together and isolated margin exclude each other (F62)', () => {
  const scene = new BinanceScene();
  scene.signed('POST', '/fapi/v1/multiAssetsMargin', { multiAssetsMargin: 'true' });
  assert.equal(scene.signed('POST', '/fapi/v1/marginType', { symbol, marginType: 'ISOLATED' }).body.code, -4168);
  scene.signed('POST', '/fapi/v1/multiAssetsMargin', { multiAssetsMargin: 'false' });
  assert.equal(scene.signed('POST', '/fapi/v1/marginType', { symbol, marginType: 'ISOLATED' }).body.code, 200);
  assert.equal(scene.signed('POST', '/fapi/v1/multiAssetsMargin', { multiAssetsMargin: 'true' }).body.code, -4167);
});

test('trades are listed with their orders and fees, and found by both', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  scene.market('SELL', '0.004');
  const trades = scene.signed('GET', '/fapi/v1/userTrades', { symbol }).body;
  assert.deepEqual(
    trades.map(({ side, qty, buyer, maker }: Record<string, unknown>) => [side, qty, buyer, maker]),
    [
      ['BUY', '0.010', true, false],
      ['SELL', '0.004', false, false],
    ],
  );
  const ask = (more: Record<string, string | number>) =>
    scene.signed('GET', '/fapi/v1/userTrades', { symbol, ...more }).body.length;
  assert.deepEqual([ask({ orderId: '8389766145050669871' }), ask({ fromId: trades[1].id })], [1, 1]);
});

test('what the account earned adds up to how its balance moved', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  scene.quote('BTCUSDT', 50_100);
  scene.market('SELL', '0.010', { reduceOnly: 'true' });
  scene.server.act('deposit', { amount: '12.5' });
  scene.server.act('withdraw', { amount: '2.5' });
  const rows = scene.signed('GET', '/fapi/v1/income').body;
  const sum = rows.reduce((total: number, { income }: { income: string }) => total + Number(income), 0);
  assert.ok(Math.abs(10_000 + sum - scene.floor.state.balance / 1e8) < 1e-9);
  assert.deepEqual(
    rows.map(({ incomeType }: { incomeType: string }) => incomeType),
    ['COMMISSION', 'COMMISSION', 'REALIZED_PNL', 'TRANSFER', 'TRANSFER'],
  );
});

test('fees and brackets are as they are charged and checked', () => {
  const scene = new BinanceScene();
  const rates = scene.signed('GET', '/fapi/v1/commissionRate', { symbol }).body;
  assert.deepEqual([rates.makerCommissionRate, rates.takerCommissionRate], ['0.000200', '0.000400']);
  const [table] = scene.signed('GET', '/fapi/v1/leverageBracket', { symbol }).body;
  assert.deepEqual(
    [table.symbol, table.brackets[0].initialLeverage, table.brackets[1].notionalFloor],
    [symbol, 125, 300_000],
  );
  assert.equal(scene.signed('GET', '/fapi/v1/accountConfig').body.dualSidePosition, false);
});
