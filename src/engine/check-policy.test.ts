import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { checkPolicy } from './check-policy.ts';

const keep = slotModule('gate', 'keep', (value) => value);

test('a change is judged by the version in force, and nothing is folded in', () => {
  const { engine } = createDeskFixture([keep]);
  const document = { ...engine.state.policies['limits/fx']?.document, maximumPositions: 2 };
  const writing = { key: 'limits/fx', version: 2, schemaVersion: 1, document };
  assert.deepEqual(checkPolicy(engine, writing), {
    key: { domain: 'limits', desk: 'fx', symbol: undefined },
    document,
  });
  assert.deepEqual(checkPolicy(engine, { ...writing, version: 1 }), {
    code: 'stale-version',
    problem: 'version 1 was written over version 1, expected 2',
  });
  assert.equal(engine.state.policies['limits/fx']?.version, 1);
});

test('a desk that puts a module where it cannot stand is invalid', () => {
  const { engine } = createDeskFixture([keep]);
  const held = engine.state.policies['desk/fx']?.document;
  const placed = (slots: Record<string, string[]>): unknown =>
    checkPolicy(engine, { key: 'desk/fx', version: 2, schemaVersion: 1, document: { ...held, slots } });
  assert.deepEqual(placed({ risk: ['keep'] }), {
    code: 'invalid',
    problem: "module 'keep' has no proposal for slot 'risk'",
  });
  assert.deepEqual(placed({ gate: ['gone'] }), {
    code: 'invalid',
    problem: "slot 'gate' names the module 'gone', which does not exist",
  });
});
