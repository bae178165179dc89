import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpAnswer } from '#engine/ports.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import type { WireRequest } from '../wire-server.ts';
import { CoinGeckoServer } from './coin-gecko-server.ts';

function ask(server: CoinGeckoServer, path: string, changes: Partial<WireRequest> = {}): HttpAnswer {
  const answers: HttpAnswer[] = [];
  const request: WireRequest = {
    method: 'GET',
    host: 'rest',
    path,
    query: '',
    headers: {},
    address: 'one',
    ...changes,
  };
  server.handle(request, {
    answer: (answer) => void answers.push(answer),
    stream: () => assert.fail('a stream was begun'),
    reset: () => assert.fail('the connection was ended'),
  });
  const [answer] = answers;
  assert.ok(answer);
  return answer;
}

const trending = '/api/v3/search/trending';

test('as many coins trend as the service likes', () => {
  const server = new CoinGeckoServer({ time: new HandClock(), trendingCount: 7 });
  assert.equal(JSON.parse(ask(server, trending).body).coins.length, 7);
});

test('markets are sorted by volume where asked, and a wrong question is refused', () => {
  const server = new CoinGeckoServer({ time: new HandClock() });
  const answer = ask(server, '/api/v3/coins/markets', { query: 'vs_currency=usd&order=volume_desc&per_page=2' });
  assert.deepEqual(
    JSON.parse(answer.body).map(({ symbol }: { readonly symbol: string }) => symbol),
    ['usdt', 'btc'],
  );
  assert.equal(ask(server, '/api/v3/coins/markets').status, 422);
  assert.equal(ask(server, '/api/v3/coins/markets', { query: 'vs_currency=usd&per_page=251' }).status, 422);
  assert.equal(ask(server, '/api/v3/elsewhere').status, 404);
  assert.equal(ask(server, '/api/v3/coins/categories').status, 200);
});

test('calls beyond those of a minute are refused with the time to wait', () => {
  const clock = new HandClock();
  const server = new CoinGeckoServer({ time: clock, callsPerMinuteMax: 1 });
  assert.equal(ask(server, trending).status, 200);
  clock.jump(20_500);
  const refused = ask(server, trending);
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '40']);
  assert.equal(ask(server, trending, { address: 'another' }).status, 200);
  assert.equal(server.requestCount, 3);
});

test('where keys are set, one of them must be shown', () => {
  const server = new CoinGeckoServer({ time: new HandClock(), keys: ['good'] });
  assert.equal(ask(server, trending).status, 401);
  assert.equal(ask(server, trending, { headers: { 'x-cg-demo-api-key': 'good' } }).status, 200);
});

test('a script may put another body in the place of one, and nothing else', () => {
  const server = new CoinGeckoServer({ time: new HandClock() });
  server.act('replace', { path: trending, body: { coins: 'none' } });
  assert.equal(ask(server, trending).body, '{"coins":"none"}');
  server.act('restore', { path: trending });
  assert.notEqual(ask(server, trending).body, '{"coins":"none"}');
  assert.throws(() => server.act('explode', {}), /found 'explode'/);
});
