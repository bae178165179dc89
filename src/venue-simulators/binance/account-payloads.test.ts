import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('version 3 lists only what is held or ordered, without leverage and margin type (F70)', () => {
  const scene = new BinanceScene();
  assert.deepEqual(scene.signed('GET', '/fapi/v3/positionRisk').body, []);
  scene.market('BUY', '0.010');
  const [risk] = scene.signed('GET', '/fapi/v3/positionRisk').body;
  assert.equal(
    Object.keys(risk).sort().join(),
    'adl,askNotional,bidNotional,breakEvenPrice,entryPrice,initialMargin,isolatedMargin,isolatedWallet,liquidationPrice,' +
      'maintMargin,marginAsset,markPrice,notional,openOrderInitialMargin,positionAmt,positionInitialMargin,positionSide,' +
      'symbol,unRealizedProfit,updateTime',
  );
  assert.deepEqual([risk.positionAmt, risk.entryPrice, risk.updateTime], ['0.010', '50000.10000', scene.clock.now()]);
});

test('version 2 lists every market with its settings', () => {
  const scene = new BinanceScene();
  const risks = scene.signed('GET', '/fapi/v2/positionRisk').body;
  assert.deepEqual(
    risks.map(({ symbol, leverage, marginType }: Record<string, string>) => [symbol, leverage, marginType]),
    [
      ['BTCUSDT', '20', 'cross'],
      ['ETHUSDT', '20', 'cross'],
    ],
  );
});

test('an open order alone makes a market listed, with its margin', () => {
  const scene = new BinanceScene();
  scene.limit('BUY', '0.010', '49000');
  const [risk] = scene.signed('GET', '/fapi/v3/positionRisk').body;
  assert.deepEqual(
    [risk.positionAmt, risk.bidNotional, risk.openOrderInitialMargin],
    ['0.000', '490.00000000', '24.50000000'],
  );
});

test('the account adds up: wallet and what is not realised is the margin balance', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  scene.quote('BTCUSDT', 51_000);
  const account = scene.signed('GET', '/fapi/v3/account').body;
  const sum = Number(account.totalWalletBalance) + Number(account.totalUnrealizedProfit);
  assert.ok(Math.abs(sum - Number(account.totalMarginBalance)) < 1e-8);
  assert.equal(account.positions.length, 1);
  assert.ok('unrealizedProfit' in account.positions[0]);
  assert.equal(scene.signed('GET', '/fapi/v2/account').body.positions.length, 2);
});

test('a long is liquidated below the mark and a short above', () => {
  for (const [side, sign] of [
    ['BUY', -1],
    ['SELL', 1],
  ] as const) {
    const scene = new BinanceScene({ balance: 1_000 });
    scene.market(side, '0.100');
    const [risk] = scene.signed('GET', '/fapi/v3/positionRisk').body;
    const distance = (Number(risk.liquidationPrice) - Number(risk.markPrice)) * sign;
    assert.ok(distance > 9_000 && distance < 10_000);
  }
});

test('another asset is listed beside the own (F69)', () => {
  const scene = new BinanceScene();
  scene.server.act('deposit', { amount: '5', asset: 'BNFCR' });
  assert.deepEqual(
    scene.signed('GET', '/fapi/v3/balance').body.map(({ asset, balance }: Record<string, string>) => [asset, balance]),
    [
      ['USDT', '10000.00000000'],
      ['BNFCR', '5.00000000'],
    ],
  );
});
