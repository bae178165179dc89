import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSyntheticDesk, temporaryFolder } from '../../../tests/support/synthetic-desk.ts';
import { recordedEvents, replayRun } from '../read-run.ts';
import { updatePolicyAtRest } from './policies-at-rest.ts';
import { readPolicySnapshot } from './policy-snapshot-files.ts';
import { currentPolicies, type PolicyUpdate } from './policy-store.ts';

const update: PolicyUpdate = {
  ...{ key: 'strategy/fx', expectedVersion: 1, actor: 'ann', reason: 'slower' },
  content: { type: 'changes', changes: { directionLookback: 20 } },
};

test('a change at rest is in the journal, in the snapshot, and in force at the next start; a stale one is journalled as refused', async (t) => {
  const folder = temporaryFolder(t);
  const run = openSyntheticDesk(folder);
  await run.warmUp();
  await run.stop();
  const events = [...recordedEvents(folder)].length;
  assert.equal((await updatePolicyAtRest(folder, update, true)).isCommitted, true);
  assert.equal([...recordedEvents(folder)].length, events);
  assert.equal(readPolicySnapshot(folder).snapshot.documents['strategy/fx']?.version, 1);
  assert.equal((await updatePolicyAtRest(folder, update, false)).isCommitted, true);
  const again = await updatePolicyAtRest(folder, update, false);
  assert.equal(again.isCommitted ? '' : again.code, 'stale-version');
  assert.deepEqual(
    [...recordedEvents(folder, events + 1)].map(({ event }) => event.type),
    ['policy.changed', 'policy.changed', 'policy.refused'],
  );
  assert.equal(replayRun(folder).result.difference, undefined);
  const restarted = openSyntheticDesk(folder);
  assert.equal(restarted.engine.state.policies['strategy/fx']?.document['directionLookback'], 20);
  assert.deepEqual(readPolicySnapshot(folder).snapshot, currentPolicies(restarted.engine));
  await restarted.stop();
});
