import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BudgetDenial } from '#adapters/wire/rate-budget.ts';
import type { HttpRequest, NetworkPort, StreamListener } from '#engine/ports.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { lineStream, pricingStreamUrl, transactionStreamUrl } from './stream.ts';

const encoder = new TextEncoder();

function scene(taken: 'taken' | BudgetDenial = 'taken') {
  const clock = new HandClock();
  const told: unknown[] = [];
  const begun: { request: HttpRequest; listener: StreamListener; isClosed: boolean }[] = [];
  const costs: object[] = [];
  const network: NetworkPort = {
    request: () => Promise.reject(new Error('no requests here')),
    stream: (request, listener) => {
      const attempt = { request, listener, isClosed: false };
      begun.push(attempt);
      return {
        close: () => {
          attempt.isClosed = true;
        },
      };
    },
    socket: () => {
      throw new Error('no sockets here');
    },
  };
  const stream = lineStream({
    network,
    time: clock,
    budget: {
      take: async (cost) => {
        costs.push(cost);
        return taken;
      },
    },
    name: 'a stream',
    url: 'https://stream.test/x',
    token: 'CANARY',
    onUp: () => told.push('up'),
    onDown: (reason) => told.push(`down: ${reason}`),
    onValue: (value) => told.push(value),
    onBadLine: (line) => told.push(`bad: ${line}`),
    onStatus: (status) => told.push(status),
  });
  const current = (): StreamListener => begun.at(-1)?.listener ?? assert.fail('no stream was begun');
  return { clock, told, begun, costs, stream, current };
}

test('a stream takes one connection of the limit, shows the key, and is up with its status', async () => {
  const { clock, told, begun, costs, stream, current } = scene();
  stream.open();
  await clock.pass(0);
  assert.deepEqual(costs, [{ connections: 1 }]);
  assert.equal(begun[0]?.request.headers['authorization'], 'Bearer CANARY');
  current().onOpen({ status: 200, headers: {} });
  current().onBytes(encoder.encode('{"a":1}\n{"b'));
  current().onBytes(encoder.encode('":8389766145050669870}\r\n\n'));
  assert.deepEqual(told, [200, 'up', { a: 1 }, { b: '8389766145050669870' }]);
});

test('another status is not up, and is tried again after a wait', async () => {
  const { clock, told, begun, stream, current } = scene();
  stream.open();
  await clock.pass(0);
  current().onOpen({ status: 503, headers: {} });
  current().onBytes(encoder.encode('{"errorMessage":"no"}\n'));
  current().onClose('ended');
  assert.deepEqual(told, [503, "down: 'a stream' was answered with status '503'"]);
  assert.equal(begun[0]?.isClosed, true);
  await clock.pass(2_000);
  assert.equal(begun.length, 2);
});

test('after its end nothing of a stream is heard', async () => {
  const { clock, told, stream, current } = scene();
  stream.open();
  await clock.pass(0);
  current().onOpen({ status: 200, headers: {} });
  stream.close();
  current().onBytes(encoder.encode('{"a":1}\n'));
  assert.deepEqual(told, [200, 'up']);
});

test('a stream that is closed before there was room for it is never begun', async () => {
  const { clock, begun, stream } = scene();
  stream.open();
  stream.close();
  await clock.pass(10);
  assert.equal(begun.length, 0);
});

test('without room for another connection it waits', async () => {
  const { clock, told, begun, stream } = scene({ denied: 'PAUSED', reason: 'a ban', retryAt: 0 });
  stream.open();
  await clock.pass(0);
  assert.deepEqual(told, ['down: a ban']);
  assert.equal(begun.length, 0);
});

test('a line that is no JSON is told without the key, and the next one is read', async () => {
  const { clock, told, stream, current } = scene();
  stream.open();
  await clock.pass(0);
  current().onOpen({ status: 200, headers: {} });
  current().onBytes(encoder.encode('Bearer CANARY\n{"a":1}\n'));
  assert.deepEqual(told.slice(2), ['bad: Bearer [secret]', { a: 1 }]);
});

test('addresses name the account and the instruments', () => {
  assert.equal(
    pricingStreamUrl('https://s.test', '101-1', ['EUR_USD', 'USD_JPY']),
    'https://s.test/v3/accounts/101-1/pricing/stream?instruments=EUR_USD%2CUSD_JPY&snapshot=true',
  );
  assert.equal(transactionStreamUrl('https://s.test', '101-1'), 'https://s.test/v3/accounts/101-1/transactions/stream');
});
