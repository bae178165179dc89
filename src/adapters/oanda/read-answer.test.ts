import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import type { VenueError } from '#domain/venue-error.ts';
import { readAnswer, refusalOf } from './read-answer.ts';

const schema = z.looseObject({ name: z.string() });

function answered(status: number, body: unknown): VenueAnswer {
  return { type: 'answered', status, headers: {}, body };
}

function problemOf(answer: VenueAnswer): Pick<VenueError, 'kind' | 'code'> {
  try {
    readAnswer(answer, schema, 'the name');
  } catch (error) {
    const { kind, code } = error as VenueError;
    return { kind, code };
  }
  return assert.fail('a VenueError was expected');
}

test('an answer that says yes is read in its shape, with keys that are not known', () => {
  assert.deepEqual(readAnswer(answered(200, { name: 'a', more: 1 }), schema, 'the name'), { name: 'a', more: 1 });
});

test('what is no usable answer says why', () => {
  assert.deepEqual(problemOf({ type: 'denied', code: 'PAUSED', reason: 'ban', retryAt: 1 }), {
    kind: 'denied',
    code: 'PAUSED',
  });
  assert.deepEqual(problemOf({ type: 'unknown', reason: 'reset' }), { kind: 'unreachable', code: 'NO_ANSWER' });
  assert.deepEqual(problemOf({ type: 'unknown', reason: 'HTML', status: 502 }), { kind: 'unreachable', code: '502' });
  assert.deepEqual(problemOf(answered(200, [])), { kind: 'unreachable', code: 'MALFORMED' });
  assert.deepEqual(problemOf(answered(401, { errorMessage: 'Insufficient authorization to perform request.' })), {
    kind: 'refused',
    code: 'HTTP_401',
  });
  assert.deepEqual(problemOf(answered(429, {})), { kind: 'denied', code: 'HTTP_429' });
  assert.deepEqual(problemOf(answered(503, null)), { kind: 'unreachable', code: 'HTTP_503' });
});

test('a refusal is named by its reject transaction, else by its code, else by its status', () => {
  const orderRejectTransaction = { id: '6864', type: 'LIMIT_ORDER_REJECT', time: '0', rejectReason: 'UNITS_INVALID' };
  assert.deepEqual(refusalOf(400, { orderRejectTransaction, errorCode: 'X', errorMessage: 'no' }), {
    code: 'UNITS_INVALID',
    message: 'no',
  });
  assert.deepEqual(refusalOf(404, { errorCode: 'NO_SUCH_TRADE' }), { code: 'NO_SUCH_TRADE', message: "status '404'" });
  assert.deepEqual(refusalOf(400, { errorMessage: 'only words' }), { code: 'HTTP_400', message: 'only words' });
  assert.deepEqual(refusalOf(400, 'text'), { code: 'HTTP_400', message: "status '400'" });
});
