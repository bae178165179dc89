import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { policyHistory, versionOf } from './policy-history.ts';
import {
  currentPolicies,
  outcomeText,
  type PolicyOutcome,
  type PolicyUpdate,
  policyAt,
  preparePolicy,
  updatePolicy,
} from './policy-store.ts';

const author = { actor: 'ann', reason: 'calm' };

function update(fixture: DeskFixture, changes: Partial<PolicyUpdate>): PolicyOutcome {
  const desk = {
    engine: fixture.engine,
    request: (input: (at: number) => Parameters<DeskFixture['send']>[0]) => void fixture.send(input(fixture.at)),
  };
  const content = { type: 'changes', changes: {} } as const;
  return updatePolicy(desk, { key: 'limits/fx', expectedVersion: 1, content, ...author, ...changes });
}

function stating(changes: Record<string, unknown>): Pick<PolicyUpdate, 'content'> {
  return { content: { type: 'changes', changes } };
}

test('a change of some fields leaves the others and is in force at once', () => {
  const fixture = createDeskFixture([]);
  const before = fixture.engine.state.policies['limits/fx']?.document;
  const outcome = update(fixture, stating({ maximumPositions: 3 }));
  assert.ok(outcome.isCommitted);
  assert.deepEqual([outcome.version, outcome.changedPaths], [2, ['maximumPositions']]);
  assert.deepEqual(fixture.engine.policies?.limits, { ...before, maximumPositions: 3 });
  assert.equal(outcomeText(outcome), "policy 'limits/fx' has version 2: changed 'maximumPositions'");
});

test('of two that change the same version one wins and the other is told', () => {
  const fixture = createDeskFixture([]);
  const outcomes = [3, 4].map((maximumPositions) => update(fixture, stating({ maximumPositions })));
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.isCommitted ? outcome.version : outcome.code)),
    [2, 'stale-version'],
  );
  assert.equal(fixture.engine.policies?.limits.maximumPositions, 3);
  assert.deepEqual(
    fixture.events.map(({ type }) => type),
    ['policy.changed', 'policy.changed', 'policy.refused'],
  );
  const [, second] = outcomes;
  assert.ok(second !== undefined);
  assert.equal(
    outcomeText(second),
    "policy 'limits/fx' is refused (stale-version): version 2 was written over version 2, expected 3",
  );
});

test('each refusal is told with its code and leaves its event', () => {
  const rows: [Partial<PolicyUpdate>, string][] = [
    [{ key: 'magic/fx' }, 'unknown-domain'],
    [{ key: 'limits/crypto', expectedVersion: 0 }, 'wrong-desk'],
    [stating({ maximumPositions: 0.5 }), 'invalid'],
    [stating({ 'maximumPositions.deep': 1 }), 'invalid'],
    [stating({ maximumLeverage: 51 }), 'guard-rail'],
  ];
  for (const [changes, code] of rows) {
    const fixture = createDeskFixture([]);
    const outcome = update(fixture, changes);
    assert.equal(outcome.isCommitted ? 'committed' : outcome.code, code);
    assert.equal(fixture.events.at(-1)?.type, 'policy.refused');
  }
});

test('what is prepared changes nothing and says what will be', () => {
  const fixture = createDeskFixture([]);
  const { outcome, event } = preparePolicy(fixture.engine, {
    ...{ key: 'limits/fx', expectedVersion: 1, ...author },
    ...stating({ maximumPositions: 3 }),
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  });
  assert.equal(outcome.isCommitted, true);
  assert.equal(event.traceparent, `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
  assert.equal(fixture.engine.state.policies['limits/fx']?.version, 1);
});

test('a document that nobody has written begins with its defaults', () => {
  const fixture = createDeskFixture([]);
  const outcome = update(fixture, {
    key: 'risk/crypto',
    expectedVersion: 0,
    ...stating({ 'modes.SAFE.max_positions': 4 }),
  });
  assert.ok(outcome.isCommitted);
  const snapshot = currentPolicies(fixture.engine);
  assert.equal(policyAt(snapshot, 'risk_policy.modes.SAFE.max_positions'), 4);
  assert.equal(policyAt(snapshot, 'risk_policy.max_positions'), 10);
  assert.equal(policyAt(snapshot, 'risk/crypto.modes.SAFE.max_positions'), 4);
});

test('a document of one instrument holds what was changed alone', () => {
  const fixture = createDeskFixture([]);
  update(fixture, { key: 'strategy/fx/USD_JPY', expectedVersion: 0, ...stating({ directionLookback: 7 }) });
  assert.deepEqual(policyAt(currentPolicies(fixture.engine), 'strategy/fx/USD_JPY'), { directionLookback: 7 });
});

test('a path leads to a document, a field or the meta data, or to nothing', () => {
  const snapshot = currentPolicies(createDeskFixture([]).engine);
  assert.equal(policyAt(snapshot, 'limits/fx'), snapshot.documents['limits/fx']?.document);
  assert.equal(policyAt(snapshot, 'limits/fx.maximumPositions'), 8);
  assert.equal(policyAt(snapshot, 'meta.version'), snapshot.meta.version);
  for (const path of ['limits/fx.nothing', 'nothing', 'risk_policy', '']) {
    assert.equal(policyAt(snapshot, path), path === '' ? snapshot : undefined, path);
  }
});

test('whatever is accepted in whatever order, going back to a version gives its document', () => {
  const changes = fc.record({
    maximumPositions: fc.integer({ min: -1, max: 9 }),
    maximumLeverage: fc.integer({ min: 0, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(changes, { minLength: 1, maxLength: 8 }), fc.nat(), (patches, pick) => {
      const fixture = createDeskFixture([]);
      const documents = [fixture.engine.state.policies['limits/fx']?.document];
      for (const patch of patches) {
        const outcome = update(fixture, { expectedVersion: documents.length, ...stating(patch) });
        if (outcome.isCommitted) documents.push(fixture.engine.state.policies['limits/fx']?.document);
      }
      const recorded = [...fixture.setUpEvents, ...fixture.events].map((event, index) => ({
        sequence: index + 1,
        event,
      }));
      const history = policyHistory(recorded, fixture.engine.domains, 'limits/fx');
      const toVersion = 1 + (pick % documents.length);
      const old = versionOf(history, 'limits/fx', toVersion);
      assert.ok(old !== undefined);
      const content = { type: 'document', schemaVersion: 1, document: old.document } as const;
      const outcome = update(fixture, { expectedVersion: documents.length, content });
      assert.ok(outcome.isCommitted);
      assert.equal(outcome.version, documents.length + 1);
      assert.deepEqual(fixture.engine.state.policies['limits/fx']?.document, documents[toVersion - 1]);
    }),
    { numRuns: 40 },
  );
});
