import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { readParameters } from './call-parameters.ts';
import { keyRefusal, type SignedCall, signatureRefusal } from './signature-check.ts';

const key = { apiKey: 'abc123', apiSecret: 'secret' };
const now = 1_700_000_000_000;

function digest(text: string): string {
  return createHmac('sha256', key.apiSecret).update(text).digest('hex');
}

function call(query: string, body = ''): SignedCall {
  return { apiKey: key.apiKey, query, body, parameters: readParameters(query, body) ?? new Map() };
}

function signed(text: string): SignedCall {
  return call(`${text}&signature=${digest(text)}`);
}

test('a key is missing, strange, unknown or revoked', () => {
  assert.equal(keyRefusal(undefined, key, false)?.code, -2014);
  assert.equal(keyRefusal('a b', key, false)?.code, -2014);
  assert.equal(keyRefusal('abc124', key, false)?.code, -2015);
  assert.equal(keyRefusal('abc123', key, true)?.code, -2015);
  assert.equal(keyRefusal('abc123', key, false), undefined);
});

test('a signature in the query, in the body and over both is taken', () => {
  assert.equal(signatureRefusal(signed(`a=1&timestamp=${now}`), key, now), undefined);
  const text = `a=1&timestamp=${now}`;
  assert.equal(signatureRefusal(call('', `${text}&signature=${digest(text)}`), key, now), undefined);
  const mixed = call('symbol=BTCUSDT', `timestamp=${now}&signature=${digest(`symbol=BTCUSDTtimestamp=${now}`)}`);
  assert.equal(signatureRefusal(mixed, key, now), undefined);
});

test('hex digits of a signature may be of either case', () => {
  const text = `timestamp=${now}`;
  assert.equal(signatureRefusal(call(`${text}&signature=${digest(text).toUpperCase()}`), key, now), undefined);
});

test('another text than the signed one is refused', () => {
  assert.equal(signatureRefusal(call(`timestamp=${now}&signature=${digest('timestamp=1')}`), key, now)?.code, -1022);
  assert.equal(signatureRefusal(call(`timestamp=${now}&signature=zz`), key, now)?.code, -1022);
});

test('time and signature are mandatory', () => {
  assert.match(signatureRefusal(call('signature=ab'), key, now)?.msg ?? '', /'timestamp'/);
  assert.match(signatureRefusal(call(`timestamp=${now}`), key, now)?.msg ?? '', /'signature'/);
});

test('a request may be as old as its window and less than a second ahead', () => {
  assert.equal(signatureRefusal(signed(`timestamp=${now - 5_000}`), key, now), undefined);
  assert.match(signatureRefusal(signed(`timestamp=${now - 5_001}`), key, now)?.msg ?? '', /outside of the recvWindow/);
  assert.equal(signatureRefusal(signed(`timestamp=${now + 999}`), key, now), undefined);
  assert.match(signatureRefusal(signed(`timestamp=${now + 1_000}`), key, now)?.msg ?? '', /1000ms ahead/);
  assert.equal(signatureRefusal(signed(`recvWindow=60000&timestamp=${now - 60_000}`), key, now), undefined);
  assert.equal(signatureRefusal(signed(`recvWindow=60001&timestamp=${now}`), key, now)?.code, -1131);
});

test('a signature by an Ed25519 key is taken', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const text = `timestamp=${now}`;
  const signature = encodeURIComponent(sign(null, Buffer.from(text), privateKey).toString('base64'));
  const own = { apiKey: 'abc123', apiSecret: pem };
  assert.equal(signatureRefusal(call(`${text}&signature=${signature}`), own, now), undefined);
  assert.equal(signatureRefusal(call(`timestamp=${now + 1}&signature=${signature}`), own, now)?.code, -1022);
});

test("the vendor's own example is reproduced", () => {
  const secret = '2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9';
  const text =
    'symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943';
  const expected = '3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9';
  const example = { apiKey: 'abc123', apiSecret: secret };
  assert.equal(signatureRefusal(call(`${text}&signature=${expected}`), example, 1_591_702_613_943), undefined);
});
