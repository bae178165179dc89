import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { dayOf, removeOldFiles } from './dated-files.ts';

test('a day is that of UTC', () => {
  assert.equal(dayOf(Date.parse('2025-01-31T23:59:59.999Z')), '2025-01-31');
});

test('files of days that are over are removed, and nothing else is', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const names = [
    'a-2025-01-28.jsonl',
    'a-2025-01-29.jsonl',
    'a-2025-01-30.jsonl',
    'a-2025-01-31.jsonl',
    'b-2020-01-01.jsonl',
  ];
  for (const name of names) writeFileSync(join(folder, name), '');
  removeOldFiles(folder, /^a-(\d{4}-\d{2}-\d{2})\.jsonl$/, Date.parse('2025-01-31T12:00:00Z'), 2);
  assert.deepEqual(readdirSync(folder).sort(), ['a-2025-01-30.jsonl', 'a-2025-01-31.jsonl', 'b-2020-01-01.jsonl']);
});
