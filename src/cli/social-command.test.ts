import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemTime } from '#adapters/time/system-time.ts';
import { CoinGeckoServer } from '#venue-simulators/social/coin-gecko-server.ts';
import { simulatedPosts } from '#venue-simulators/social/simulated-post.ts';
import { XServer } from '#venue-simulators/social/x-server.ts';
import type { WireServer } from '#venue-simulators/wire-server.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { registerSocial } from './social-command.ts';

const token = 'secret-token';

/** The simulated service on a port of this machine; answers are whole, there are no streams. */
async function served(t: TestContext, server: WireServer): Promise<string> {
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const asked = { method: 'GET', host: 'rest', path: url.pathname, query: url.search.slice(1) } as const;
    server.handle(
      { ...asked, headers, address: 'one' },
      {
        answer: (answer) => void response.writeHead(answer.status, answer.headers).end(answer.body),
        stream: () => assert.fail('a stream was begun'),
        reset: () => void response.destroy(),
      },
    );
  });
  await new Promise<void>((done) => void http.listen(0, '127.0.0.1', done));
  t.after(() => http.close());
  const address = http.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}`;
}

async function environmentOf(t: TestContext): Promise<Record<string, string>> {
  const crowd = { seed: 7, untilAt: Date.now() - 60_000, count: 60, everyMs: 30_000, praiseFraction: 0.9 };
  const postsOf = (symbol: string) => (symbol === 'BTC' ? simulatedPosts({ ...crowd, symbol }) : []);
  const x = new XServer({ time: systemTime, token, postsOf });
  const gecko = new CoinGeckoServer({ time: systemTime, trendingCount: 7 });
  return { COINGECKO_API_URL: await served(t, gecko), X_API_URL: await served(t, x), X_BEARER_TOKEN: token };
}

const social = (environment: Record<string, string>, ...argv: readonly string[]) =>
  runCommand(registerSocial, ['social', ...argv], environment);

test('trending coins are listed with their source and quality', async (t) => {
  const { code, result, work } = await social(await environmentOf(t), 'trending');
  assert.equal(code, 0, work);
  assert.match(result, /^ *1 +PEPE +Pepe +29 +1,240,551,002 +11\.42%/m);
  assert.doesNotMatch(result, /USDT/);
  assert.match(work, /source 'asked', quality 1\.00, 0 s old/);
});

test('markets and categories are lists of figures', async (t) => {
  const environment = await environmentOf(t);
  const markets = JSON.parse((await social(environment, 'markets', '--json')).result);
  assert.deepEqual([markets.coins[0].symbol, markets.source, markets.quality], ['BTC', 'asked', 1]);
  assert.match((await social(environment, 'categories')).result, /Meme +58,220,884,119/);
  assert.match((await social(environment, 'markets')).result, /1 +BTC +Bitcoin +31,877,204,559/);
});

test('sentiment is told for each coin asked for', async (t) => {
  const { code, result, work } = await social(await environmentOf(t), 'sentiment', 'btc', 'ETH', '--json');
  assert.equal(code, 0, work);
  const [bitcoin, ether] = JSON.parse(result).readings;
  assert.ok(bitcoin.score > 0.3 && bitcoin.quality > 0.3, result);
  assert.partialDeepStrictEqual(ether, { symbol: 'ETH', score: 0, quality: 0, postCount: 0 });
  const shown = await social(await environmentOf(t), 'sentiment', 'BTC');
  assert.match(shown.result, /^BTC +0\.\d\d +0\.\d\d +\d+ +\d+ +asked/m);
});

test('answers are recorded without the token, and given again without a network', async (t) => {
  const environment = await environmentOf(t);
  const file = join(temporaryFolder(t), 'social.json');
  const live = await social(environment, 'sentiment', 'BTC', '--json', '--record', file);
  assert.equal(live.code, 0, live.work);
  assert.doesNotMatch(readFileSync(file, 'utf8'), new RegExp(token));
  const again = await social({ TRADEWIND_SOCIAL_RECORD: file }, 'sentiment', 'BTC', '--json');
  assert.equal(again.code, 0, again.work);
  const [first, second] = [live, again].map(({ result }) => JSON.parse(result).readings[0]);
  assert.deepEqual([second.postCount, second.source], [first.postCount, 'asked']);
  assert.ok(Math.abs(second.score - first.score) < 0.01);
  const twice = await social(environment, 'trending', '--record', file);
  assert.equal(twice.code, 2);
  assert.match(twice.work, /expected a file that can be made at '.*', but it cannot \(EEXIST\)/);
});

test('without a token sentiment is neutral, and the command says why and fails', async (t) => {
  const { X_BEARER_TOKEN: _, ...environment } = await environmentOf(t);
  const { code, result } = await social(environment, 'sentiment', 'BTC');
  assert.equal(code, 1);
  assert.match(result, /BTC +0\.00 +0\.00 +0 +0 +none +no token is set, X_BEARER_TOKEN names it/);
});

test('the older name of the token is as good', async (t) => {
  const { X_BEARER_TOKEN: _, ...environment } = await environmentOf(t);
  assert.equal((await social({ ...environment, TWITTER_BEARER_TOKEN: token }, 'sentiment', 'BTC')).code, 0);
});

test('a key is not sent in the open, and an address has no path', async () => {
  const open = await social({ X_API_URL: 'http://api.x.example', X_BEARER_TOKEN: token }, 'sentiment', 'BTC');
  assert.deepEqual([open.code, open.result], [2, '']);
  assert.match(open.work, /expected 'https:' in X_API_URL, found 'http:'/);
  for (const address of ['https://api.x.example/2', 'ftp://api.x.example', 'https://me:word@api.x.example']) {
    const { code, work } = await social({ X_API_URL: address }, 'trending');
    assert.equal(code, 2, address);
    assert.doesNotMatch(work, /word/);
  }
});

test('what is no coin or no record is refused', async (t) => {
  for (const argv of [
    ['BTC OR x'],
    ['BTC', 'btc'],
    ['<script>'],
    Array.from({ length: 51 }, (_, place) => `C${place}`),
  ]) {
    assert.equal((await social({}, 'sentiment', ...argv)).code, 2, argv.join(' '));
  }
  const file = join(temporaryFolder(t), 'social.json');
  writeFileSync(file, '[]');
  const { code, work } = await social({ TRADEWIND_SOCIAL_RECORD: file }, 'trending');
  assert.deepEqual([code, /expected a social record in/.test(work)], [2, true]);
});
