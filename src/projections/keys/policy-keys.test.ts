import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import { cryptoPolicies } from '#domain/policies/crypto-policies.ts';
import { createEngine } from '#engine/engine.ts';
import { step } from '#engine/step.ts';
import { modules } from '#modules/index.ts';
import { createDeskFixture, fixtureAt } from '../../../tests/support/desk-fixture.ts';
import { changesOf, foldKeys, lastSet, livelyTail, tailOf } from '../../../tests/support/key-fold.ts';
import { POLICY_HISTORY_KEPT } from './policy-keys.ts';

const { setUpEvents } = createDeskFixture([]);
const current = 'quantum:policy:current';
const history = 'quantum:policy:history';

function changed(document: Record<string, unknown>, more: Partial<EventByType['policy.changed']> = {}): Event {
  return {
    type: 'policy.changed',
    at: fixtureAt,
    key: 'momentum/fx',
    version: 1,
    schemaVersion: 1,
    document,
    actor: 'operator',
    reason: 'a try',
    traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
    ...more,
  };
}

const refused: Event = {
  type: 'policy.refused',
  at: fixtureAt,
  key: 'momentum/fx',
  actor: 'operator',
  reason: 'no such domain',
};
const tick: Event = { type: 'time.ticked', at: fixtureAt };

interface View {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly documents: Readonly<Record<string, { version: number; document: Record<string, unknown> }>>;
  readonly risk_policy?: Readonly<Record<string, unknown>>;
}

function viewAfter(...events: Event[]): View {
  return lastSet(foldKeys(tailOf([...setUpEvents, ...events])).changes, current) as View;
}

test('the merged view holds every document and who changed the newest', () => {
  const before = viewAfter();
  assert.deepEqual(Object.keys(before.documents), ['costs/fx', 'desk/fx', 'limits/fx', 'strategy/fx']);
  assert.equal(before.meta['version'], 4);
  const after = viewAfter(changed({ lookback: 3 }));
  assert.deepEqual(after.meta, {
    version: 5,
    schema_version: 2,
    updated_by: 'operator',
    updated_at: fixtureAt,
    reason: 'a try',
    trace_id: '0123456789abcdef0123456789abcdef',
    previous_version: 4,
  });
  assert.deepEqual(after.documents['momentum/fx'], { version: 1, document: { lookback: 3 } });
});

test('the sections of the crypto desk stand once their documents are written', () => {
  assert.equal(viewAfter().risk_policy, undefined);
  const document = cryptoPolicies.risk.schema.parse({});
  const { risk_policy } = viewAfter(changed(document, { key: 'risk/crypto', schemaVersion: 2 }));
  assert.equal(risk_policy?.['active_mode'], 'NORMAL');
});

test('a change that is refused next leaves the view as it was, and no line in the history', () => {
  const { changes } = foldKeys(tailOf([...setUpEvents, changed({ lookback: 3 }), refused, tick]));
  assert.deepEqual(lastSet(changes, current), viewAfter());
  assert.equal(changesOf(changes, history).length, 4);
});

test('an accepted change enters the history with the event that follows it', () => {
  const told = tailOf([...setUpEvents, changed({ lookback: 3 }), tick]);
  assert.equal(changesOf(foldKeys(told.slice(0, -1)).changes, history).length, 4);
  assert.deepEqual(changesOf(foldKeys(told).changes, history).at(-1), {
    type: 'push',
    key: history,
    value: JSON.stringify({
      version: 5,
      previous_version: 4,
      updated_by: 'operator',
      updated_at: fixtureAt,
      reason: 'a try',
      trace_id: '0123456789abcdef0123456789abcdef',
      key: 'momentum/fx',
      document_version: 1,
      schema_version: 1,
      document: { lookback: 3 },
    }),
    keep: POLICY_HISTORY_KEPT,
    ttlMs: null,
  });
  assert.equal(POLICY_HISTORY_KEPT, 500);
});

test('a stale version and a document out of its range change nothing', () => {
  const stale = changed({ lookback: 3 }, { version: 2 });
  const wrong = changed({ latencyMs: -1 }, { key: 'costs/fx', version: 2 });
  assert.deepEqual(viewAfter(stale), viewAfter());
  assert.deepEqual(viewAfter(wrong), viewAfter());
});

test('the view agrees with the policies in force in the engine', () => {
  const tail = livelyTail().slice(0, 200);
  const engine = createEngine(modules);
  for (const { event } of tail)
    if (event.type === 'policy.changed' || event.type === 'run.started') step(engine, event);
  const { documents } = lastSet(foldKeys(tail).changes, current) as View;
  assert.deepEqual(
    Object.entries(documents).map(([key, { version, document }]) => [key, version, document]),
    Object.keys(engine.state.policies)
      .sort()
      .map((key) => [key, engine.state.policies[key]?.version, engine.state.policies[key]?.document]),
  );
});
