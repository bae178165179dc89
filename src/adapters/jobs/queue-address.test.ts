import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queueAddress, withoutSecrets } from './queue-address.ts';

test('the scheme of an address tells the store', () => {
  assert.deepEqual(queueAddress('valkeys://cache:6380/2'), {
    store: 'valkey',
    url: 'rediss://cache:6380/2',
    shown: 'valkeys://cache:6380/2',
  });
  assert.equal(queueAddress('redis://localhost:6379').store, 'valkey');
  assert.equal(queueAddress('postgresql://db/tradewind').url, 'postgres://db/tradewind');
});

test('what is shown of an address holds neither user, password nor options', () => {
  const { shown } = queueAddress('postgres://ann:swordfish@db:5432/desk?sslmode=require');
  assert.equal(shown, 'postgres://db:5432/desk');
});

test('an address of something else is refused without being repeated', () => {
  for (const [url, found] of [
    ['amqp://ann:swordfish@host', "'amqp://'"],
    ['swordfish', 'a text that is no address'],
  ] as const) {
    assert.throws(() => queueAddress(url), {
      code: 'address',
      message: `a queue's address begins with 'redis://', 'rediss://' or 'postgres://', found ${found}`,
    });
  }
});

test('secrets are taken out of messages, as they are and as the address spells them', () => {
  const url = 'redis://admin:p%40ssword@host';
  assert.equal(withoutSecrets('admin with p@ssword or p%40ssword failed', url), '*** with *** or *** failed');
  assert.equal(withoutSecrets('nothing known', 'no address'), 'nothing known');
  assert.equal(withoutSecrets('a secret %zz', 'redis://h:%25zz%25@host'), 'a secret %zz');
});
