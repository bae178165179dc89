import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('a day is made of its minutes and ends at the touch', () => {
  const scene = new BinanceScene();
  scene.closeMinutes(5);
  scene.quote('BTCUSDT', 50_050);
  const day = scene.request('GET', '/fapi/v1/ticker/24hr', 'symbol=BTCUSDT').body;
  assert.deepEqual(
    [day.openPrice, day.highPrice, day.lowPrice, day.lastPrice, day.volume],
    ['50000.00', '50100.00', '49900.00', '50050.00', '60.000'],
  );
  assert.deepEqual([day.priceChange, day.priceChangePercent], ['50.00', '0.100']);
});

test('tickers come every two seconds to whoever listens, in full or in short', async () => {
  const scene = new BinanceScene();
  const socket = scene.socket('/market/stream', 'streams=btcusdt@ticker/btcusdt@miniTicker');
  await scene.clock.pass(4_000);
  assert.deepEqual(
    socket.events().map(({ data }) => data.e),
    ['24hrTicker', '24hrMiniTicker', '24hrTicker', '24hrMiniTicker'],
  );
});
