import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ImportError } from './import-error.ts';
import { statedBasis } from './price-basis.ts';

const parent = mkdtempSync(join(tmpdir(), 'basis-'));
after(() => rmSync(parent, { recursive: true }));

function folderWith(name: string, documents: Readonly<Record<string, unknown>>): string {
  const folder = join(parent, name);
  mkdirSync(join(folder, 'fx'), { recursive: true });
  for (const [file, value] of Object.entries(documents))
    writeFileSync(join(folder, file), typeof value === 'string' ? value : JSON.stringify(value));
  return folder;
}

const entry = (file: string, more: object) => ({
  files: [
    { file: 'fx/OTHER_M1.csv', notes: 'mid' },
    { file, ...more },
  ],
});

test('prices are bid unless a document says otherwise', () => {
  assert.deepEqual(statedBasis(join(folderWith('none', {}), 'X_M1.csv'), 'X'), { basis: 'bid' });
  assert.deepEqual(statedBasis(join(folderWith('foreign', { 'manifest.json': { name: 'an app' } }), 'X_M1.csv'), 'X'), {
    basis: 'bid',
  });
});

test('a field of the manifest decides, then a word in its notes', () => {
  const cases: [object, 'bid' | 'mid'][] = [
    [{ priceBasis: 'mid', notes: 'bid' }, 'mid'],
    [{ notes: 'Some venue mid-style quotes M1' }, 'mid'],
    [{ notes: 'Some venue bid M1' }, 'bid'],
    [{ notes: 'mid between bid and ask' }, 'bid'],
    [{ notes: 'amid the night' }, 'bid'],
    [{}, 'bid'],
  ];
  cases.forEach(([more, basis], place) => {
    const folder = folderWith(`case-${place}`, { 'manifest.json': entry('fx/X_M1.csv', more) });
    assert.equal(statedBasis(join(folder, 'fx', 'X_M1.csv'), 'X').basis, basis, JSON.stringify(more));
  });
});

test('a side read from notes is told', () => {
  const folder = folderWith('told', { 'manifest.json': entry('X_M1.csv', { notes: 'mid' }) });
  assert.match(statedBasis(join(folder, 'X_M1.csv'), 'X').notice ?? '', /'X_M1.csv'.*mid/);
});

test('a basis file stands above the manifest', () => {
  const folder = folderWith('above', {
    'manifest.json': entry('X_M1.csv', { priceBasis: 'bid' }),
    'basis.json': { X: 'mid' },
  });
  assert.deepEqual(statedBasis(join(folder, 'X_M1.csv'), 'X'), { basis: 'mid' });
  assert.deepEqual(statedBasis(join(folder, 'fx', 'X_M1.csv'), 'X'), { basis: 'mid' });
  assert.deepEqual(statedBasis(join(folder, 'Y_M1.csv'), 'Y'), { basis: 'bid' });
});

test('a basis file that is not understood is refused', () => {
  for (const [name, content] of [
    ['ask', { X: 'ask' }],
    ['broken', '{'],
  ] as const) {
    const folder = folderWith(name, { 'basis.json': content });
    assert.throws(
      () => statedBasis(join(folder, 'X_M1.csv'), 'X'),
      (error) => error instanceof ImportError && error.code === 'syntax',
    );
  }
});
