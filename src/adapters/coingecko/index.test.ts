import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrendingProvider } from '#domain/social.ts';
import { CoinGeckoServer, type CoinGeckoServerOptions } from '#venue-simulators/social/coin-gecko-server.ts';
import { virtualNetwork } from '#venue-simulators/virtual-network.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { type CoinGeckoOptions, coinGecko } from './index.ts';

const origin = 'https://api.coingecko.test';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

interface SceneOptions {
  readonly server?: Partial<CoinGeckoServerOptions>;
  readonly adapter?: Partial<CoinGeckoOptions>;
}

function sceneWith({ server: changes = {}, adapter = {} }: SceneOptions = {}) {
  const clock = new HandClock();
  const server = new CoinGeckoServer({ time: clock, ...changes });
  const network = virtualNetwork({ time: clock, servers: [{ origin, host: 'rest', server, address: 'one' }] });
  const base = {
    network,
    time: clock,
    address: origin,
    onNotice: () => undefined,
    baseCurrencies: ['BTC', '1000PEPE'],
  };
  const provider = coinGecko({ ...base, ...adapter });
  const read = async <T>(question: (asked: TrendingProvider) => Promise<T>): Promise<T> => {
    let found: T | undefined;
    const asked = question(provider).then((answer) => {
      found = answer;
    });
    for (let tries = 0; found === undefined && tries < 200; tries += 1) await clock.pass(tries < 20 ? 1 : 500);
    await asked;
    return found ?? assert.fail('no answer came');
  };
  const trending = () => read((asked) => asked.trending());
  const markets = () => read((asked) => asked.markets());
  return { clock, server, network, read, trending, markets };
}

const volumeRanking = (): readonly string[] => ['BTC', 'USDC', '1000PEPE', 'ETH'];

test('trending coins are asked for once in ten minutes', async () => {
  const { clock, server, trending } = sceneWith();
  const first = await trending();
  assert.partialDeepStrictEqual(first, { source: 'asked', quality: 1, trouble: null });
  assert.equal(first.coins.length, 12);
  assert.partialDeepStrictEqual(first.coins[0], { rank: 1, symbol: 'PEPE', baseCurrency: '1000PEPE' });
  clock.jump(9 * minuteMs);
  assert.partialDeepStrictEqual(await trending(), { source: 'asked', quality: 1 });
  assert.equal(server.requestCount, 1);
});

test('seven trending coins are as well as fifteen', async () => {
  const { trending } = sceneWith({ server: { trendingCount: 7 } });
  assert.equal((await trending()).coins.length, 6);
});

test('an old list is given at once while it is renewed behind', async () => {
  const { clock, server, trending } = sceneWith();
  const first = await trending();
  clock.jump(11 * minuteMs);
  const stale = await trending();
  assert.deepEqual([stale.source, stale.measuredAt, stale.trouble], ['kept', first.measuredAt, null]);
  assert.ok(stale.ageMs >= 11 * minuteMs && stale.quality < 1 && stale.quality > 0.99);
  await clock.pass(10);
  assert.equal(server.requestCount, 2);
  assert.partialDeepStrictEqual(await trending(), { source: 'asked', quality: 1 });
});

test('all who ask at once ask with one question', async () => {
  const { server, read } = sceneWith();
  const lists = await read((asked) => Promise.all([asked.trending(), asked.trending(), asked.trending()]));
  assert.deepEqual(lists[0], lists[2]);
  assert.equal(server.requestCount, 1);
});

test('while CoinGecko is away the list loses quality, and after six hours volume stands in', async () => {
  const { clock, network, trending } = sceneWith({ adapter: { volumeRanking } });
  await trending();
  network.setUp(false);
  clock.jump(3 * hourMs);
  await trending();
  await clock.pass(10_000);
  const kept = await trending();
  assert.deepEqual([kept.source, kept.trouble], ['kept', 'unreachable']);
  assert.ok(Math.abs(kept.quality - (6 * hourMs - kept.ageMs) / (6 * hourMs - 10 * minuteMs)) < 1e-12);
  clock.jump(3 * hourMs);
  const standIn = await trending();
  assert.partialDeepStrictEqual(standIn, { source: 'volume', quality: 0.3, ageMs: 0, trouble: 'unreachable' });
  assert.deepEqual(
    standIn.coins.map(({ rank, symbol, baseCurrency }) => [rank, symbol, baseCurrency]),
    [
      [1, 'BTC', 'BTC'],
      [2, 'PEPE', '1000PEPE'],
      [3, 'ETH', 'ETH'],
    ],
  );
});

test('where neither CoinGecko nor the venue can tell, the list is empty and of no quality', async () => {
  for (const adapter of [{}, { volumeRanking: () => undefined }]) {
    const { network, trending, markets, read } = sceneWith({ adapter });
    network.setUp(false);
    const nothing = { source: 'none', quality: 0, trouble: 'unreachable' };
    assert.partialDeepStrictEqual(await trending(), { ...nothing, coins: [] });
    assert.partialDeepStrictEqual(await markets(), { ...nothing, coins: [] });
    assert.partialDeepStrictEqual(await read((asked) => asked.categories()), { ...nothing, categories: [] });
  }
});

test('markets are asked for once a day and are the coins by volume', async () => {
  const { clock, server, markets } = sceneWith();
  const first = await markets();
  assert.partialDeepStrictEqual(first.coins[0], {
    rank: 1,
    symbol: 'BTC',
    baseCurrency: 'BTC',
    volumeUsd: 31_877_204_559,
  });
  clock.jump(23 * hourMs);
  await markets();
  assert.equal(server.requestCount, 1);
});

test('a limit leads to the stand-in at once, and the next question waits as long as told', async () => {
  const { clock, server, trending, markets } = sceneWith({
    server: { callsPerMinuteMax: 1 },
    adapter: { volumeRanking },
  });
  await markets();
  assert.partialDeepStrictEqual(await trending(), { source: 'volume', trouble: 'limited' });
  await clock.pass(30_000);
  await trending();
  assert.equal(server.requestCount, 2);
  await clock.pass(31_000);
  assert.partialDeepStrictEqual(await trending(), { source: 'asked', trouble: null });
});

test('a list in which nothing can be read is trouble, not an empty truth', async () => {
  const { server, trending } = sceneWith({ adapter: { volumeRanking } });
  server.act('replace', { path: '/api/v3/search/trending', body: { coins: [{ item: null }, 7] } });
  assert.partialDeepStrictEqual(await trending(), { source: 'volume', trouble: 'unreadable' });
});

test('categories come with their figures', async () => {
  const { read } = sceneWith();
  const { categories, quality } = await read((asked) => asked.categories());
  assert.deepEqual([categories.length, categories[0]?.id, quality], [3, 'layer-1', 1]);
});
