import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { fieldTexts } from './schema-text.ts';

test('every kind of field has its words', () => {
  const schema = z.strictObject({
    type: z.literal('a.b'),
    at: z.int().min(0),
    price: z.number().positive().nullable(),
    isOpen: z.boolean(),
    side: z.enum(['buy', 'sell']),
    flag: z.union([z.literal(0), z.literal(1)]),
    names: z.array(z.string()),
    levels: z.array(z.tuple([z.int(), z.number()])),
    figures: z.record(z.string(), z.number()),
    document: z.record(z.string(), z.unknown()),
    child: z.strictObject({ id: z.string(), stop: z.int().nullable() }).nullable(),
    share: z.number().nullable(),
    trace: z.string().optional(),
  });
  assert.deepEqual(
    fieldTexts(schema).map(({ name, type }) => `${name}: ${type}`),
    [
      'type: a.b',
      'at: whole number',
      'price: number or null',
      'isOpen: true or false',
      'side: one of buy, sell',
      'flag: 0 or 1',
      'names: list of text',
      'levels: list of [whole number, number]',
      'figures: map to number',
      'document: map to any value',
      'child: { id: text; stop: whole number or null } or null',
      'share: number or null',
      'trace: text, may be absent',
    ],
  );
});
