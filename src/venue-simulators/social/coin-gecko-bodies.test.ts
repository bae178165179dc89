import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marketsBody, trendingBody } from './coin-gecko-bodies.ts';
import { coinTable } from './coin-table.ts';

test('a trending coin is wrapped, counted from 0, and its volume is written for the eye', () => {
  const body = JSON.parse(JSON.stringify(trendingBody(coinTable)));
  const { item } = body.coins[0];
  assert.deepEqual([item.symbol, item.score, item.data.total_volume], ['PEPE', 0, '$1,240,551,002']);
  assert.match(item.data.price, /<sub/);
  assert.equal(body.coins[6].item.market_cap_rank, null);
});

test('markets spell symbols in lower case', () => {
  assert.partialDeepStrictEqual(marketsBody(coinTable)[2], { id: 'bitcoin', symbol: 'btc', current_price: 66_741.18 });
});
