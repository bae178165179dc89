import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyDomains } from '#engine/engine.ts';
import { modules } from '#modules/index.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { stoppedDesk } from '../../tests/support/paper-desk.ts';
import { policyHistory } from './policies/policy-history.ts';
import { readPolicyHistory } from './read-policy-history.ts';
import { recordedEvents } from './read-run.ts';

test('the history is that of the journal, and others get their turn while it is read', async (t) => {
  const folder = temporaryFolder(t);
  await stoppedDesk(folder);
  const domains = policyDomains(modules);
  let turns = 0;
  let isReading = true;
  const count = (): void => {
    turns += 1;
    if (isReading) setImmediate(count);
  };
  setImmediate(count);
  const history = await readPolicyHistory(folder, domains);
  isReading = false;
  assert.ok(turns > 0, `${turns} turns`);
  assert.deepEqual(history, policyHistory(recordedEvents(folder), domains));
  assert.ok(history.length > 10);
  const one = await readPolicyHistory(folder, domains, 'limits/fx');
  assert.deepEqual(
    one,
    history.filter(({ key }) => key === 'limits/fx'),
  );
  assert.equal(one.length, 1);
});
