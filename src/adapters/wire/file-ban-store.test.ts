import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileBanStore } from './file-ban-store.ts';

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-ban-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('without a file there is no ban', (context) => {
  assert.equal(fileBanStore(join(folderOf(context), 'ban.json')).read(), undefined);
});

test('a ban is there for another process, the last one only, and nothing else is left', (context) => {
  const folder = folderOf(context);
  const path = join(folder, 'ban.json');
  fileBanStore(path).write({ untilAt: 1_700_000_120_000, reason: 'first' });
  fileBanStore(path).write({ untilAt: 1_700_000_240_000, reason: "Way too much; 'banned'\n" });
  assert.deepEqual(fileBanStore(path).read(), { untilAt: 1_700_000_240_000, reason: "Way too much; 'banned'\n" });
  assert.deepEqual(readdirSync(folder), ['ban.json']);
  assert.match(readFileSync(path, 'utf8'), /^\{"untilAt":1700000240000,.*\}\n$/);
});

test('a file that holds something else is no absence of a ban', (context) => {
  const path = join(folderOf(context), 'ban.json');
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"untilAt":"soon","reason":""}',
    '{"untilAt":1e300,"reason":""}',
    '{"untilAt":1}',
  ]) {
    writeFileSync(path, text);
    assert.throws(() => fileBanStore(path).read(), { name: 'WireError', message: /remove it to go on/ }, text);
  }
});

test('a ban that cannot be kept is an error', (context) => {
  const store = fileBanStore(join(folderOf(context), 'absent', 'ban.json'));
  assert.throws(() => store.write({ untilAt: 1, reason: '' }), { code: 'ENOENT' });
});
