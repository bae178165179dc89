import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { foldOf, listedOf, policyOf, setUp, started } from '../../../tests/support/record-fold.ts';

const refused: Event = { type: 'policy.refused', at: 2_000, key: 'desk/fx', actor: 'ann', reason: 'no' };

function outcomes(events: readonly Event[]) {
  return foldOf(events)
    .rows('policy_history')
    .map((row) => [row['key'], row['version'], row['outcome'], row['refusal']]);
}

test('a policy that is changed is told whole, and counts as applied', () => {
  const [row] = foldOf([started, policyOf({ a: [1, 'ü'] }, { key: 'limits/fx', actor: 'ann', reason: 'r' })]).rows(
    'policy_history',
  );
  assert.deepEqual(row, {
    sequence: 2,
    at: 1_000,
    key: 'limits/fx',
    version: 1,
    schema_version: 1,
    document: '{"a":[1,"ü"]}',
    actor: 'ann',
    reason: 'r',
    outcome: 'applied',
    refusal: null,
    trace_id: row?.['trace_id'],
  });
});

test('a refusal right after a change marks that change as refused', () => {
  const change = policyOf({}, { version: 2, at: 2_000 });
  assert.deepEqual(outcomes([...setUp, change, refused]), [
    ['desk/fx', 1, 'applied', null],
    ['desk/fx', 2, 'refused', 'no'],
  ]);
});

test('a refusal of another document, or of another input, marks nothing', () => {
  const change = policyOf({}, { version: 2, at: 2_000 });
  const applied = [
    ['desk/fx', 1, 'applied', null],
    ['desk/fx', 2, 'applied', null],
  ];
  assert.deepEqual(outcomes([...setUp, change, { ...refused, key: 'limits/fx' }]), applied);
  assert.deepEqual(outcomes([...setUp, change, { type: 'time.ticked', at: 2_000 }, refused]), applied);
});

test('the balance of a run is told once its money can be counted', () => {
  const before = foldOf([started, listedOf('EUR_USD')]).rows('runs')[0];
  assert.deepEqual([before?.['start_balance'], before?.['account_currency']], [null, null]);
  const [row] = foldOf(setUp).rows('runs');
  assert.deepEqual(row, {
    kind: 'paper',
    desk: 'fx',
    seed: 7,
    start_balance: 100_000,
    account_currency: 'USD',
    records_facts: true,
    config_hash: 'c',
    data_hash: 'd',
    code_version: 'v',
    started_at: 1_000,
    sequence: 1,
    trace_id: row?.['trace_id'],
  });
});

test('a desk policy that is refused does not change how money is counted, nor does that of another desk', () => {
  const change = policyOf({ accountCurrency: 'EUR', moneyDecimals: 2 }, { version: 2, at: 2_000 });
  assert.deepEqual(foldOf([...setUp, change, refused]).rows('runs'), foldOf(setUp).rows('runs'));
  assert.equal(foldOf([...setUp, change]).rows('runs')[0]?.['start_balance'], 1_000_000_000);
  assert.deepEqual(foldOf([...setUp, { ...change, key: 'desk/other' }]).rows('runs'), foldOf(setUp).rows('runs'));
});
