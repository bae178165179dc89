import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { textDigest } from './text-digest.ts';

test('the digest of a text is that of its bytes', () => {
  for (const text of ['', 'envelope/run-1/17', 'x'.repeat(1_000), 'naïve']) {
    assert.equal(textDigest(text), createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex'));
  }
});
