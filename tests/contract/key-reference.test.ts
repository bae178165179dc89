import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { busKeys, positionKey, processedKey } from '#adapters/bus/bus-keys.ts';
import { manifoldKey, manifoldLifeSeconds } from '#adapters/valkey/manifold-store.ts';
import { deadLetterStreamOf, streamNamesOf } from '#domain/bus/envelope.ts';
import { positionKeyPrefix } from '#domain/keys/key-batch.ts';
import { findKeyRow } from '#domain/keys/key-table.ts';
import { renderKeyReference } from '#domain/keys/key-text.ts';

test('the key reference is what the key table says', () => {
  const reference = join(import.meta.dirname, '../../docs/reference/keys.md');
  assert.equal(readFileSync(reference, 'utf8'), renderKeyReference());
});

test('what the other writers of the store call their keys, the table knows', () => {
  const streams = streamNamesOf('trade.opened');
  const rows: readonly (readonly [string, string])[] = [
    [manifoldKey('EUR_USD', Date.UTC(2026, 0, 14, 12)), 'manifold:{inst}:{YYYY-MM-DD}'],
    [streams.type, 'quantum:stream:{type}'],
    [streams.domain, 'quantum:stream:domain:{domain}'],
    [deadLetterStreamOf('trade.opened'), 'quantum:dlq:{type}'],
    [processedKey('monitoring'), 'processed:{group}'],
    [positionKey('tail'), 'quantum:bus:position:{name}'],
    [`${positionKeyPrefix}keys`, 'quantum:position:{name}'],
    ...Object.values(busKeys).map((key) => [key, 'quantum:bus:{part}'] as const),
  ];
  for (const [key, pattern] of rows) assert.equal(findKeyRow(key)?.pattern, pattern, key);
  assert.equal(findKeyRow(manifoldKey('EUR_USD', 0))?.ttlMs, manifoldLifeSeconds * 1000);
});
