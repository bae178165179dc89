import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  consumerGroups,
  deadLetterStreamOf,
  domainOf,
  type Envelope,
  envelopeId,
  isFastLane,
  matchesPattern,
  parseEnvelope,
  patternProblem,
  streamNamesOf,
} from './envelope.ts';

const origin = { runId: 'run-1', sequence: 17, type: 'trade.opened', at: Date.UTC(2026, 0, 14, 12) };

const envelope: Envelope = {
  id: envelopeId(origin),
  type: 'trade.opened',
  schema_version: 1,
  source: 'tradewind/fx',
  ts: origin.at,
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  span_id: '00f067aa0ba902b7',
  payload: { symbol: 'EUR_USD' },
};

test('an envelope is taken with and without what it may leave out', () => {
  assert.deepEqual(parseEnvelope(envelope), { envelope });
  const whole = { ...envelope, parent_span_id: '00f067aa0ba902b8', key: 'EUR_USD' };
  assert.deepEqual(parseEnvelope(JSON.parse(JSON.stringify(whole))), { envelope: whole });
});

test('what is wrong with an envelope is named by its field', () => {
  const wrongs: readonly [string, unknown][] = [
    ['id', '018f0000-0000-4000-8000-000000000000'],
    ['type', 'trade'],
    ['schema_version', 0],
    ['source', ''],
    ['ts', -1],
    ['trace_id', 'ABC'],
    ['span_id', '00f067aa0ba902b'],
    ['parent_span_id', ''],
    ['key', ''],
    ['payload', 'text'],
  ];
  for (const [field, value] of wrongs) {
    const parsed = parseEnvelope({ ...envelope, [field]: value });
    assert.match('problem' in parsed ? parsed.problem : '', new RegExp(`^envelope field '${field}': `), field);
  }
  assert.ok('problem' in parseEnvelope({ ...envelope, extra: 1 }));
  assert.ok('problem' in parseEnvelope('text'));
});

test('an id is a uuid of version 7 of the event time, its chance a hash of the origin', () => {
  const digest = createHash('sha256').update('envelope/run-1/17/trade.opened/0').digest('hex');
  const id = envelopeId(origin);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16), origin.at);
  assert.equal(id.slice(15, 18), digest.slice(0, 3));
  assert.equal(id.slice(20, 23), digest.slice(4, 7));
  assert.equal(id.slice(24), digest.slice(7, 19));
});

test('another run, place, type, time or part is another id', () => {
  const others = [
    { ...origin, runId: 'run-2' },
    { ...origin, sequence: 18 },
    { ...origin, type: 'order.filled' },
    { ...origin, at: origin.at + 1 },
    { ...origin, part: 1 },
  ].map(envelopeId);
  assert.equal(new Set([...others, envelopeId(origin)]).size, 6);
  assert.equal(envelopeId({ ...origin, part: 0 }), envelopeId(origin));
});

test('ids sort by event time, and every id passes as one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 4e12 }), fc.nat(), (one, other, place) => {
      const first = envelopeId({ ...origin, at: Math.min(one, other), sequence: place });
      const second = envelopeId({ ...origin, at: Math.max(one, other), sequence: place });
      assert.ok(first <= second);
      assert.ok('envelope' in parseEnvelope({ ...envelope, id: first }));
    }),
  );
});

test('an envelope lies in the stream of its type and in that of its domain', () => {
  assert.deepEqual(streamNamesOf('trade.opened'), {
    type: 'quantum:stream:trade.opened',
    domain: 'quantum:stream:domain:trade',
  });
  assert.equal(deadLetterStreamOf('trade.opened'), 'quantum:dlq:trade.opened');
  assert.equal(domainOf('rl_v3.training_started'), 'rl_v3');
});

test('risk, emergencies, the emergency stop system and the kill switch go first', () => {
  for (const type of ['risk.alert', 'emergency.stop', 'ess.tripped', 'kill.engaged']) assert.ok(isFastLane(type), type);
  for (const type of ['market.tick', 'riskless.alert', 'trade.opened']) assert.ok(!isFastLane(type), type);
});

test('the groups are those the seed names', () => {
  assert.deepEqual(consumerGroups, ['rl_agents', 'monitoring', 'risk_management']);
});

test('a star is one segment, two are the rest', () => {
  const rows: readonly [string, string, boolean][] = [
    ['market.tick', 'market.tick', true],
    ['market.tick', 'market.trade', false],
    ['market.*', 'market.tick', true],
    ['market.*', 'market.regime.changed', false],
    ['market.*', 'signal.generated', false],
    ['market.**', 'market.regime.changed', true],
    ['market.**', 'market.tick', true],
    ['*.changed', 'policy.changed', true],
    ['*.*', 'policy.changed', true],
    ['*', 'policy.changed', false],
    ['**', 'policy.changed', true],
    ['market.*.changed', 'market.regime.changed', true],
    ['market.**.changed', 'market.regime.changed', false],
    ['mark.*', 'market.tick', false],
  ];
  for (const [pattern, type, isMeant] of rows) {
    assert.equal(matchesPattern(pattern, type), isMeant, `${pattern} ${type}`);
  }
});

test('a bad pattern is refused with a reason', () => {
  assert.equal(patternProblem('rl_v3.*'), undefined);
  assert.equal(patternProblem('**'), undefined);
  assert.equal(patternProblem('**.tick'), "expected '**' at the end of a pattern only, found '**.tick'");
  for (const pattern of ['', 'market.', '.tick', 'market..tick', 'mar*', 'market.***', 'a b', '1a.b', 'market:tick']) {
    assert.match(patternProblem(pattern) ?? '', /^expected words, '\*' or '\*\*' with points between them/, pattern);
    assert.ok(!matchesPattern(pattern, pattern), pattern);
  }
});
