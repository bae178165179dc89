import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatesDocument } from '#domain/events.ts';
import { gatesProblem } from './gates-problem.ts';

const at = 1_700_000_000_000;
const check = { at, symbols: ['EUR_USD'], maxAgeSeconds: 180 };

function documentOf(changes: Partial<GatesDocument> = {}): GatesDocument {
  return {
    ts: at,
    v: 1,
    seq: 1,
    intervalSeconds: 60,
    gates: { EUR_USD: 0 },
    cooldowns: {},
    bufs: { EUR_USD: 0.3 },
    reasons: {},
    sessions: {},
    repetition: {},
    hazard: {},
    ...changes,
  };
}

test('a young whole document has no problem', () => {
  assert.equal(gatesProblem(documentOf(), check), undefined);
});

test('no document is a missing one', () => {
  assert.equal(gatesProblem(null, check), 'gates-missing');
});

test('a document is stale after its greatest age, not at it', () => {
  assert.equal(gatesProblem(documentOf({ ts: at - 180_000 }), check), undefined);
  assert.equal(gatesProblem(documentOf({ ts: at - 180_001 }), check), 'gates-stale');
});

test('a document from more than five seconds ahead is invalid', () => {
  assert.equal(gatesProblem(documentOf({ ts: at + 5_000 }), check), undefined);
  assert.equal(gatesProblem(documentOf({ ts: at + 5_001 }), check), 'gates-invalid');
});

test('a document without one of the symbols, or with a buffer above 0.3, is invalid', () => {
  assert.equal(gatesProblem(documentOf({ gates: { USD_JPY: 1 } }), check), 'gates-invalid');
  assert.equal(gatesProblem(documentOf({ bufs: { EUR_USD: 0.31 } }), check), 'gates-invalid');
});
