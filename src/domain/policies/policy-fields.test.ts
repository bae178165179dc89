import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { housePolicies, type PolicyDomain } from '../policies.ts';
import { cryptoPolicies } from './crypto-policies.ts';
import { policyFields } from './policy-fields.ts';

const domain: PolicyDomain = {
  version: 1,
  upgrades: [],
  schema: z.strictObject({
    count: z.int().min(2).default(3).describe('How many.'),
    share: z.number().gt(0).lt(1).nullable().default(null),
    inner: z
      .strictObject({ on: z.boolean().default(true) })
      .prefault({})
      .describe('Of the inner part.'),
    byName: z.record(z.string(), z.strictObject({ rate: z.number() })),
    rows: z.array(z.strictObject({ word: z.enum(['a', 'b']) })),
    words: z.array(z.string()).default(() => []),
  }),
};

test('each field is told with its type, default, range and meaning', () => {
  const rows = policyFields('trial', domain).map((field) => [
    ...[field.path, field.type, field.default, field.range, field.meaning],
  ]);
  assert.deepEqual(rows, [
    ['count', 'whole number', '3', '≥ 2', 'How many.'],
    ['share', 'number or null', 'null', '> 0, < 1', ''],
    ['inner.on', 'yes or no', 'true', '', 'Of the inner part.'],
    ['byName.*.rate', 'number', undefined, '', ''],
    ['rows.[].word', 'choice', undefined, 'a, b', ''],
    ['words', 'list of text', '[]', '', ''],
  ]);
});

test('a field that a variable fills has its meaning and default, and guard rails stand beside their fields', () => {
  const fields = new Map(policyFields('limits', housePolicies.limits).map((field) => [field.path, field]));
  assert.match(fields.get('maximumDailyLoss')?.meaning ?? '', /Loss of equity/);
  assert.equal(fields.get('maximumLeverage')?.default, '20');
  assert.equal(fields.get('maximumLeverage')?.guardRails.length, 1);
  const risk = policyFields('risk', cryptoPolicies.risk);
  assert.deepEqual(
    risk.find(({ path }) => path === 'modes.SAFE.max_leverage')?.guardRails.map(({ path }) => path),
    ['modes.*.max_leverage'],
  );
});
