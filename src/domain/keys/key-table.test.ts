import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findKeyRow, keyTable } from './key-table.ts';

test('no key stands twice, and every row says what it holds, who reads it and where it is from', () => {
  const patterns = keyTable.map(({ pattern }) => pattern);
  assert.equal(new Set(patterns).size, patterns.length);
  for (const { pattern, value, readers, source, ttlMs } of keyTable) {
    assert.ok(value !== '' && readers !== '' && source !== '', pattern);
    assert.ok(ttlMs === null || (Number.isSafeInteger(ttlMs) && ttlMs > 0), pattern);
  }
});

test('what is written now has a shape, and what is planned names its issue', () => {
  for (const { pattern, writer, schema, plannedIn } of keyTable) {
    if (writer === 'mirror' || writer === 'prime') assert.ok(schema !== null && plannedIn === null, pattern);
    if (writer === 'research') assert.equal(plannedIn, 4, pattern);
    if (writer === 'modules') assert.ok(plannedIn === 6 || plannedIn === 7, pattern);
  }
});

test('a key is found by its row, the closest of several', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['md:candles:EUR_USD:M1', 'md:candles:{inst}:{gran}'],
    ['sep:signal:EUR_USD:1768384320000000000', 'sep:signal:{inst}:{ts_ns}'],
    ['ws:manifold', 'ws:manifold'],
    ['ws:manifold:hist:EUR_USD', 'ws:manifold:hist:{inst}'],
    ['manifold:EUR_USD:2026-01-14', 'manifold:{inst}:{YYYY-MM-DD}'],
    ['bt:rolling:hist:EUR_USD:c0.55:l12:t2.0:ec60:xc60', 'bt:rolling:hist:{inst}:{param_key}'],
    ['bt:trial:index', 'bt:trial:index'],
    ['bt:trial:index:EUR_USD:720', 'bt:trial:index:{inst}:{hours}'],
    ['bt:trial:index:EUR_USD:720:cp70:l12:t2.0:ec60:xc60', 'bt:trial:index:{inst}:{hours}:{param_key}'],
    ['opt:best_config:GLOBAL', 'opt:best_config:GLOBAL'],
    ['opt:best_config:EUR_USD', 'opt:best_config:{inst}'],
    ['quantum:stream:trade.opened', 'quantum:stream:{type}'],
    ['quantum:stream:domain:trade', 'quantum:stream:domain:{domain}'],
    ['quantum:bus:position:tail', 'quantum:bus:position:{name}'],
    ['quantum:position:keys', 'quantum:position:{name}'],
    ['trade:trade-d2c5a1f8c65ab175-bsq-USD_JPY', 'trade:{id}'],
  ];
  for (const [key, pattern] of rows) assert.equal(findKeyRow(key)?.pattern, pattern, key);
});

test('a key that no row knows has none', () => {
  for (const key of [
    '',
    'md:candles:EUR_USD',
    'opt:rolling:gates_blob:EUR_USD',
    'xtrade:1',
    'md:candles:EUR_USD:M1:more',
  ])
    assert.equal(findKeyRow(key), undefined, key);
});
