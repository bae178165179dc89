import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatesDocument } from './events.ts';
import { type GatesReading, gatesProblem } from './gates-validity.ts';

const at = 1_768_392_000_000;

const document: GatesDocument = {
  ts: at,
  v: 1,
  seq: 1,
  intervalSeconds: 60,
  gates: { EUR_USD: 1, USD_JPY: 0 },
  cooldowns: { EUR_USD: 0, USD_JPY: 1 },
  bufs: { EUR_USD: 0.1, USD_JPY: 0.3 },
  reasons: {},
  sessions: {},
  repetition: {},
  hazard: {},
};
const reading = { at, maxAgeMs: 180_000, symbols: ['EUR_USD', 'USD_JPY'] };

function reasonOf(found: GatesDocument | null | undefined, against: GatesReading): string | undefined {
  return gatesProblem(found, against)?.reason;
}

test('a fresh and whole document has no problem', () => {
  assert.equal(reasonOf(document, reading), undefined);
});

test('a missing document is a problem', () => {
  assert.match(reasonOf(null, reading) ?? '', /no document/);
  assert.match(reasonOf(undefined, reading) ?? '', /no document/);
});

test('a document is stale from its age on, and may be five seconds ahead', () => {
  const aged = (age: number): string | undefined => reasonOf({ ...document, ts: at - age }, reading);
  assert.equal(aged(179_999), undefined);
  assert.equal(aged(180_000), 'the gates are 180000 ms old, allowed are 180000');
  assert.equal(aged(-5_000), undefined);
  assert.equal(aged(-5_001), 'the gates are 5001 ms ahead');
  assert.match(reasonOf({ ...document, ts: at + 0.5 }, reading) ?? '', /is an integer/);
});

test('every symbol of the reader has a gate', () => {
  assert.equal(reasonOf(document, { ...reading, symbols: ['EUR_USD', 'GBP_USD'] }), "'GBP_USD' has no gate");
  assert.equal(reasonOf({ ...document, gates: { EUR_USD: 1 } }, reading), "'USD_JPY' has no gate");
});

test('flags are 0 or 1 and buffers at most 0.3', () => {
  const broken = (changes: Record<string, unknown>): string | undefined =>
    reasonOf({ ...document, ...changes }, reading);
  assert.match(broken({ gates: { EUR_USD: 2, USD_JPY: 0 } }) ?? '', /the gate of 'EUR_USD' is out of range, found '2'/);
  assert.match(broken({ cooldowns: { EUR_USD: 0.5 } }) ?? '', /the cooldown of 'EUR_USD'/);
  assert.match(broken({ bufs: { EUR_USD: 0.31 } }) ?? '', /the buffer of 'EUR_USD'/);
  assert.match(broken({ bufs: { EUR_USD: Number.NaN } }) ?? '', /the buffer of 'EUR_USD'/);
});

test('a problem is missing, stale or invalid', () => {
  assert.equal(gatesProblem(null, reading)?.code, 'gates-missing');
  assert.equal(gatesProblem({ ...document, ts: at - 180_000 }, reading)?.code, 'gates-stale');
  assert.equal(gatesProblem({ ...document, ts: at + 5_001 }, reading)?.code, 'gates-invalid');
  assert.equal(gatesProblem({ ...document, bufs: { EUR_USD: 1 } }, reading)?.code, 'gates-invalid');
});
