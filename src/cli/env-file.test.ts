import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readEnvFile, setVariables, writeEnvFile } from './env-file.ts';

test('a variable is set in its place and every other line stays', () => {
  const text = '# keys\nOANDA_API_KEY=secret\n\nexport AUTO_MIN_COHERENCE=0.5\r\n A = b \n';
  const edit = setVariables(text, new Map([['AUTO_MIN_COHERENCE', '0.6']]));
  assert.equal(edit.text, '# keys\nOANDA_API_KEY=secret\n\nexport AUTO_MIN_COHERENCE=0.6\r\n A = b \n');
  assert.deepEqual(edit.changes, [{ name: 'AUTO_MIN_COHERENCE', before: '0.5', after: '0.6' }]);
});

test('a variable that is not there is added at the end, on a line of its own', () => {
  const values = new Map([
    ['B', '2'],
    ['C', '3'],
  ]);
  assert.equal(setVariables('A=1', values).text, 'A=1\nB=2\nC=3\n');
  assert.equal(setVariables('A=1\n', values).text, 'A=1\nB=2\nC=3\n');
  assert.equal(setVariables('', values).text, 'B=2\nC=3\n');
  assert.deepEqual(setVariables('', values).changes[1], { name: 'C', before: undefined, after: '3' });
});

test('a variable that is there twice is set in both places', () => {
  const edit = setVariables('A=1\n#A=9\nA=2\n', new Map([['A', '3']]));
  assert.equal(edit.text, 'A=3\n#A=9\nA=3\n');
  assert.equal(edit.changes.length, 1);
});

test('setting what is there already changes nothing', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
  const value = fc.stringMatching(/^[0-9.]{1,5}$/);
  const line = fc.oneof(
    fc.tuple(name, value).map((pair) => pair.join('=')),
    fc.constantFrom('', '# comment', 'no assignment'),
  );
  fc.assert(
    fc.property(fc.array(line), fc.dictionary(name, value), (lines, wanted) => {
      const values = new Map(Object.entries(wanted));
      const once = setVariables(lines.join('\n'), values);
      const twice = setVariables(once.text, values);
      assert.equal(twice.text, once.text);
      assert.deepEqual(twice.changes, []);
      const others = (text: string) =>
        text.split('\n').filter((each) => each !== '' && !values.has(each.split('=')[0] ?? ''));
      assert.deepEqual(others(once.text), others(lines.join('\n')));
    }),
  );
});

test('a file keeps its permissions and nothing is left beside it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-env-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, '.env.hotband');
  assert.equal(readEnvFile(path), '');
  writeEnvFile(path, 'A=1\n');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  writeFileSync(join(folder, 'open'), 'A=1\n', { mode: 0o640 });
  writeEnvFile(join(folder, 'open'), 'A=2\n');
  assert.equal(statSync(join(folder, 'open')).mode & 0o777, 0o640);
  symlinkSync(path, join(folder, 'link'));
  writeEnvFile(join(folder, 'link'), 'A=3\n');
  assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink());
  assert.equal(readFileSync(path, 'utf8'), 'A=3\n');
  assert.deepEqual(readdirSync(folder).sort(), ['.env.hotband', 'link', 'open']);
});
