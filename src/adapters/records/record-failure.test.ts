import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StaleWriterError } from '#domain/stale-writer-error.ts';
import { parseDatabaseAddress } from './database-address.ts';
import { RecordError } from './record-error.ts';
import { isFileBusy, isGivenUp, recordFailure } from './record-failure.ts';

const address = parseDatabaseAddress('postgres://u:hunter2@db/x');

function errorOf(details: object, message = 'x'): Error {
  return Object.assign(new Error(message), details);
}

function codeOf(error: unknown): unknown {
  return Reflect.get(recordFailure('reading', address, error), 'code');
}

test('a busy file is told from a transaction that was given up, with extended codes too', () => {
  assert.deepEqual(
    [5, 6, 261, 517, 19].map((errcode) => isFileBusy(errorOf({ errcode }))),
    [true, true, true, true, false],
  );
  assert.deepEqual(
    ['40001', '40P01', '23505', ''].map((code) => isGivenUp(errorOf({ code }))),
    [true, true, false, false],
  );
  assert.equal(isFileBusy('text') || isGivenUp(undefined), false);
});

test('a connection that cannot be made or breaks is unreachable, all else has failed', () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', '28P01', '08006', '57P01', '53300', '3D000'])
    assert.equal(codeOf(errorOf({ code })), 'unreachable', code);
  for (const code of ['23505', '42P01', '40001', '57014']) assert.equal(codeOf(errorOf({ code })), 'failed', code);
  assert.equal(codeOf(errorOf({}, 'Connection terminated unexpectedly')), 'unreachable');
  assert.equal(codeOf(errorOf({ errcode: 14 })), 'unreachable');
  assert.equal(codeOf(errorOf({ errcode: 13 })), 'failed');
});

test('a failure says what failed, where and why, and never the password', () => {
  const failure = recordFailure('reading rows', address, new Error("login 'u:hunter2' refused"));
  assert.equal(failure.message, "reading rows at 'postgres://db/x' failed: login 'u:***' refused");
  const several = Object.assign(new AggregateError([new Error('no route'), new Error('refused hunter2')], 'x'), {
    message: '',
  });
  assert.equal(recordFailure('a', address, several).message, "a at 'postgres://db/x' failed: no route; refused ***");
  assert.match(recordFailure('a', address, 'words').message, /failed: words$/);
});

test('errors of our own pass as they are', () => {
  const mistake = Object.assign(new Error('x'), { name: 'AssertionError' });
  for (const error of [new RecordError('newer', 'x'), new StaleWriterError('records', undefined, undefined), mistake])
    assert.equal(recordFailure('a', address, error), error);
});
