import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadBars } from '#adapters/bars/bar-store.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { csvOfColumns, temporaryFolder } from '../../tests/support/csv-bars.ts';
import { walkColumns } from '../../tests/support/walk-columns.ts';
import { registerImport } from './import-command.ts';

const walk = csvOfColumns(walkColumns(fxInstrument('EUR_USD'), 300, 7));
const lines = walk.trimEnd().split('\n');

function importing(...argv: readonly string[]) {
  return runCommand(registerImport, ['import', ...argv]);
}

test('several files become one series, and importing them again changes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const store = join(folder, 'store');
  writeFileSync(join(folder, 'first.csv'), `${lines.slice(0, 201).join('\n')}\n`);
  writeFileSync(join(folder, 'second.csv.gz'), gzipSync(`${[lines[0], ...lines.slice(151)].join('\n')}\n`));
  const argv = [
    join(folder, 'first.csv'),
    join(folder, 'second.csv.gz'),
    '--instrument',
    'EUR_USD',
    '--store',
    store,
    '--json',
  ];
  const first = await importing(...argv);
  assert.equal(first.code, 0);
  const result = JSON.parse(first.result);
  assert.equal(result.rows, 300);
  assert.equal(result.added, 300);
  assert.deepEqual(
    result.files.map((file: { rowsRead: number; rowsKept: number }) => [file.rowsRead, file.rowsKept]),
    [
      [200, 200],
      [150, 150],
    ],
  );
  const expected = walkColumns(fxInstrument('EUR_USD'), 300, 7);
  assert.deepEqual([...loadBars(store, 'EUR_USD', 'M1').close], [...expected.close]);
  const again = JSON.parse((await importing(...argv)).result);
  assert.deepEqual([again.added, again.changed, again.unchanged], [0, 0, 300]);
  assert.equal(again.sha256, result.sha256);
});

test('rows that are no bars are counted by reason, for people and for programs', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'mixed.csv');
  const [head = '', a = '', b = '', c = ''] = lines;
  const bad = ['nonsense', a.replace(/,[^,]*,/, ',NaN,'), a.replace(/,[^,]*,/, ',-1.1,')];
  writeFileSync(path, [head, b, a, c, c, ...bad].join('\n'));
  const { code, result } = await importing(path, '--instrument', 'EUR_USD', '--store', join(folder, 'store'));
  assert.equal(code, 0);
  assert.match(
    result,
    /mixed\.csv +7 +3 +4 +1 malformed, 1 truncatedLine, 1 nonPositivePrice, 1 duplicate, 1 unordered sorted, the last line has no end/,
  );
  assert.match(result, /3 added, 0 changed, 0 unchanged/);
  assert.match(result, /'EUR_USD' M1 now has 3 bid bars from 2026-01-05 00:00 to 2026-01-05 00:02 UTC/);
});

test('the side of the prices is kept, and two sides are never mixed', async (t) => {
  const folder = temporaryFolder(t);
  const store = join(folder, 'store');
  const path = join(folder, 'EUR_USD_M1.csv');
  writeFileSync(path, walk);
  const argv = [path, '--instrument', 'EUR_USD', '--store', store, '--json'];
  assert.equal(JSON.parse((await importing(...argv, '--basis', 'mid')).result).priceBasis, 'mid');
  const other = await importing(...argv);
  assert.equal(other.code, 2);
  assert.match(
    other.work,
    /holds 'EURUSD\.OANDA, 5 price decimals, mid', found rows of 'EURUSD\.OANDA, 5 price decimals, bid'/,
  );
  writeFileSync(join(folder, 'basis.json'), '{"EUR_USD":"mid"}');
  assert.equal((await importing(...argv)).code, 0);
});

test('bad input is refused with code 2, and nothing is stored', async (t) => {
  const folder = temporaryFolder(t);
  const store = join(folder, 'store');
  const good = join(folder, 'good.csv');
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  writeFileSync(good, walk);
  const cases: readonly [readonly string[], RegExp][] = [
    [[good, '--instrument', 'EUR_USX'], /expected a pair of two currencies like EUR_USD, found 'EUR_USX'/],
    [[good, '--instrument', 'EUR_USD', '--interval', 'M2'], /Allowed choices are M1, M5/],
    [
      [good, file('cut.csv.gz', gzipSync(walk).subarray(0, 3000)), '--instrument', 'EUR_USD'],
      /gzip file that ends early; \d+ rows had been read, none is kept/,
    ],
    [
      [file('columns.csv', walk.replace('close', 'last')), '--instrument', 'EUR_USD'],
      /the header must have .*, missing 'close'/,
    ],
    [[file('empty.csv', ''), '--instrument', 'EUR_USD'], /is empty/],
    [[file('seconds.csv', walk.replaceAll(/\n(\d{10})\d{3}/g, '\n$1')), '--instrument', 'EUR_USD'], /as seconds are/],
    [[file('bad.csv', `${lines[0]}\nx,1,1,1,1,1\n`), '--instrument', 'EUR_USD'], /no row is kept: .*1 malformed/],
    [[join(folder, 'absent.csv'), '--instrument', 'EUR_USD'], /a data file is expected at/],
    [['--instrument', 'EUR_USD'], /missing required argument/],
    [[good], /required option '--instrument/],
  ];
  for (const [argv, expected] of cases) {
    const { code, result, work } = await importing(...argv, '--store', store);
    assert.equal(code, 2, `${argv.join(' ')}: ${work}`);
    assert.match(work, expected);
    assert.equal(result, '');
  }
  assert.equal(existsSync(store), false);
});
