import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ImportError } from '#adapters/bars/import-error.ts';
import { RunError } from '#runtime/run-folder.ts';
import { UsageError } from './refusal.ts';
import { planRun } from './run-plan.ts';

const asked = { market: 'synthetic', balance: 100_000, set: {} };

test('without a word it is the demonstration market at three hundred times the clock', () => {
  const plan = planRun(asked, {});
  assert.equal(plan.isDemonstration, true);
  assert.equal(plan.paper.market.name, 'synthetic');
  assert.equal(plan.paper.speed, 300);
  assert.equal(plan.paper.seed, 7);
  assert.equal(plan.paper.folder, join('data', 'synthetic'));
  assert.deepEqual([plan.host, plan.port, plan.readOnly], ['127.0.0.1', 8000, false]);
  assert.equal(plan.paper.market.listed.length, 8);
  assert.equal(plan.paper.releasesKill, true);
});

test('the environment speaks where the command line is silent, and the command line wins', () => {
  const environment = {
    API_PORT: '9001',
    TRADEWIND_SEED: '5',
    TRADEWIND_SPEED: '10',
    KILL_SWITCH: '1',
    READ_ONLY: '1',
  };
  const plan = planRun(asked, environment);
  assert.deepEqual([plan.port, plan.paper.seed, plan.paper.speed], [9001, 5, 10]);
  assert.deepEqual([plan.paper.releasesKill, plan.readOnly], [false, true]);
  const told = planRun({ ...asked, port: 0, seed: 3, speed: 20, dataDir: 'x' }, environment);
  assert.deepEqual([told.port, told.paper.seed, told.paper.speed, told.paper.folder], [0, 3, 20, 'x']);
});

test('settings and pairs reach the policies', () => {
  const plan = planRun({ ...asked, instruments: ['EUR_USD', 'GBP_USD'], set: { RISK_ALLOC_TARGET_PCT: '0.2' } }, {});
  const documentOf = (key: string) => plan.paper.policies.find((policy) => policy.key === key)?.document;
  assert.equal(documentOf('budget-limit/fx')?.['targetFraction'], 0.2);
  assert.deepEqual(documentOf('desk/fx')?.['universe'], ['EUR_USD', 'GBP_USD']);
  assert.equal(plan.paper.market.listed.length, 2);
});

test('what is malformed or unknown is refused with a sentence', () => {
  assert.throws(() => planRun({ ...asked, set: { NO_SUCH: '1' } }, {}), UsageError);
  assert.throws(() => planRun({ ...asked, set: { RISK_ALLOC_TARGET_PCT: 'much' } }, {}), RunError);
  assert.throws(() => planRun({ ...asked, market: 'data:no/such/folder' }, {}), ImportError);
});
