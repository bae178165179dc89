import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AssertionError } from '#base/assert.ts';
import { listSeries, loadBars, writeBars } from './bar-store.ts';
import { type CsvOptions, parseCsvBars } from './csv-reader.ts';
import { ImportError } from './import-error.ts';

const parent = mkdtempSync(join(tmpdir(), 'store-'));
after(() => rmSync(parent, { recursive: true }));
let stores = 0;

function emptyRoot(): string {
  stores += 1;
  return join(parent, `store-${stores}`);
}

const startAt = 1_704_067_200_000;

function imported(prices: readonly (number | undefined)[], overrides: Partial<CsvOptions> = {}, volume = 0) {
  const lines = prices.flatMap((price, minute) =>
    price === undefined ? [] : [`${startAt + minute * 60_000},${price},${price},${price},${price},${volume}\n`],
  );
  const options = { instrument: 'EURUSD.OANDA', priceDecimals: 5, intervalMs: 60_000, ...overrides };
  return parseCsvBars(Buffer.from(`time,open,high,low,close,volume\n${lines.join('')}`), 'a.csv', options);
}

function write(root: string, ...args: Parameters<typeof imported>) {
  const { columns, report } = imported(...args);
  return writeBars(root, columns, { symbol: 'EUR_USD', sources: [report] });
}

function refused(run: () => unknown, code: string, message = /./): void {
  assert.throws(
    run,
    (error) => error instanceof ImportError && error.code === code && message.test(error.message),
    code,
  );
}

test('rows written load again, whole or clipped, plain or shared', () => {
  const root = emptyRoot();
  const { columns } = imported([1.1, 1.2, 1.3, 1.4]);
  write(root, [1.1, 1.2, 1.3, 1.4]);
  assert.deepEqual({ ...loadBars(root, 'EUR_USD', 'M1') }, columns);
  const part = loadBars(root, 'EUR_USD', 'M1', { fromAt: startAt + 60_000, untilAt: startAt + 180_000, shared: true });
  assert.deepEqual([...part.close], [120000, 130000]);
  assert.ok(part.close.buffer instanceof SharedArrayBuffer);
});

test('a second import wins where times meet, and is counted', () => {
  const root = emptyRoot();
  const first = write(root, [1.1, 1.2, undefined, 1.4]);
  assert.deepEqual([first.manifest.revision, first.added, first.changed, first.unchanged], [1, 3, 0, 0]);
  const second = write(root, [undefined, 1.2, 1.3, 1.5, 1.6]);
  assert.deepEqual([second.manifest.revision, second.added, second.changed, second.unchanged], [2, 2, 1, 1]);
  assert.deepEqual([...loadBars(root, 'EUR_USD', 'M1').close], [110000, 120000, 130000, 150000, 160000]);
  assert.deepEqual(
    [second.manifest.rows, second.manifest.firstOpenAt, second.manifest.lastOpenAt],
    [5, startAt, startAt + 240_000],
  );
  assert.deepEqual(
    second.manifest.sources.map(({ file, rowsKept }) => [file, rowsKept]),
    [
      ['a.csv', 3],
      ['a.csv', 4],
    ],
  );
});

test('the same rows written to two stores give the same bytes', () => {
  const [one, two] = [emptyRoot(), emptyRoot()];
  write(one, [1.1, 1.2]);
  write(two, [1.1]);
  write(two, [undefined, 1.2]);
  assert.deepEqual(
    readFileSync(join(one, 'EUR_USD_M1', 'columns-1.f64')),
    readFileSync(join(two, 'EUR_USD_M1', 'columns-2.f64')),
  );
});

test('only the current column file and the one before it stay', () => {
  const root = emptyRoot();
  for (let revision = 1; revision <= 4; revision += 1) write(root, [1 + revision / 10]);
  assert.deepEqual(readdirSync(join(root, 'EUR_USD_M1')).sort(), ['columns-3.f64', 'columns-4.f64', 'manifest.json']);
});

test('a write cut off before its manifest leaves the old series', () => {
  const root = emptyRoot();
  write(root, [1.1]);
  writeFileSync(join(root, 'EUR_USD_M1', 'columns-2.f64'), 'half a file');
  writeFileSync(join(root, 'EUR_USD_M1', 'manifest.json.tmp'), '{');
  assert.deepEqual([...loadBars(root, 'EUR_USD', 'M1').close], [110000]);
  write(root, [1.2]);
  assert.deepEqual([...loadBars(root, 'EUR_USD', 'M1').close], [120000]);
});

test('a damaged column file is refused, its hash only where it is verified', () => {
  const root = emptyRoot();
  write(root, [1.1, 1.2]);
  const path = join(root, 'EUR_USD_M1', 'columns-1.f64');
  const bytes = readFileSync(path);
  bytes[60] = (bytes[60] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  refused(() => loadBars(root, 'EUR_USD', 'M1'), 'hash', /SHA-256 must be '[0-9a-f]{64}', found '[0-9a-f]{64}'/);
  assert.equal(loadBars(root, 'EUR_USD', 'M1', { verify: false }).length, 2);
  appendFileSync(path, 'x');
  refused(() => loadBars(root, 'EUR_USD', 'M1', { verify: false }), 'columns', /must have 112 bytes.*found 113/);
});

test('an unknown series is refused with those there are', () => {
  const root = emptyRoot();
  write(root, [1.1]);
  refused(() => loadBars(root, 'EUR_JPY', 'M1'), 'notFound', /'EUR_JPY' of M1.*has 'EUR_USD_M1'/);
  refused(() => loadBars(root, 'EUR_USD', 'H1'), 'notFound');
  refused(() => loadBars(emptyRoot(), 'EUR_USD', 'M1'), 'notFound');
  refused(() => loadBars(root, '../EUR_USD', 'M1'), 'name');
});

test('rows of another kind than stored are refused', () => {
  const root = emptyRoot();
  write(root, [1.1]);
  refused(() => write(root, [1.1], { instrument: 'GBPUSD.OANDA' }), 'conflict', /GBPUSD/);
  refused(() => write(root, [1.1], { priceDecimals: 3 }), 'conflict');
  refused(() => write(root, [1.1], { priceBasis: 'mid' }), 'conflict');
  refused(() => write(emptyRoot(), []), 'empty');
  assert.throws(() => write(emptyRoot(), [1.1], { intervalMs: 1 }), AssertionError);
});

test('rows with volume over rows without give a warning', () => {
  const root = emptyRoot();
  assert.deepEqual(write(root, [1.1]).warnings, []);
  assert.match(write(root, [1.1], {}, 5).warnings.join(), /new rows carry volume and the stored rows carry none/);
});

test('a listing names every series in order', () => {
  const root = emptyRoot();
  write(root, [1.1]);
  const hourly = imported([1.1], { intervalMs: 3_600_000 });
  writeBars(root, hourly.columns, { symbol: 'EUR_USD', sources: [] });
  const other = imported([1.1], { instrument: 'AUDUSD.OANDA' });
  writeBars(root, other.columns, { symbol: 'AUD_USD', sources: [] });
  assert.deepEqual(
    listSeries(root).map(({ symbol, interval }) => `${symbol} ${interval}`),
    ['AUD_USD M1', 'EUR_USD H1', 'EUR_USD M1'],
  );
  refused(() => listSeries(emptyRoot()), 'notFound');
  writeFileSync(join(root, 'AUD_USD_M1', 'manifest.json'), '{}');
  refused(() => listSeries(root), 'manifest', /AUD_USD_M1/);
});
