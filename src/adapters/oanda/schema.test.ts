import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accountAnswerSchema,
  candleSchema,
  errorBodySchema,
  heartbeatSchema,
  priceSchema,
  transactionSchema,
} from './schema.ts';

test('F86: keys that are not known are let through, and values of lists that grow stay texts', () => {
  const price = { instrument: 'EUR_USD', time: '0', bids: [], asks: [], status: 'something new', more: { deep: 1 } };
  assert.deepEqual(priceSchema.parse(price), price);
  const transaction = { id: '5', type: 'BRAND_NEW', time: '0', reason: 'NEW_REASON', extra: [] };
  assert.deepEqual(transactionSchema.parse(transaction), transaction);
});

test('F87: figures that are absent stay absent, and numbers in place of texts are refused', () => {
  assert.equal(transactionSchema.parse({ id: '5', type: 'X', time: '0' }).accountBalance, undefined);
  assert.equal(transactionSchema.safeParse({ id: '5', type: 'X', time: '0', price: 1.1 }).success, false);
  assert.equal(candleSchema.safeParse({ time: '0', volume: 1 }).success, false);
});

test('the recorded heartbeats of both streams are heartbeats, prices are none', () => {
  assert.equal(heartbeatSchema.safeParse({ type: 'HEARTBEAT', time: '2016-10-27T08:38:44.327443673Z' }).success, true);
  const ofAccount = { type: 'HEARTBEAT', lastTransactionID: '2311', time: '2016-10-28T11:56:12.002855862Z' };
  assert.equal(heartbeatSchema.parse(ofAccount).lastTransactionID, '2311');
  assert.equal(heartbeatSchema.safeParse({ type: 'PRICE', time: '0' }).success, false);
});

test('F70: an account without its positions, orders or trades is not an empty account', () => {
  const account = { id: 'x', currency: 'EUR', balance: '1', positions: [], orders: [], trades: [] };
  assert.equal(accountAnswerSchema.safeParse({ account, lastTransactionID: '1' }).success, true);
  for (const key of ['positions', 'orders', 'trades'])
    assert.equal(
      accountAnswerSchema.safeParse({ account: { ...account, [key]: undefined }, lastTransactionID: '1' }).success,
      false,
    );
});

test('a refusal may be a message alone', () => {
  assert.deepEqual(errorBodySchema.parse({ errorMessage: 'no' }), { errorMessage: 'no' });
});
