import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('one symbol is answered by itself, all of them in a list', () => {
  const scene = new BinanceScene();
  const one = scene.request('GET', '/fapi/v1/ticker/bookTicker', 'symbol=BTCUSDT').body;
  assert.deepEqual([one.symbol, one.bidPrice, one.askPrice], ['BTCUSDT', '50000.00', '50000.10']);
  for (const path of [
    'v1/ticker/bookTicker',
    'v1/ticker/price',
    'v2/ticker/price',
    'v1/ticker/24hr',
    'v1/premiumIndex',
  ]) {
    assert.equal(scene.request('GET', `/fapi/${path}`).body.length, 2);
  }
  assert.equal(scene.request('GET', '/fapi/v1/ticker/price', 'symbol=NOPE').body.code, -1121);
});

test('bars cost by how many are asked for', () => {
  const scene = new BinanceScene();
  const costs = [99, 100, 500, 1_000, 1_001].map((limit) => {
    const query = `symbol=BTCUSDT&interval=1m&limit=${limit}`;
    return Number(scene.request('GET', '/fapi/v1/klines', query).headers['x-mbx-used-weight-1m']);
  });
  assert.deepEqual(costs, [1, 3, 8, 13, 23]);
  assert.equal(scene.request('GET', '/fapi/v1/klines', 'symbol=BTCUSDT&interval=7m').body.code, -1120);
});

test('a snapshot of the book has a number of its own', () => {
  const scene = new BinanceScene();
  const ask = () => scene.request('GET', '/fapi/v1/depth', 'symbol=BTCUSDT&limit=5').body;
  const [first, second] = [ask(), ask()];
  assert.equal(first.bids.length, 5);
  assert.deepEqual([first.bids[0][0], first.asks[0][0]], ['50000.00', '50000.10']);
  assert.equal(second.lastUpdateId, first.lastUpdateId + 1);
});

test('rates of funding are listed for its instants, the latest last', () => {
  const scene = new BinanceScene();
  const rows = scene.request('GET', '/fapi/v1/fundingRate', 'symbol=BTCUSDT&limit=3').body;
  assert.deepEqual(
    rows.map(({ fundingTime }: { fundingTime: number }) => new Date(fundingTime).toISOString()),
    ['2026-01-06T16:00:00.000Z', '2026-01-07T00:00:00.000Z', '2026-01-07T08:00:00.000Z'],
  );
  assert.equal(scene.request('GET', '/fapi/v1/fundingInfo').body[0].fundingIntervalHours, 8);
});

test('anybody may ask without a key', () => {
  const scene = new BinanceScene();
  assert.deepEqual(scene.request('GET', '/fapi/v1/ping').body, {});
  assert.equal(scene.request('GET', '/fapi/v1/exchangeInfo').body.symbols.length, 2);
});
