import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpAnswer } from '#engine/ports.ts';
import { jsonAnswer } from '#venue-simulators/social/json-answer.ts';
import { virtualNetwork } from '#venue-simulators/virtual-network.ts';
import type { WireRequest, WireServer } from '#venue-simulators/wire-server.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { type CoinGeckoAnswer, coinGeckoRest } from './rest.ts';

const start = 1_700_000_000_000;
/** After the way there and back. */
const answeredAt = start + 2;

function sceneWith(answers: readonly HttpAnswer[], { origin = 'https://api.test', apiKey = 'key' } = {}) {
  const clock = new HandClock(start);
  const requests: WireRequest[] = [];
  const server: WireServer = {
    venue: 'coingecko',
    handle: (request, reply) => {
      requests.push(request);
      reply.answer(answers[Math.min(requests.length, answers.length) - 1] ?? jsonAnswer(500, {}));
    },
    openSocket: () => ({ status: 404 }),
    close: () => undefined,
  };
  const network = virtualNetwork({ time: clock, servers: [{ origin, host: 'rest', server, address: 'one' }] });
  const shared = { network, time: clock, address: origin, onNotice: () => undefined };
  const ask = coinGeckoRest(apiKey === '' ? shared : { ...shared, apiKey });
  const answer = async (path: string, query?: Readonly<Record<string, string>>): Promise<CoinGeckoAnswer> => {
    let found: CoinGeckoAnswer | undefined;
    const asked = ask(path, query).then((outcome) => {
      found = outcome;
    });
    await clock.pass(0);
    for (let tries = 0; found === undefined && tries < 200; tries += 1) await clock.pass(tries < 20 ? 1 : 500);
    await asked;
    return found ?? assert.fail('no answer came');
  };
  return { clock, requests, answer };
}

test('a question is asked under the path of the version, with the key in its header', async () => {
  const { requests, answer } = sceneWith([jsonAnswer(200, { coins: [] })]);
  assert.deepEqual(await answer('/a', { b: 'c d' }), { type: 'answered', body: { coins: [] } });
  assert.partialDeepStrictEqual(requests[0], {
    path: '/api/v3/a',
    query: 'b=c+d',
    headers: { 'x-cg-demo-api-key': 'key' },
  });
  const paying = sceneWith([jsonAnswer(200, {})], { origin: 'https://pro-api.test' });
  await paying.answer('/a');
  assert.equal(paying.requests[0]?.headers['x-cg-pro-api-key'], 'key');
  const nobody = sceneWith([jsonAnswer(200, {})], { apiKey: '' });
  await nobody.answer('/a');
  assert.deepEqual(nobody.requests[0]?.headers, { accept: 'application/json' });
});

test('told to be silent, it asks nothing until then', async () => {
  const { clock, requests, answer } = sceneWith([jsonAnswer(429, {}, { 'retry-after': '40' }), jsonAnswer(200, {})]);
  const limited = { type: 'trouble', trouble: 'limited', retryAt: answeredAt + 40_000 } as const;
  assert.deepEqual(await answer('/a'), limited);
  assert.deepEqual(await answer('/b'), limited);
  assert.equal(requests.length, 1);
  await clock.pass(40_000);
  assert.equal((await answer('/a')).type, 'answered');
});

test('a limit without a time is waited for a minute, one without an end three days', async () => {
  const minute = sceneWith([jsonAnswer(429, {})]);
  assert.partialDeepStrictEqual(await minute.answer('/a'), { retryAt: answeredAt + 60_000 });
  const endless = sceneWith([jsonAnswer(429, {}, { 'retry-after': '999999999' })]);
  assert.partialDeepStrictEqual(await endless.answer('/a'), { retryAt: answeredAt + 3 * 86_400_000 });
});

test('what is refused rests for a quarter of an hour', async () => {
  for (const status of [301, 400, 401, 403, 404]) {
    const { answer } = sceneWith([jsonAnswer(status, {})]);
    assert.deepEqual(await answer('/a'), { type: 'trouble', trouble: 'refused', retryAt: answeredAt + 900_000 });
  }
});

test('failures at the other side are tried four times', async () => {
  const { requests, answer } = sceneWith([jsonAnswer(502, {})]);
  assert.partialDeepStrictEqual(await answer('/a'), { type: 'trouble', trouble: 'unreachable' });
  assert.equal(requests.length, 4);
});

test('a success that is no JSON cannot be read', async () => {
  const { answer } = sceneWith([{ status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' }]);
  assert.partialDeepStrictEqual(await answer('/a'), { type: 'trouble', trouble: 'unreadable' });
});

test('within a minute eight calls are the most without a key', async () => {
  const { requests, answer } = sceneWith([jsonAnswer(200, {})], { apiKey: '' });
  const types: string[] = [];
  for (let call = 0; call < 10; call += 1) types.push((await answer('/a')).type);
  assert.deepEqual([types.filter((type) => type === 'answered').length, requests.length], [8, 8]);
});
