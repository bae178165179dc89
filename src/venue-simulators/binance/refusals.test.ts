import assert from 'node:assert/strict';
import { test } from 'node:test';
import { banned, isRefusal, missingParameter, refusals, tooManyOrders, tooManyRequests } from './refusals.ts';

test('a request outside the window and one from the future share a code and differ in the text', () => {
  assert.equal(refusals.behind.code, -1021);
  assert.equal(refusals.ahead.code, -1021);
  assert.notEqual(refusals.behind.msg, refusals.ahead.msg);
});

test('refusals are HTTP 400, but for keys and limits', () => {
  const others = Object.values(refusals).filter(({ status }) => status !== 400);
  assert.deepEqual(
    others.map(({ code, status }) => ({ code, status })),
    [
      { code: -2014, status: 401 },
      { code: -2015, status: 401 },
    ],
  );
  assert.equal(tooManyRequests('10.0.0.1', 2400, 7).status, 429);
  assert.equal(tooManyOrders(300, 'TEN_SECONDS', 7).code, -1015);
});

test('a ban names the address and its end', () => {
  const { status, msg, retryAfter } = banned('10.0.0.1', 1_700_000_120_000, 120);
  assert.equal(status, 418);
  assert.match(msg, /IP\(10\.0\.0\.1\) banned until 1700000120000\./);
  assert.equal(retryAfter, 120);
});

test('a refusal is told from an order by its type', () => {
  assert.equal(isRefusal(missingParameter('symbol')), true);
  assert.equal(isRefusal({ type: 'LIMIT', status: 'NEW', code: 200, msg: '' }), false);
});
