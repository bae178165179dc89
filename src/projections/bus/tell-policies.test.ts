import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType } from '#domain/events.ts';
import { payloadsOf } from '../../../tests/support/bus-fold.ts';
import { type FoldedDesk, foldedDesk, typesOf } from '../../../tests/support/folded-desk.ts';
import { busProjection } from './bus-projection.ts';
import { isRefusalOf } from './tell-policies.ts';

function changeOf(
  { fixture }: FoldedDesk,
  domain: string,
  changes: Readonly<Record<string, unknown>>,
): EventByType['policy.changed'] {
  const key = `${domain}/fx`;
  const held = fixture.engine.state.policies[key];
  return {
    type: 'policy.changed',
    at: fixture.at,
    key,
    version: (held?.version ?? 0) + 1,
    schemaVersion: 1,
    document: { ...held?.document, ...changes },
    actor: 'operator',
    reason: 'a test',
  };
}

function scene(): FoldedDesk {
  const made = foldedDesk();
  // The last of the first policies is told with the entry after it.
  made.fixture.tick();
  made.minute();
  return made;
}

test('a change is told with the entry after it, in its own time', () => {
  const desk = scene();
  const change = changeOf(desk, 'limits', { maximumPositions: 3, maximumLeverage: 10 });
  assert.deepEqual(desk.send(change), []);
  const [told] = desk.send({ type: 'time.ticked', at: desk.fixture.at + 30_000 });
  assert.equal(told?.ts, change.at);
  assert.equal(told?.key, 'limits/fx');
  assert.deepEqual(told?.payload, {
    policy: 'limits/fx',
    version: 2,
    updated_by: 'operator',
    reason: 'a test',
    previous_version: 1,
    changed_paths: ['limits.maximumLeverage', 'limits.maximumPositions'],
    previous_mode: null,
    new_mode: null,
  });
  assert.equal(desk.state.maximumPositions, 3);
});

test('a change that the desk refuses is never told as one', () => {
  const desk = scene();
  desk.send(changeOf(desk, 'limits', { maximumPositions: -1 }));
  assert.deepEqual(payloadsOf(desk.minute(), 'policy.updated'), []);
  assert.equal(desk.state.maximumPositions, 8);
  assert.equal(desk.state.policies['limits/fx']?.version, 1);
});

test('a refusal is that of the change with its key', () => {
  const change = changeOf(scene(), 'limits', {});
  const refusal = { type: 'policy.refused', at: 1, key: 'limits/fx', actor: 'operator', reason: '' } as const;
  assert.ok(isRefusalOf(change, refusal));
  assert.ok(!isRefusalOf(change, { ...refusal, key: 'costs/fx' }));
  assert.ok(!isRefusalOf(change, change));
});

test('a return to an earlier content is a rollback, and saying the same again is none', () => {
  const desk = scene();
  desk.send(changeOf(desk, 'limits', { maximumPositions: 3 }), changeOf(desk, 'costs', {}));
  desk.minute();
  desk.send(changeOf(desk, 'limits', { maximumPositions: 8 }));
  const told = desk.minute();
  assert.deepEqual(payloadsOf(told, 'policy.rolled_back'), [
    {
      policy: 'limits/fx',
      version: 3,
      updated_by: 'operator',
      reason: 'a test',
      previous_version: 2,
      restored_version: 1,
    },
  ]);
  desk.send(changeOf(desk, 'limits', { maximumPositions: 8 }));
  const same = desk.minute();
  assert.deepEqual(payloadsOf(same, 'policy.rolled_back'), []);
  assert.deepEqual(
    payloadsOf(same, 'policy.updated').map((payload) => payload['changed_paths']),
    [[]],
  );
});

test("a new cap and a module's new mode are changes of mode", () => {
  const desk = scene();
  desk.send(changeOf(desk, 'desk', { modeCap: 'SHADOW', modes: { 'spread-gate': 'OBSERVATION' } }));
  const told = desk.minute();
  const common = { updated_by: 'operator', reason: 'a test' };
  assert.deepEqual(payloadsOf(told, 'system.mode_changed'), [
    { scope: 'desk', previous_mode: 'ACTIVE', new_mode: 'SHADOW', ...common },
    { scope: 'spread-gate', previous_mode: null, new_mode: 'OBSERVATION', ...common },
  ]);
  assert.ok(!typesOf(told).includes('policy.rolled_back'));
});

test('versions whose content is remembered are bounded', () => {
  const desk = scene();
  for (let count = 1; count <= 25; count += 1) desk.send(changeOf(desk, 'limits', { maximumPositions: count }));
  desk.minute();
  assert.equal(desk.state.policies['limits/fx']?.versions.length, 20);
});

test('at the end of what is durable a change is told without waiting for another entry, and only once', () => {
  const desk = scene();
  assert.deepEqual(desk.send(changeOf(desk, 'limits', { maximumPositions: 3 })), []);
  const settled: string[] = [];
  const settle = (): void => busProjection.settle?.(desk.state, ({ type }) => void settled.push(type));
  settle();
  settle();
  assert.deepEqual(settled, ['policy.updated']);
  assert.deepEqual(payloadsOf(desk.minute(), 'policy.updated'), []);
});
