import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PARAMETERS_MAX, readParameters, signedText } from './call-parameters.ts';

test('the query wins over the body', () => {
  const parameters = readParameters('symbol=BTCUSDT&side=BUY', 'side=SELL&quantity=1');
  assert.deepEqual(
    [...(parameters ?? [])],
    [
      ['symbol', 'BTCUSDT'],
      ['side', 'BUY'],
      ['quantity', '1'],
    ],
  );
});

test('what is percent-encoded is read as text', () => {
  const parameters = readParameters('symbol=%E5%B8%81USDT&note=a%2Bb+c', '');
  assert.equal(parameters?.get('symbol'), '币USDT');
  assert.equal(parameters?.get('note'), 'a+b c');
});

test('a broken percent sign cannot be read', () => {
  assert.equal(readParameters('symbol=%E5%', ''), undefined);
});

test('a body of JSON carries no parameters', () => {
  assert.deepEqual([...(readParameters('a=1', '{}') ?? [])], [['a', '1']]);
});

test('a call has a largest number of parameters', () => {
  const query = Array.from({ length: PARAMETERS_MAX + 1 }, (_, index) => `p${index}=1`).join('&');
  assert.equal(readParameters(query, ''), undefined);
});

test('what is signed is query and body without a sign between them, as they were written', () => {
  assert.equal(signedText('symbol=BTCUSDT&side=BUY', 'quantity=1&signature=ab'), 'symbol=BTCUSDT&side=BUYquantity=1');
  assert.equal(signedText('a=%2B&signature=ab', ''), 'a=%2B');
});
