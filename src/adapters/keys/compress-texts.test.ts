import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { compressTexts } from './compress-texts.ts';

test('only texts that ask for it are compressed, at level 9 and without a date', async () => {
  const asked = Array.from({ length: 9 }, (_, index): KeyChange => {
    return { type: 'setCompressed', key: `k${index}`, value: `text ${index}`, ttlMs: null };
  });
  const compressed = await compressTexts([{ type: 'delete', key: 'a' }, ...asked]);
  assert.equal(compressed.size, asked.length);
  for (const [index, change] of asked.entries()) {
    const bytes = compressed.get(change);
    assert.ok(bytes !== undefined);
    assert.deepEqual([...bytes.subarray(0, 9)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2]);
    assert.equal(gunzipSync(bytes).toString(), `text ${index}`);
  }
});
