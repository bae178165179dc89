import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('a halted market says so, tells no price and takes no order (F71)', () => {
  const scene = new BinanceScene();
  const quotes = scene.socket('/public/ws/btcusdt@bookTicker');
  const told = scene.socket('/market/ws/!contractInfo');
  scene.server.act('haltSymbol', {});
  scene.quote('BTCUSDT', 50_001);
  assert.equal(quotes.texts.length, 0);
  assert.equal(told.events()[0].cs, 'HALT');
  assert.equal(scene.market('BUY', '0.010').body.code, -4141);
  scene.server.act('haltSymbol', { on: false });
  scene.quote('BTCUSDT', 50_001);
  assert.equal(quotes.texts.length, 1);
  assert.equal(scene.market('BUY', '0.010').status, 200);
});

test('prices that nobody can mean are told on streams alone (F78)', () => {
  const scene = new BinanceScene();
  const quotes = scene.socket('/public/ws/btcusdt@bookTicker');
  const marks = scene.socket('/market/ws/btcusdt@markPrice@1s');
  for (const price of ['0', '-37.63', '1000000000000']) scene.server.act('absurdPrice', { price });
  scene.server.act('absurdPrice', { price: '0', stream: 'markPrice' });
  scene.server.act('crossedBook', { ticks: 10 });
  assert.deepEqual(
    quotes.events().map(({ b, a }) => [b, a]),
    [
      ['0', '0'],
      ['-37.63', '-37.63'],
      ['1000000000000', '1000000000000'],
      ['50001.10', '50000.10'],
    ],
  );
  assert.equal(marks.events()[0].p, '0');
  assert.equal(scene.request('GET', '/fapi/v1/ticker/bookTicker', 'symbol=BTCUSDT').body.bidPrice, '50000.00');
});

test('a market jumps past a stop, which fills where the price is then', () => {
  const scene = new BinanceScene();
  scene.market('BUY', '0.010');
  scene.stop('SELL', '49000', { closePosition: 'true' });
  scene.server.act('gapMarket', { ticks: -20_000 });
  const [trade] = scene.signed('GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT' }).body.slice(-1);
  assert.equal(trade.price, '48000.00');
});

test('the mark stands off by a tenth (F84)', () => {
  const scene = new BinanceScene();
  scene.server.act('divergeMark', { fraction: 0.1 });
  const { markPrice, indexPrice } = scene.request('GET', '/fapi/v1/premiumIndex', 'symbol=BTCUSDT').body;
  assert.ok(Math.abs(Number(markPrice) / Number(indexPrice) - 1.1) < 0.001);
});
