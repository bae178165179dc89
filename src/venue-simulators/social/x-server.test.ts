import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpAnswer } from '#engine/ports.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import type { WireRequest } from '../wire-server.ts';
import { simulatedPosts } from './simulated-post.ts';
import { XServer } from './x-server.ts';

function serverWith(count: number, callsMax?: number): { readonly clock: HandClock; readonly server: XServer } {
  const clock = new HandClock();
  const crowd = { seed: 7, untilAt: clock.now() - 20_000, count, everyMs: 1_000, praiseFraction: 0.5 };
  const postsOf = (symbol: string) => (symbol === 'BTC' ? simulatedPosts({ ...crowd, symbol }) : []);
  const limit = callsMax === undefined ? {} : { callsMax };
  return { clock, server: new XServer({ time: clock, token: 'secret', postsOf, ...limit }) };
}

function ask(server: XServer, query: string, changes: Partial<WireRequest> = {}): HttpAnswer {
  const answers: HttpAnswer[] = [];
  const headers = { authorization: 'Bearer secret' };
  const path = '/2/tweets/search/recent';
  server.handle(
    { method: 'GET', host: 'rest', path, query, headers, address: 'one', ...changes },
    {
      answer: (answer) => void answers.push(answer),
      stream: () => assert.fail('a stream was begun'),
      reset: () => assert.fail('the connection was ended'),
    },
  );
  const [answer] = answers;
  assert.ok(answer);
  return answer;
}

test('a search comes in pages, newest first', () => {
  const { server } = serverWith(150);
  const first = JSON.parse(ask(server, 'query=%24BTC&max_results=100').body);
  assert.deepEqual([first.data.length, first.meta.result_count, first.meta.newest_id], [100, 100, first.data[0].id]);
  const second = JSON.parse(ask(server, `query=%24BTC&max_results=100&next_token=${first.meta.next_token}`).body);
  assert.deepEqual([second.data.length, second.meta.next_token], [50, undefined]);
});

test('where nothing is found there is no data', () => {
  const { server } = serverWith(1);
  assert.equal(ask(server, 'query=%24NOBODY').body, '{"meta":{"result_count":0}}');
});

test('every answer to a known caller tells the limits, and beyond them nothing is searched', () => {
  const { server, clock } = serverWith(1, 1);
  const { headers } = ask(server, 'query=%24BTC');
  assert.deepEqual(
    [headers['x-rate-limit-limit'], headers['x-rate-limit-remaining'], headers['x-rate-limit-reset']],
    ['1', '0', String((clock.now() + 900_000) / 1_000)],
  );
  assert.equal(ask(server, 'query=%24BTC').status, 429);
  clock.jump(900_000);
  assert.equal(ask(server, 'query=%24BTC').status, 200);
});

test('a wrong token and wrong parameters are refused', () => {
  const { server, clock } = serverWith(1);
  assert.equal(ask(server, 'query=%24BTC', { headers: {} }).status, 401);
  assert.equal(ask(server, 'query=%24BTC&max_results=9').status, 400);
  assert.equal(ask(server, 'query=btc').status, 400);
  assert.equal(ask(server, 'query=%24BTC&next_token=evil').status, 400);
  const old = new Date(clock.now() - 8 * 86_400_000).toISOString();
  assert.equal(ask(server, `query=%24BTC&start_time=${old}`).status, 400);
  assert.equal(ask(server, 'query=%24BTC', { path: '/2/elsewhere' }).status, 404);
});

test('withheld posts are told as errors beside the rest', () => {
  const { server } = serverWith(20);
  server.act('withhold', { count: 4 });
  const body = JSON.parse(ask(server, 'query=%24BTC').body);
  assert.deepEqual([body.data.length, body.errors.length], [6, 4]);
  assert.throws(() => server.act('explode', {}), /found 'explode'/);
});
