import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { bookPosition, positionOf } from './account-ledger.ts';
import { fundingRate, markPrices, nextFunding, positionAtMark, quoteMoney, touchOf } from './mark-price.ts';

const scene = new BinanceScene();
const world = scene.world();
const market = world.marketBySymbol.get('BTCUSDT');
assert.ok(market !== undefined);

test('the mark and the index stand within a basis point of the mid, and the same in every run', () => {
  const { markPrice, indexPrice } = markPrices(world, market);
  assert.deepEqual(touchOf(world, market), { bid: 5_000_000, ask: 5_000_010 });
  for (const price of [markPrice, indexPrice]) assert.ok(Math.abs(price / 5_000_005 - 1) <= 0.0001);
  assert.deepEqual(markPrices(new BinanceScene().world(), market).markPrice, markPrice);
});

test('a mark that stands off leaves the touch and the index alone (F84)', () => {
  const before = markPrices(world, market);
  market.markOffset = 0.1;
  const after = markPrices(world, market);
  market.markOffset = 0;
  assert.ok(Math.abs(after.markPrice / before.markPrice - 1.1) < 0.001);
  assert.equal(after.indexPrice, before.indexPrice);
});

test('funding is due at the next third of the day', () => {
  const { at, rate } = nextFunding(world, market);
  assert.equal(at, Date.UTC(2026, 0, 7, 16));
  assert.equal(rate, fundingRate(world, market, at));
  assert.ok(Math.abs(rate - 0.0001) <= 0.00008);
});

test('a position is worth its quantity at the mark', () => {
  bookPosition(world.ledger, market.instrumentId, { side: 'buy', quantity: 1_000, price: 4_900_000, at: 0 });
  const { markPrice } = markPrices(world, market);
  const figures = positionAtMark(world, market, positionOf(world.ledger, market.instrumentId));
  assert.equal(figures.entryPrice, 4_900_000);
  assert.equal(figures.notional, Math.round(markPrice * 1e6));
  assert.equal(figures.unrealizedPnl, Math.round((markPrice - 4_900_000) * 1e6));
  assert.equal(quoteMoney(world, market, 1_000 * 4_900_000), 49_000 * 1e8);
});
