import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import { recordedEvents, replayRun } from '#runtime/read-run.ts';
import { RunError } from '#runtime/run-folder.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { openPaperDesk, paperEnvironment, stoppedDesk } from '../../tests/support/paper-desk.ts';
import { engineAtEnd } from './engine-at-end.ts';
import { applyPolicies, policyChanges } from './policy-changes.ts';

function documentsOf(changes: Readonly<Record<string, string>> = {}) {
  return policyDocuments(configurationFrom(paperEnvironment(changes)), 'fx');
}

test('only documents that differ are changes, field by field', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  await stoppedDesk(folder);
  const { engine } = engineAtEnd(folder);
  assert.deepEqual(policyChanges(engine, documentsOf()), []);
  const [change, ...others] = policyChanges(engine, documentsOf({ AUTO_DIRECTION_LOOKBACK: '20' }));
  assert.deepEqual(others, []);
  assert.equal(change?.key, 'strategy/fx');
  assert.equal(change?.version, 1);
  assert.deepEqual(change?.fields, [{ path: 'directionLookback', left: 12, right: 20 }]);
});

test('a changed policy is in force at the next start and its journal replays', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  await stoppedDesk(folder);
  const before = engineAtEnd(folder).engine.state;
  const documents = documentsOf({ AUTO_DIRECTION_LOOKBACK: '20', PULSE_ENABLED: '1' });
  const dry = await applyPolicies({ folder, documents, isDryRun: true });
  assert.deepEqual(
    dry.map(({ key }) => key),
    ['pulse-trader/fx', 'strategy/fx'],
  );
  assert.equal(engineAtEnd(folder).engine.state.sequence, before.sequence);
  await applyPolicies({ folder, documents, isDryRun: false });
  const appended = [...recordedEvents(folder, before.sequence + 1)].map(({ event }) => event);
  assert.deepEqual(
    appended.map((event) =>
      event.type === 'policy.changed' ? [event.key, event.version, event.actor, event.at] : event.type,
    ),
    [
      ['pulse-trader/fx', 2, 'operator', before.at],
      ['strategy/fx', 2, 'operator', before.at],
    ],
  );
  assert.deepEqual(await applyPolicies({ folder, documents, isDryRun: false }), []);
  assert.equal(replayRun(folder).result.difference, undefined);
  const restarted = openPaperDesk(folder);
  assert.equal(restarted.engine.state.policies['strategy/fx']?.version, 2);
  assert.equal(restarted.engine.state.policies['strategy/fx']?.document['directionLookback'], 20);
  await restarted.stop();
});

test('a desk that runs is left alone, and so is a document that is refused', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  const desk = openPaperDesk(folder);
  await assert.rejects(applyPolicies({ folder, documents: documentsOf(), isDryRun: true }), /is locked by process/);
  await desk.stop();
  const { sequence } = engineAtEnd(folder).engine.state;
  const broken = documentsOf({ PULSE_ENABLED: '1' }).map((entry) =>
    entry.key === 'strategy/fx' ? { ...entry, document: { ...entry.document, directionLookback: 0 } } : entry,
  );
  await assert.rejects(applyPolicies({ folder, documents: broken, isDryRun: false }), (error) => {
    assert.ok(error instanceof RunError);
    assert.match(error.message, /policy 'strategy\/fx': 'directionLookback'/);
    return true;
  });
  assert.equal(engineAtEnd(folder).engine.state.sequence, sequence);
});
