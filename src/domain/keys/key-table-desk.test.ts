import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyTableDesk } from './key-table-desk.ts';

test('the keys of evaluator, allocator, account and switch are those of the specification, in its order', () => {
  assert.deepEqual(
    keyTableDesk.map(({ pattern, type, ttlMs }) => [pattern, type, ttlMs === null ? null : ttlMs / 1000]),
    [
      ['bt:rolling:summary:{inst}', 'string', 3_600],
      ['bt:rolling:hist:{inst}:{param_key}', 'list', 2_592_000],
      ['opt:rolling:eligible:{inst}', 'string', 360],
      ['opt:rolling:passes:{inst}', 'string', null],
      ['opt:rolling:fails:{inst}', 'string', null],
      ['opt:rolling:misses:{inst}', 'string', null],
      ['opt:rolling:cooldown:{inst}', 'string', 7_200],
      ['opt:rolling:gates_blob', 'string', 3_600],
      ['risk:allocation_weights', 'string', null],
      ['opt:allocator:status', 'string', 120],
      ['risk:alloc_budget', 'hash', 300],
      ['sep:ledger:events', 'list', null],
      ['ops:kill_switch', 'string', null],
      ['gate:last:{inst}', 'string', null],
      ['gate:index:{inst}', 'sortedSet', null],
      ['ops:risk_summary', 'string', null],
      ['ops:position_count', 'string', null],
    ],
  );
});

test('weights beside which something else than flags and time stands are none', () => {
  const schema = keyTableDesk.find(({ pattern }) => pattern === 'risk:allocation_weights')?.schema;
  const value = { EUR_USD: 1, ts: 1, ts_ms: 1_000, hold: false, fallback: false };
  assert.equal(schema?.safeParse(value).success, true);
  assert.equal(schema?.safeParse({ ...value, USD_JPY: 1.5 }).success, false);
  assert.equal(schema?.safeParse({ EUR_USD: 1 }).success, false);
});
