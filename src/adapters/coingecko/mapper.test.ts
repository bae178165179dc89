import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { categoriesBody, marketsBody, trendingBody } from '#venue-simulators/social/coin-gecko-bodies.ts';
import { coinTable } from '#venue-simulators/social/coin-table.ts';
import { hostileTexts } from '#venue-simulators/social/hostile-texts.ts';
import { baseCurrencyMap, coinCategories, coinMarkets, trendingCoins } from './mapper.ts';

const ours = baseCurrencyMap(['BTC', '1000PEPE', 'SOL']);

test('base currencies are found by their coin, contracts by the thousand too', () => {
  assert.deepEqual(['BTC', 'PEPE', 'ADA', 'constructor'].map(ours), ['BTC', '1000PEPE', null, null]);
  assert.equal(baseCurrencyMap(['PEPE', '1000PEPE'])('PEPE'), 'PEPE');
});

test('trending coins come in their order from 1, stable ones left out', () => {
  const coins = trendingCoins(trendingBody(coinTable.slice(0, 7)), ours);
  assert.deepEqual(
    coins?.map(({ rank, symbol, baseCurrency, marketCapRank }) => [rank, symbol, baseCurrency, marketCapRank]),
    [
      [1, 'PEPE', '1000PEPE', 29],
      [2, 'SOL', 'SOL', 6],
      [3, 'BTC', 'BTC', 1],
      [4, 'SUI', null, 24],
      [5, 'WIF', null, 51],
      [6, 'NEWB', null, null],
    ],
  );
  assert.partialDeepStrictEqual(coins?.[0], { name: 'Pepe', volumeUsd: 1_240_551_002 });
  assert.ok(Math.abs((coins?.[0]?.changeFraction ?? 0) - 0.1142) < 1e-12);
});

test('the order is that of the places told, not that of the list', () => {
  const item = (symbol: string, score: number) => ({ item: { id: symbol, name: symbol, symbol, score } });
  const coins = trendingCoins({ coins: [item('B', 4), item('A', 0), item('C', 9)] }, ours);
  assert.deepEqual(
    coins?.map(({ rank, symbol }) => `${rank}${symbol}`),
    ['1A', '2B', '3C'],
  );
});

test('a coin that cannot be read costs only itself', () => {
  const coins = [null, { item: {} }, { item: { id: 'a', name: 'A', symbol: 'A B', score: 1 } }, 7];
  const good = { item: { id: 'btc', name: 'Bitcoin', symbol: 'BTC', score: 2, data: { total_volume: '$1,2' } } };
  assert.deepEqual(
    trendingCoins({ coins: [...coins, good] }, ours)?.map(({ rank, symbol, volumeUsd }) => [rank, symbol, volumeUsd]),
    [[1, 'BTC', null]],
  );
});

test('markets are ranked by volume, each symbol once and none stable', () => {
  const copy = { id: 'fake', symbol: 'btc', name: 'Fake Bitcoin', total_volume: 1 };
  const coins = coinMarkets([copy, ...marketsBody(coinTable)], ours);
  assert.deepEqual(
    coins?.slice(0, 3).map(({ rank, symbol, name, volumeUsd }) => [rank, symbol, name, volumeUsd]),
    [
      [1, 'BTC', 'Bitcoin', 31_877_204_559],
      [2, 'ETH', 'Ethereum', 14_220_881_907],
      [3, 'SOL', 'Solana', 5_112_600_430],
    ],
  );
  assert.deepEqual(
    coins?.filter(({ symbol }) => /USD/.test(symbol)),
    [],
  );
});

test('a category without figures has none', () => {
  const categories = coinCategories(categoriesBody());
  assert.partialDeepStrictEqual(categories?.[2], { id: 'unmeasured', marketCapUsd: null, changeFraction: null });
  assert.partialDeepStrictEqual(categories?.[1], { name: 'Meme', marketCapUsd: 58_220_884_119.1 });
});

test('what is no list at all is told as such', () => {
  for (const body of [null, 'text', 7, {}, { coins: 'none' }]) assert.equal(trendingCoins(body, ours), undefined);
  for (const body of [null, 'text', {}, { status: { error_code: 429 } }]) {
    assert.equal(coinMarkets(body, ours), undefined);
    assert.equal(coinCategories(body), undefined);
  }
});

test('names of strangers are cut and cleaned, and symbols of theirs are letters and digits or nothing', () => {
  const coins = hostileTexts.flatMap((text, place) => [
    { item: { id: 'a', name: text.slice(0, 5_000), symbol: `C${place}`, score: place } },
    { item: { id: 'a', name: 'a', symbol: text.slice(0, 5_000), score: place } },
  ]);
  const read = trendingCoins({ coins }, ours) ?? [];
  assert.equal(read.length, 30);
  for (const { symbol, name } of read) {
    assert.match(symbol, /^C\d+$/);
    assert.ok(name.length <= 60);
    assert.doesNotMatch(name, /[\p{Cc}\p{Cf}]/u);
  }
});

test('whatever JSON comes, a list is bounded or there is none', () => {
  const item = fc.record({
    id: fc.string(),
    name: fc.string(),
    symbol: fc.string(),
    score: fc.nat(),
    data: fc.jsonValue(),
  });
  const coins = fc.array(fc.oneof(fc.jsonValue(), fc.record({ item: fc.oneof(fc.jsonValue(), item) })));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ coins })), (body) => {
      const read = trendingCoins(body, ours) ?? [];
      assert.ok(read.length <= 30 && read.every(({ rank }, place) => rank === place + 1));
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      assert.ok((coinMarkets(body, ours) ?? []).length <= 1_000);
      assert.ok((coinCategories(body) ?? []).length <= 1_000);
    }),
  );
});
