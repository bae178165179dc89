import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedPauseUntil } from './asked-pause.ts';

const now = 1_700_000_000_000;

function asked(status: number, retryAfter?: string, body: unknown = {}): number | undefined {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  const until = askedPauseUntil({ status, headers, body: '' }, body, now);
  return until === undefined ? undefined : until - now;
}

test('the header of a 429 or 418 says how long, in seconds or as a date', () => {
  assert.equal(asked(429, '37'), 37_000);
  assert.equal(asked(418, '259200'), 259_200_000);
  assert.equal(asked(429, 'Tue, 14 Nov 2023 22:15:20 GMT'), 120_000);
});

test('without a usable header it is seconds for a 429 and two minutes for a ban', () => {
  assert.equal(asked(429), 5_000);
  assert.equal(asked(418), 120_000);
  assert.equal(asked(429, 'soon'), 5_000);
  assert.equal(asked(429, '-1e9 years'), 5_000);
});

test('a pause is a second at least', () => {
  assert.equal(asked(429, '0'), 1_000);
  assert.equal(asked(429, 'Tue, 14 Nov 2013 22:15:20 GMT'), 1_000);
});

test('a ban told in words counts a second longer, with any status', () => {
  const body = {
    code: -1003,
    msg: `Way too many requests; IP(203.0.113.9) banned until ${now + 60_000}. Please use the websocket.`,
  };
  assert.equal(asked(418, undefined, body), 61_000);
  assert.equal(asked(400, undefined, body), 61_000);
  assert.equal(asked(418, '30', body), 61_000);
  assert.equal(asked(418, '120', body), 120_000);
});

test('other answers ask for nothing', () => {
  assert.equal(asked(200, '30'), undefined);
  assert.equal(asked(503, '30'), undefined);
  assert.equal(asked(400, undefined, { code: -1121, msg: `banned until ${now + 60_000}` }), undefined);
  assert.equal(asked(400, undefined, { code: -1003, msg: 'Too many requests.' }), undefined);
  assert.equal(asked(400, undefined, null), undefined);
  assert.equal(asked(400, undefined, { code: -1003, msg: 5 }), undefined);
});
