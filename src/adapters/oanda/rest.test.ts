import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueAnswer, VenueCall } from '#adapters/wire/venue-client.ts';
import { list, oandaRest } from './rest.ts';

function scene() {
  const calls: VenueCall[] = [];
  const heard: VenueAnswer[] = [];
  const answer: VenueAnswer = { type: 'answered', status: 200, headers: {}, body: {} };
  const rest = oandaRest({
    client: {
      call: async (call) => {
        calls.push(call);
        return answer;
      },
    },
    origin: 'https://rest.oanda.test',
    accountId: '101-004-1435156-001',
    token: 'CANARY',
    onAnswer: (told) => heard.push(told),
  });
  return { rest, calls, heard };
}

test('questions go out as GET, may be asked again, and take one request of the limit', async () => {
  const { rest, calls, heard } = scene();
  await rest.account();
  const [call] = calls;
  assert.deepEqual(call?.prepare(), {
    method: 'GET',
    url: 'https://rest.oanda.test/v3/accounts/101-004-1435156-001',
    headers: { authorization: 'Bearer CANARY', 'accept-datetime-format': 'RFC3339' },
  });
  assert.deepEqual(call?.costs, { requests: 1 });
  assert.equal(call?.isIdempotent, true);
  assert.equal(heard.length, 1);
});

test('F02: an order goes out once, with its body, its deadline and the priority of what it is', async () => {
  const { rest, calls } = scene();
  await rest.createOrder({ order: { units: '-100' } }, { priority: 'reduction', deadlineAt: 5 });
  const [call] = calls;
  const request = call?.prepare();
  assert.equal(call?.isIdempotent, false);
  assert.equal(call?.priority, 'reduction');
  assert.equal(call?.deadlineAt, 5);
  assert.equal(request?.method, 'POST');
  assert.equal(request?.url, 'https://rest.oanda.test/v3/accounts/101-004-1435156-001/orders');
  assert.equal(request?.headers['content-type'], 'application/json');
  assert.equal(request?.body, '{"order":{"units":"-100"}}');
});

test('a cancel names the order by our id, may be sent again, and goes first', async () => {
  const { rest, calls } = scene();
  await rest.cancelOrder('@tw-run-1');
  assert.equal(calls[0]?.prepare().url.endsWith('/orders/@tw-run-1/cancel'), true);
  assert.equal(calls[0]?.prepare().method, 'PUT');
  assert.equal(calls[0]?.priority, 'reduction');
  assert.equal(calls[0]?.isIdempotent, true);
});

test('what is put into an address is written for it', async () => {
  const { rest, calls } = scene();
  await rest.order('@a/b c');
  await rest.candles('EUR_USD', 0, 60_000, 'background');
  await rest.pricing(['EUR_USD', 'USD_JPY']);
  assert.equal(calls[0]?.prepare().url.split('/orders/')[1], '@a%2Fb%20c');
  assert.equal(
    calls[1]?.prepare().url.split('/v3')[1],
    '/instruments/EUR_USD/candles?granularity=M1&price=BAM&from=1970-01-01T00%3A00%3A00.000000000Z&to=1970-01-01T00%3A01%3A00.000000000Z',
  );
  assert.equal(calls[2]?.prepare().url.split('?')[1], 'instruments=EUR_USD%2CUSD_JPY');
  assert.equal(list([]), '');
});

test('replacing and closing are never sent twice', async () => {
  const { rest, calls } = scene();
  await rest.replaceOrder('7', {}, { priority: 'normal' });
  await rest.replaceTradeOrders('8', {}, { priority: 'reduction' });
  await rest.closePosition('EUR_USD', { longUnits: 'ALL' });
  assert.deepEqual(
    calls.map((call) => [call.isIdempotent, call.prepare().method, call.prepare().url.split('1435156-001')[1]]),
    [
      [false, 'PUT', '/orders/7'],
      [false, 'PUT', '/trades/8/orders'],
      [false, 'PUT', '/positions/EUR_USD/close'],
    ],
  );
});
