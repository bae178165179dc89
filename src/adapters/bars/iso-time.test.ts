import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIsoText } from './iso-time.ts';

test('every instant from 1970 to 9999 reads as the platform reads it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (instant) => {
      assert.equal(parseIsoText(new Date(instant).toISOString()), instant);
    }),
  );
});

test('a zone shifts the instant and its absence means UTC', () => {
  const noon = Date.UTC(2024, 1, 29, 12, 0, 0);
  const spellings = [
    '2024-02-29T12:00:00Z',
    '2024-02-29 12:00:00',
    '2024-02-29T12:00:00.000000000Z',
    '2024-02-29T14:30:00+02:30',
    '2024-02-29T07:00:00-0500',
  ];
  for (const text of spellings) assert.equal(parseIsoText(text), noon, text);
});

test('a fraction is cut to milliseconds, not rounded', () => {
  assert.equal(parseIsoText('2024-01-01T00:00:00.1239999Z'), Date.UTC(2024, 0, 1) + 123);
  assert.equal(parseIsoText('2024-01-01T00:00:00.5Z'), Date.UTC(2024, 0, 1) + 500);
});

test('a text that names no instant gives no number', () => {
  const texts = [
    '',
    'now',
    '2024-01-01',
    '2024-01-01T00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-00-01T00:00:00Z',
    '2024-01-32T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:00:60Z',
    '2024-01-01T00:00:00.Z',
    '2024-01-01T00:00:00+2',
    '2024-01-01T00:00:00+25:00',
    '2024-01-01T00:00:00Zz',
    '1969-12-31T23:59:59Z',
    '2024/01/01T00:00:00Z',
    `2024-01-01T00:00:00.${'1'.repeat(60)}Z`,
  ];
  for (const text of texts) assert.ok(Number.isNaN(parseIsoText(text)), text);
});
