import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { createDeskFixture } from '../../../tests/support/desk-fixture.ts';
import { type PolicyKeeper, policyKeeper } from './policy-keeper.ts';
import { readPolicySnapshot } from './policy-snapshot-files.ts';

interface Scene {
  readonly folder: string;
  readonly keeper: PolicyKeeper;
  readonly problems: string[];
  readonly clock: { now: number };
}

function scene(t: TestContext): Scene {
  const folder = mkdtempSync(join(tmpdir(), 'policy-keeper-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const problems: string[] = [];
  const clock = { now: 1_000 };
  const onProblem = (message: string): void => void problems.push(message);
  return { folder, problems, clock, keeper: policyKeeper({ folder, now: () => clock.now, onProblem }) };
}

const changed: Event = {
  type: 'policy.changed',
  ...{ at: 1, key: 'limits/fx', version: 2, schemaVersion: 1, document: {}, actor: 'ann', reason: 'r' },
};

test('a snapshot is written after a change, every five minutes and at the end, and not otherwise', (t) => {
  const { engine } = createDeskFixture([]);
  const here = scene(t);
  const source = (): string => readPolicySnapshot(here.folder).source;
  here.keeper.note({ type: 'time.ticked', at: 1 });
  here.keeper.keep(engine);
  assert.equal(source(), 'defaults');
  here.keeper.note(changed);
  here.keeper.keep(engine);
  assert.equal(source(), 'newest');
  rmSync(join(here.folder, 'policies'), { recursive: true });
  here.clock.now += 299_999;
  here.keeper.keep(engine);
  assert.equal(source(), 'defaults');
  here.clock.now += 1;
  here.keeper.keep(engine);
  assert.equal(source(), 'newest');
  rmSync(join(here.folder, 'policies'), { recursive: true });
  here.keeper.end(engine);
  assert.equal(source(), 'newest');
});

test('a snapshot that cannot be written is told and stops nothing', (t) => {
  const { engine } = createDeskFixture([]);
  const here = scene(t);
  writeFileSync(join(here.folder, 'policies'), '');
  here.keeper.note(changed);
  here.keeper.keep(engine);
  assert.match(here.problems[0] ?? '', /^the policy snapshot was not written: E/);
});
