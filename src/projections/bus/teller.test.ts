import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Envelope } from '#domain/bus/envelope.ts';
import { createBusState } from './bus-projection.ts';
import { beginningId, createTeller } from './teller.ts';

const entry = {
  sequence: 71,
  event: { type: 'alert.cleared', at: 1_000, name: 'quiet' },
  root: { runId: 'run-1', sequence: 70, traceparent: null },
} as const;
const stop = { reason: 'news', evaluator: 'operator', metrics: {}, positions_closed: null };

function told(): { readonly envelopes: Envelope[]; readonly teller: ReturnType<typeof createTeller> } {
  const envelopes: Envelope[] = [];
  return {
    envelopes,
    teller: createTeller({ ...createBusState(), desk: 'fx' }, entry, (item) => void envelopes.push(item)),
  };
}

test('an event of the catalogue goes out under its name and its aliases with one payload', () => {
  const { envelopes, teller } = told();
  teller.tell('emergency.stop', stop);
  assert.deepEqual(
    envelopes.map(({ type, payload, key }) => [type, payload, key]),
    [
      ['emergency.stop', stop, 'fx'],
      ['system.emergency.triggered', stop, 'fx'],
    ],
  );
  assert.equal(new Set(envelopes.map(({ id }) => id)).size, 2);
});

test('an entry that tells one type twice gives each its own id', () => {
  const { envelopes, teller } = told();
  teller.tell('emergency.recovered', stop);
  teller.tell('emergency.recovered', stop);
  assert.equal(new Set(envelopes.map(({ id }) => id)).size, 2);
});

test('the event of the house goes out as it is', () => {
  const { envelopes, teller } = told();
  teller.tellEvent('fx');
  assert.deepEqual(envelopes[0]?.payload, entry.event);
  assert.equal(envelopes[0]?.type, 'alert.cleared');
});

test('what begins with an entry is named by run, place and symbol', () => {
  assert.equal(beginningId('trade', entry, 'EUR_USD'), 'trade-run-1-1z-EUR_USD');
});
