import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpAnswer } from '#engine/ports.ts';
import { jsonAnswer } from '#venue-simulators/social/json-answer.ts';
import { simulatedPosts } from '#venue-simulators/social/simulated-post.ts';
import { XServer } from '#venue-simulators/social/x-server.ts';
import { virtualNetwork } from '#venue-simulators/virtual-network.ts';
import type { WireRequest, WireServer } from '#venue-simulators/wire-server.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { type PageAnswer, xRest } from './rest.ts';

const origin = 'https://api.x.test';
const none = { meta: { result_count: 0 } };

/** Asks one page of a server that answers as it is told, one answer a try, and lets time pass until there is an outcome. */
async function asked(answers: readonly (HttpAnswer | 'reset')[]) {
  const clock = new HandClock(1_700_000_000_000);
  const requests: WireRequest[] = [];
  const triedAt: number[] = [];
  const server: WireServer = {
    venue: 'x',
    handle: (request, reply) => {
      requests.push(request);
      triedAt.push(clock.now() - 1_700_000_000_000);
      const answer = answers[requests.length - 1] ?? answers.at(-1);
      if (answer === undefined || answer === 'reset') reply.reset();
      else reply.answer(answer);
    },
    openSocket: () => ({ status: 404 }),
    close: () => undefined,
  };
  const ask = askOver(clock, server);
  const outcome = await settled(clock, ask({ query: '$BTC', startAt: clock.now() - 60_000 }));
  return { outcome, requests, triedAt, clock, ask };
}

function askOver(clock: HandClock, server: WireServer) {
  const network = virtualNetwork({ time: clock, servers: [{ origin, host: 'rest', server, address: 'one' }] });
  return xRest({ network, time: clock, address: origin, token: 'secret', onNotice: () => undefined });
}

async function settled(clock: HandClock, promise: Promise<PageAnswer>): Promise<PageAnswer> {
  let outcome: PageAnswer | undefined;
  const noted = promise.then((answer) => {
    outcome = answer;
  });
  await clock.pass(0);
  for (let seconds = 0; outcome === undefined && seconds < 120; seconds += 1) await clock.pass(1_000);
  assert.notEqual(outcome, undefined, 'an outcome came within two minutes');
  await noted;
  return promise;
}

test('a page is asked for with the token, a hundred posts from the start on', async () => {
  const { outcome, requests } = await asked([jsonAnswer(200, none)]);
  assert.equal(outcome.type, 'page');
  assert.equal(requests[0]?.headers['authorization'], 'Bearer secret');
  assert.equal(
    requests[0]?.query,
    'query=%24BTC&max_results=100&start_time=2023-11-14T22%3A12%3A20Z&tweet.fields=author_id%2Ccreated_at%2Clang',
  );
});

test('what fails at the other side is tried four times, ever later', async () => {
  const { outcome, triedAt } = await asked([jsonAnswer(503, {})]);
  assert.partialDeepStrictEqual(outcome, { type: 'trouble', trouble: 'unreachable' });
  // Half and one and two seconds, and two milliseconds for the way there and back.
  assert.deepEqual(triedAt, [1, 503, 1_505, 3_507]);
  const ended = await asked(['reset', 'reset', jsonAnswer(200, none)]);
  assert.deepEqual([ended.outcome.type, ended.requests.length], ['page', 3]);
});

test('a limit that ends soon is waited for, four tries in all', async () => {
  const soon = { 'x-rate-limit-reset': String(1_700_000_003) };
  const { outcome, triedAt } = await asked([jsonAnswer(429, {}, soon), jsonAnswer(200, none)]);
  assert.deepEqual([outcome.type, triedAt.length], ['page', 2]);
  const unnamed = await asked([jsonAnswer(429, {})]);
  assert.partialDeepStrictEqual(unnamed.outcome, { type: 'trouble', trouble: 'limited' });
  assert.equal(unnamed.requests.length, 4);
});

test('a limit that lasts silences every question until its end, and half an hour at most', async () => {
  const later = { 'x-rate-limit-reset': String(1_700_000_900) };
  const { outcome, requests, ask, clock } = await asked([jsonAnswer(429, {}, later), jsonAnswer(200, none)]);
  assert.deepEqual(outcome, { type: 'trouble', trouble: 'limited', retryAt: 1_700_000_900_000 });
  const question = { query: '$ETH', startAt: clock.now() - 60_000 };
  assert.partialDeepStrictEqual(await settled(clock, ask(question)), {
    trouble: 'limited',
    retryAt: 1_700_000_900_000,
  });
  assert.equal(requests.length, 1);
  await clock.pass(1_700_000_900_000 - clock.now());
  assert.equal((await settled(clock, ask(question))).type, 'page');

  const never = { 'x-rate-limit-reset': '9999999999' };
  const longest = await asked([jsonAnswer(429, {}, never)]);
  assert.partialDeepStrictEqual(longest.outcome, { trouble: 'limited', retryAt: 1_700_000_000_002 + 1_800_000 });
});

test('a refusal is not tried again, and for a quarter of an hour not asked again', async () => {
  for (const status of [400, 401, 403]) {
    const { outcome, requests } = await asked([jsonAnswer(status, { title: 'Unauthorized' })]);
    assert.deepEqual(outcome, { type: 'trouble', trouble: 'refused', retryAt: 1_700_000_000_002 + 900_000 });
    assert.equal(requests.length, 1);
  }
});

test('what cannot be read is told as such', async () => {
  const html = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>hello</html>' };
  for (const answer of [html, { ...html, body: '' }, jsonAnswer(200, []), jsonAnswer(200, { data: [] })]) {
    const { outcome, requests } = await asked([answer]);
    assert.partialDeepStrictEqual(outcome, { type: 'trouble', trouble: 'unreadable' });
    assert.equal(requests.length, 1);
  }
});

test('four fifths of what the plan allows are used, whatever the plan is', async () => {
  const clock = new HandClock();
  const crowd = { symbol: 'BTC', seed: 7, untilAt: clock.now() - 60_000, count: 1, everyMs: 1, praiseFraction: 1 };
  const server = new XServer({ time: clock, token: 'secret', postsOf: () => simulatedPosts(crowd), callsMax: 10 });
  const ask = askOver(clock, server);
  const question = { query: '$BTC', startAt: clock.now() - 3_600_000 };
  const outcomes: string[] = [];
  for (let call = 0; call < 12; call += 1) outcomes.push((await settled(clock, ask(question))).type);
  assert.equal(outcomes.filter((type) => type === 'page').length, 8);
  assert.equal(server.queries.length, 8);
});
