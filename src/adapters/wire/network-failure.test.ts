import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NetworkError } from '#domain/network-error.ts';
import { codeOf, networkFailure, requestName } from './network-failure.ts';

const failed = (code: string): Error => Object.assign(new Error('GET /v3/accounts/secret failed'), { code });

test('only what ends before a request is written is certain not to have arrived', () => {
  const certain = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'CERT_HAS_EXPIRED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'];
  certain.push('DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID');
  for (const code of certain) assert.equal(networkFailure('x', failed(code)).mayHaveArrived, false, code);
  const open = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_ABORTED'];
  open.push('UND_ERR_RES_EXCEEDED_MAX_SIZE', 'EPROTO', 'NOT_ECONNREFUSED', '');
  for (const code of open) assert.equal(networkFailure('x', failed(code)).mayHaveArrived, true, code);
});

test('a failure says what was asked and the code, and nothing of the path', () => {
  const what = requestName('POST', 'https://rest.test/v3/accounts/secret/orders?signature=secret');
  const error = networkFailure(what, failed('ECONNRESET'));
  assert.equal(error.message, "'POST' to 'rest.test': 'ECONNRESET'");
  assert.equal(requestName('GET', 'https://user:secret@rest.test/'), "'GET' to 'rest.test'");
  assert.equal(requestName('GET', 'secret'), "'GET' to 'an address that is none'");
});

test('an error that is one already stays as it is', () => {
  const error = new NetworkError('late', true);
  assert.equal(networkFailure('x', error), error);
});

test('the code may lie in the cause', () => {
  assert.equal(codeOf(new Error('failed', { cause: failed('ECONNREFUSED') })), 'ECONNREFUSED');
  assert.equal(codeOf(new TypeError('failed')), 'TypeError');
  assert.equal(codeOf(Object.assign(new Error('failed'), { code: 5 })), 'Error');
  assert.equal(codeOf('failed'), 'unknown');
});
