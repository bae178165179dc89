import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import {
  aggregateTradeEvent,
  bookTickerEvent,
  coinMarginedRow,
  contractInfoEvent,
  markPriceEvent,
  premiumReport,
} from './market-payloads.ts';

const world = new BinanceScene().world();
const market = world.marketBySymbol.get('BTCUSDT');
assert.ok(market !== undefined);

test('events say that they are of the linear product', () => {
  for (const event of [
    bookTickerEvent(world, market),
    markPriceEvent(world, market),
    aggregateTradeEvent(world, market, true),
    contractInfoEvent(world, market),
  ]) {
    assert.ok(typeof event === 'object' && event !== null && 'st' in event);
    assert.equal(event.st, 1);
  }
});

test('streams of all symbols carry another product, told apart by its number', () => {
  const row = coinMarginedRow(world, markPriceEvent(world, market));
  assert.ok(typeof row === 'object' && row !== null && 'st' in row);
  assert.deepEqual([row.s, row.st], ['BTCUSD_PERP', 2]);
});

test('a mark has eight decimals and says when funding is due', () => {
  const event = markPriceEvent(world, market);
  assert.match(String(event['p']), /^\d+\.\d{8}$/);
  assert.equal(event['T'], Date.UTC(2026, 0, 7, 16));
  const report = premiumReport(world, market);
  assert.ok(typeof report === 'object' && report !== null && 'markPrice' in report);
  assert.equal(report.markPrice, event['p']);
});

test('a trade that took a bid is one whose buyer was the maker', () => {
  const event = aggregateTradeEvent(world, market, true);
  assert.ok(typeof event === 'object' && event !== null && 'm' in event);
  assert.deepEqual([event.m, event.p], [true, '50000.00']);
});
