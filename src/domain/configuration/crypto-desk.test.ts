import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costsSchema } from '../costs.ts';
import { deskSchema } from '../policies.ts';
import { cryptoCosts, cryptoDesk } from './crypto-desk.ts';

test('desk and costs are documents of their schemas', () => {
  const universe = ['BTCUSDT'];
  assert.deepEqual(deskSchema.parse({ ...cryptoDesk, universe }), { ...cryptoDesk, universe });
  assert.deepEqual(costsSchema.parse(cryptoCosts), cryptoCosts);
});
