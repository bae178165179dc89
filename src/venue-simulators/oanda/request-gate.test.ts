import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireRequest } from '../wire-server.ts';
import { RequestGate, STREAMS_MAX } from './request-gate.ts';

const usual = { perSecond: 120, isTokenRevoked: false };

function from(address: string, token = 'right'): WireRequest {
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  return { method: 'GET', headers, host: 'rest', path: '/', query: '', address };
}

test('only the token comes in, and what is wrong is told in the words of the venue', () => {
  const gate = new RequestGate('right');
  assert.equal(gate.refusal(from('a'), { now: 0, ...usual }), undefined);
  for (const request of [from('a', 'live-token'), from('a', '')]) {
    assert.deepEqual(gate.refusal(request, { now: 0, ...usual }), {
      status: 401,
      body: { errorMessage: 'Insufficient authorization to perform request.' },
    });
  }
  assert.equal(gate.refusal(from('a'), { now: 0, perSecond: 120, isTokenRevoked: true })?.status, 401);
});

test('the 121st request of an address within a second is turned away, and counts', () => {
  const gate = new RequestGate('right');
  for (let index = 0; index < 120; index += 1)
    assert.equal(gate.refusal(from('a'), { now: index, ...usual }), undefined);
  assert.equal(gate.refusal(from('a'), { now: 999, ...usual })?.status, 429);
  assert.equal(gate.refusal(from('b'), { now: 999, ...usual }), undefined);
  assert.equal(gate.refusal(from('a'), { now: 1_001, ...usual }), undefined);
  assert.deepEqual([gate.counters.requests, gate.counters.refusedByRate], [123, 1]);
});

test('an address has twenty streams at most, and those that ended do not count', () => {
  const gate = new RequestGate('right');
  const ends = Array.from({ length: STREAMS_MAX }, (_, index) => gate.openStream('a', index * 400));
  assert.equal(gate.openStream('a', 9_000), undefined);
  assert.notEqual(gate.openStream('b', 9_000), undefined);
  ends[0]?.();
  ends[0]?.();
  assert.notEqual(gate.openStream('a', 9_000), undefined);
  assert.equal(gate.openStream('a', 9_000), undefined);
  assert.deepEqual(gate.counters, {
    requests: 0,
    refusedByRate: 0,
    streamsOpened: 22,
    streamsRefused: 2,
    streamsPerSecondMax: 3,
  });
});
