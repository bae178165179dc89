import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireRequest } from '../wire-server.ts';
import { decoded, failed, formatOf, ok, readBody, readQuery, wireAnswer } from './exchange.ts';

const request: WireRequest = { method: 'GET', headers: {}, host: 'rest', path: '/', query: '', address: 'a' };

test('a query is read whatever it ends with, and of one name the last counts', () => {
  assert.deepEqual(
    [...readQuery('instruments=EUR_USD%2CUSD_JPY&a+b=c+d&x=1&x=2&empty&')],
    [
      ['instruments', 'EUR_USD,USD_JPY'],
      ['a b', 'c d'],
      ['x', '2'],
      ['empty', ''],
    ],
  );
  assert.equal(decoded('%zz'), '%zz');
  assert.equal(decoded('a+b'), 'a+b');
});

test('instants are in the format asked for', () => {
  assert.equal(formatOf(request), 'RFC3339');
  assert.equal(formatOf({ ...request, headers: { 'accept-datetime-format': 'unix' } }), 'UNIX');
});

test('an answer carries its request id, and where what was created lies', () => {
  const answer = wireAnswer({ status: 201, body: { a: 1 }, location: '/v3/x' }, { format: 'RFC3339', requestId: '42' });
  assert.equal(answer.body, '{"a":1}');
  assert.deepEqual([answer.headers['requestid'], answer.headers['location']], ['42', '/v3/x']);
  assert.equal('location' in wireAnswer(ok({}), { format: 'RFC3339', requestId: '42' }).headers, false);
  assert.deepEqual(failed(404, 'no', { errorCode: 'X' }), {
    status: 404,
    body: { errorCode: 'X', errorMessage: 'no' },
  });
});

test('no body is an empty object, and what is no JSON is nothing', () => {
  assert.deepEqual(readBody(request), {});
  assert.deepEqual(readBody({ ...request, body: '{"a":1}' }), { a: 1 });
  assert.equal(readBody({ ...request, body: '{' }), undefined);
});
