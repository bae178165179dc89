import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CommandEnding, runCommand } from '../../tests/support/command-scene.ts';
import { openSyntheticDesk, temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { registerPolicy } from './policy-command.ts';
import { policiesInForce, recordedHistory, recordedVersion } from './policy-reading.ts';

function policy(folder: string, ...argv: readonly string[]): Promise<CommandEnding> {
  return runCommand(registerPolicy, ['policy', ...argv, '--data-dir', folder]);
}

test('what is in force is shown as a table, a document, a field or JSON, and what is not is said', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  await openSyntheticDesk(folder).stop();
  const all = await policy(folder, 'get');
  assert.match(all.result, /^limits\/fx +1 +10$/m);
  assert.match(all.work, /changes in all, the last by 'configuration' at /);
  assert.equal(JSON.parse((await policy(folder, 'get', '--json')).result).meta.schema_version, 2);
  assert.equal(JSON.parse((await policy(folder, 'get', 'limits/fx')).result).maximumLeverage, 20);
  const none = await policy(folder, 'get', 'limit/fx');
  assert.equal(none.code, 2);
  assert.match(none.work, /nothing is in force at 'limit\/fx'; the nearest document is 'limits\/fx'/);
  assert.match((await policy(folder, 'history', 'risk/crypto')).work, /has no change of 'risk\/crypto'/);
  assert.equal((await policiesInForce(folder)).documents['limits/fx']?.version, 1);
  const history = recordedHistory(folder, 'limits/fx');
  assert.equal(recordedVersion(history, 'limits/fx', 1).reason, 'first policies');
  assert.throws(
    () => recordedVersion(history, 'limits/fx', 2),
    /expected a version of 'limits\/fx' in the journal, found '2'/,
  );
});

test('a document of the crypto desk is kept, and it is said that nobody reads it yet', async (t) => {
  const folder = join(temporaryFolder(t), 'desk');
  await openSyntheticDesk(folder).stop();
  const set = await policy(folder, 'set', 'risk/crypto', 'active_mode=SAFE', '--reason', 'early');
  assert.equal(set.code, 0, set.work);
  const { result, work } = await policy(folder, 'get', 'risk/crypto.active_mode');
  assert.equal(result, '"SAFE"\n');
  assert.match(work, /no module of this run reads it yet: the run is the desk 'fx'/);
  assert.equal((await policy(folder, 'get', 'risk_policy.max_positions')).result, '5\n');
  const snapshot = await policy(folder, 'get', 'risk_policy.active_mode', '--from-snapshot');
  assert.deepEqual([snapshot.result, snapshot.work], ['"SAFE"\n', '']);
  for (const name of readdirSync(join(folder, 'policies'))) writeFileSync(join(folder, 'policies', name), 'torn');
  const lost = await policy(folder, 'get', 'meta.updated_by', '--from-snapshot');
  assert.equal(lost.result, '"defaults"\n');
  assert.match(lost.work, /was passed over[\s\S]*with the risk mode SAFE/);
});
