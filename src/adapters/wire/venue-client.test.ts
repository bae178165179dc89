import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NetworkError } from '#domain/network-error.ts';
import type { HttpAnswer, HttpRequest, NetworkPort } from '#engine/ports.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { RateBudget } from './rate-budget.ts';
import { type VenueAnswer, type VenueCall, VenueClient } from './venue-client.ts';

const start = 1_700_000_000_000;
const windows = [{ name: 'weight', capacity: 2_400, windowMs: 60_000 }];

type Step = Partial<HttpAnswer> | Error;

/** A venue that gives the answers of a list, the last one ever after, and writes down when it was asked. */
function scene(steps: readonly Step[], { bans }: { bans?: { read(): undefined; write(): void } } = {}) {
  const time = new HandClock(start);
  const asked: { readonly at: number; readonly request: HttpRequest; readonly timeoutMs: number }[] = [];
  const notices: string[] = [];
  const network: Pick<NetworkPort, 'request'> = {
    request: async (request, timeoutMs) => {
      const step = steps[Math.min(asked.length, steps.length - 1)] ?? {};
      asked.push({ at: time.now() - start, request, timeoutMs });
      if (step instanceof Error) throw step;
      return { status: 200, headers: {}, body: '{}', ...step };
    },
  };
  const unused = (): never => assert.fail('not asked for');
  const budget = new RateBudget({ time, windows, ...(bans === undefined ? {} : { bans }) });
  const breaker = new CircuitBreaker({ time });
  const client = new VenueClient({
    network: { ...network, stream: unused, socket: unused },
    time,
    budget,
    breaker,
    onNotice: (text) => void notices.push(text),
    usedHeaders: { 'x-mbx-used-weight-1m': 'weight' },
  });
  return { time, asked, notices, budget, breaker, client };
}

function callOf(time: HandClock, options: Partial<VenueCall> = {}): VenueCall {
  return {
    prepare: () => ({ method: 'GET', url: `https://rest.test/x?timestamp=${time.now()}`, headers: {} }),
    costs: { weight: 1 },
    priority: 'normal',
    isIdempotent: true,
    ...options,
  };
}

/** Calls, and lets so much time pass. */
async function outcome(
  { client, time }: ReturnType<typeof scene>,
  options: Partial<VenueCall> = {},
  ms = 60_000,
): Promise<VenueAnswer> {
  const answer = client.call(callOf(time, options));
  await time.pass(0);
  await time.pass(ms);
  return answer;
}

const order = { isIdempotent: false } as const;
const html = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' };
const timeout = new NetworkError('no answer within 10000 ms', true);
const refused = new NetworkError('nothing listens', false);

test('an answer is given with status, headers and exact numbers, whatever its status', async () => {
  const ok = await outcome(scene([{ headers: { 'x-a': '1' }, body: '{"orderId":8389766145050669871}' }]));
  assert.deepEqual(ok, {
    type: 'answered',
    status: 200,
    headers: { 'x-a': '1' },
    body: { orderId: '8389766145050669871' },
  });
  const refusal = await outcome(scene([{ status: 400, body: '{"code":-1121,"msg":"Invalid symbol."}' }]));
  assert.deepEqual(refusal, {
    type: 'answered',
    status: 400,
    headers: {},
    body: { code: -1121, msg: 'Invalid symbol.' },
  });
  assert.deepEqual(await outcome(scene([{ body: 'null' }])), {
    type: 'answered',
    status: 200,
    headers: {},
    body: null,
  });
});

test('what may be done twice is tried three times more, after 200, 400 and 800 ms, each time made anew', async () => {
  for (const step of [timeout, refused, html, { status: 503, body: '{}' }, { status: 408, body: '{}' }, { body: '' }]) {
    const venue = scene([step]);
    await outcome(venue);
    assert.deepEqual(
      venue.asked.map(({ at, request }) => [at, request.url]),
      [0, 200, 600, 1_400].map((at) => [at, `https://rest.test/x?timestamp=${start + at}`]),
    );
  }
});

test('tries end with the first answer that is one', async () => {
  const venue = scene([timeout, html, { body: '[1]' }]);
  assert.deepEqual(await outcome(venue), { type: 'answered', status: 200, headers: {}, body: [1] });
  assert.equal(venue.asked.length, 3);
});

test('an order is sent once, whatever comes of it', async () => {
  for (const step of [
    timeout,
    refused,
    html,
    { status: 503, body: '{}' },
    { status: 500, body: '' },
    new TypeError('boom'),
  ]) {
    const venue = scene([step]);
    await outcome(venue, order);
    assert.equal(venue.asked.length, 1);
  }
});

test('a refusal by the venue is not asked for again', async () => {
  for (const step of [
    { status: 400, body: '{}' },
    { status: 403, body: '<html>' },
    { status: 429, body: '' },
  ]) {
    const venue = scene([step]);
    await outcome(venue);
    assert.equal(venue.asked.length, 1);
  }
});

test('what may have arrived is unknown, what cannot have is denied', async () => {
  assert.deepEqual(await outcome(scene([timeout]), order), { type: 'unknown', reason: 'no answer within 10000 ms' });
  assert.deepEqual(await outcome(scene([refused]), order, 0), {
    type: 'denied',
    code: 'UNREACHABLE',
    reason: 'nothing listens',
    retryAt: start,
  });
  assert.deepEqual(await outcome(scene([new TypeError('secret')]), order), {
    type: 'unknown',
    reason: "the network failed: 'TypeError'",
  });
});

test('a later try that did not leave does not hide an earlier one that did', async () => {
  assert.equal((await outcome(scene([timeout, refused]))).type, 'unknown');
  const paused = scene([timeout]);
  const answer = paused.client.call(callOf(paused.time));
  await paused.time.pass(0);
  paused.budget.pause(start + 100_000, 'elsewhere');
  await paused.time.pass(60_000);
  assert.equal((await answer).type, 'unknown');
});

test('what is no JSON is unknown, with any status', async () => {
  for (const [status, body] of [
    [200, '<html>'],
    [200, ''],
    [502, '<html>'],
    [200, '\u001f\ufffd\b\0\0'],
    [201, '{"a":'],
  ] as const) {
    const headers = { 'content-type': 'text/html' };
    assert.deepEqual(await outcome(scene([{ status, body, headers }]), order), {
      type: 'unknown',
      reason: `JSON was expected, found '${body.length}' characters of 'text/html' with status '${status}'`,
      status,
    });
  }
});

test('nothing leaves while the venue wants a pause, and the answer that said so is passed on', async () => {
  const venue = scene([
    { status: 429, headers: { 'retry-after': '30' }, body: '{"code":-1003,"msg":"Too many requests."}' },
  ]);
  const first = await outcome(venue, order, 0);
  assert.equal(first.type === 'answered' && first.status, 429);
  assert.equal(venue.budget.pausedUntil(), start + 30_000);
  const second = await outcome(venue, { ...order, priority: 'reduction', timeoutMs: 29_999 }, 0);
  assert.deepEqual(second, {
    type: 'denied',
    code: 'PAUSED',
    reason: `the venue is not asked until '${start + 30_000}': the venue answered '429'`,
    retryAt: start + 30_000,
  });
  await outcome(venue, { ...order, timeoutMs: 30_000 }, 30_000);
  assert.deepEqual(
    venue.asked.map(({ at }) => at),
    [0, 30_000],
  );
  assert.equal(venue.notices[0], `the venue answered '429' and is not asked until '${start + 30_000}'`);
});

test('a ban is honoured until the instant that its words name', async () => {
  const body = `{"code":-1003,"msg":"Way too many requests; IP banned until ${start + 600_000}."}`;
  const venue = scene([{ status: 418, body }]);
  await outcome(venue, {}, 0);
  assert.equal(venue.budget.pausedUntil(), start + 601_000);
  const page = scene([{ status: 418, headers: { 'retry-after': '7' }, body: '<html>' }]);
  assert.equal((await outcome(page, {}, 0)).type, 'unknown');
  assert.equal(page.budget.pausedUntil(), start + 7_000);
});

test('a pause that cannot be kept is told, and holds', async () => {
  const full = Object.assign(new Error('no space left on the device'), { code: 'ENOSPC' });
  const bans = {
    read: () => undefined,
    write: () => {
      throw full;
    },
  };
  const venue = scene([{ status: 429, body: '{}' }], { bans });
  assert.equal((await outcome(venue, {}, 0)).type, 'answered');
  assert.equal(venue.budget.pausedUntil(), start + 5_000);
  assert.match(venue.notices[0] ?? '', /could not be kept for the next start: 'ENOSPC'/);
});

test('what the venue counted is learned from every answer', async () => {
  const venue = scene([{ status: 500, headers: { 'x-mbx-used-weight-1m': '1536' }, body: '{}' }]);
  await outcome(venue, order, 0);
  assert.equal((await outcome(venue, { ...order, timeoutMs: 100 }, 0)).type, 'denied');
  assert.equal((await outcome(venue, { ...order, priority: 'reduction' }, 0)).type, 'answered');
  const garbled = scene([{ headers: { 'x-mbx-used-weight-1m': 'many' } }]);
  assert.equal((await outcome(garbled, order, 0)).type, 'answered');
});

test('after five failures only reductions are still asked for', async () => {
  const venue = scene([timeout]);
  for (let time = 0; time < 5; time++) await outcome(venue, { ...order, priority: 'reduction' }, 1_000);
  assert.deepEqual(venue.notices, ["the venue failed too often; it is asked again in '30000' ms"]);
  for (const priority of ['normal', 'background'] as const) {
    assert.deepEqual(await outcome(venue, { ...order, priority }, 0), {
      type: 'denied',
      code: 'BREAKER',
      reason: 'the venue failed too often of late',
      retryAt: start + 34_000,
    });
  }
  assert.equal((await outcome(venue, { ...order, priority: 'reduction' }, 0)).type, 'unknown');
  assert.equal(venue.asked.length, 6);
});

test('a refusal is a sign of life', async () => {
  const venue = scene([timeout, timeout, timeout, timeout, { status: 400, body: '{}' }, timeout]);
  for (let time = 0; time < 6; time++) await outcome(venue, order, 0);
  assert.equal(venue.breaker.isOpen(), false);
});

test('an order older than its deadline is never sent', async () => {
  const venue = scene([{}]);
  const late = { type: 'denied', code: 'DEADLINE', reason: 'the time was over before it could leave', retryAt: start };
  assert.deepEqual(await outcome(venue, { ...order, deadlineAt: start - 1 }, 0), late);
  assert.equal((await outcome(venue, { ...order, deadlineAt: start }, 0)).type, 'answered');
  await venue.budget.take({ weight: 1_535 }, 'normal', 0);
  const held = await outcome(venue, { ...order, deadlineAt: start + 5_000 }, 0);
  assert.equal(held.type === 'denied' && held.code, 'LIMIT');
  assert.equal(venue.asked.length, 1);
});

test('an order whose turn comes late because the machine stood still is not sent', async () => {
  const venue = scene([{}]);
  await venue.budget.take({ weight: 1_536 }, 'normal', 0);
  await venue.time.pass(59_000);
  const answer = venue.client.call(callOf(venue.time, { ...order, deadlineAt: start + 61_000 }));
  await venue.time.pass(0);
  venue.time.jump(6_000);
  await venue.time.pass(0);
  const { type, code } = { code: '', ...(await answer) };
  assert.deepEqual([type, code, venue.asked.length], ['denied', 'DEADLINE', 0]);
});

test('a clock that steps back gives an old order no more time', async () => {
  const venue = scene([{}]);
  let steppedMs = 0;
  const stepping = Object.assign(Object.create(venue.time), { now: () => venue.time.now() - steppedMs });
  const client = new VenueClient({
    network: { request: () => assert.fail('sent'), stream: () => assert.fail(''), socket: () => assert.fail('') },
    time: {
      now: stepping.now,
      monotonic: () => venue.time.now(),
      after: (ms, act) => venue.time.after(ms, act),
      random: () => 0.5,
    },
    budget: venue.budget,
    breaker: venue.breaker,
    onNotice: () => undefined,
  });
  await venue.budget.take({ weight: 1_536 }, 'normal', 0);
  await venue.time.pass(59_000);
  const answer = client.call(callOf(venue.time, { ...order, deadlineAt: start + 61_000 }));
  await venue.time.pass(0);
  steppedMs = 5_000;
  venue.time.jump(3_000);
  await venue.time.pass(0);
  const { code } = { code: '', ...(await answer) };
  assert.equal(code, 'DEADLINE');
});

test('the time to answer is ten seconds unless the call says otherwise', async () => {
  const venue = scene([{}]);
  await outcome(venue, order, 0);
  await outcome(venue, { ...order, timeoutMs: 2_000 }, 0);
  assert.deepEqual(
    venue.asked.map(({ timeoutMs }) => timeoutMs),
    [10_000, 2_000],
  );
});
