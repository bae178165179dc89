import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ImportError } from './import-error.ts';
import { readCandleFile } from './read-candles.ts';

const folder = mkdtempSync(join(tmpdir(), 'candles-'));
after(() => rmSync(folder, { recursive: true }));

const at = 1_704_067_200_000;
const candles = [
  { openAt: at, open: 1.10011, high: 1.2, low: 1, close: 1.15, volume: 7 },
  { openAt: at + 60_000, open: 64_123.1, high: 64_200.5, low: 64_000, close: 64_100.00000001, volume: 0.25 },
];

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const json = JSON.stringify(candles.map(({ openAt, ...rest }) => ({ t: openAt, ...rest })));
const csv = `time,open,high,low,close,volume\n${candles.map((candle) => Object.values(candle).join(',')).join('\n')}\n`;

test('JSON and CSV, plain and compressed, give the same candles whatever their name', () => {
  for (const content of [json, csv, `\uFEFF\n${json}`, gzipSync(json), gzipSync(csv)]) {
    const read = readCandleFile(file('any', content), { parity: false });
    assert.deepEqual(read.candles, candles);
    assert.equal(read.report.rowsKept, 2);
  }
});

test('parity reads JSON, compressed or not, and nothing else', () => {
  assert.deepEqual(readCandleFile(file('a.json', json), { parity: true }).candles, candles);
  assert.deepEqual(readCandleFile(file('a.json.gz', gzipSync(json)), { parity: true }).candles, candles);
  assert.deepEqual(readCandleFile(file('a.csv', csv), { parity: true }).candles, []);
});

test('a file that is not there, empty or of another kind is refused', () => {
  const refused = (path: string, code: string) =>
    assert.throws(
      () => readCandleFile(path, { parity: false }),
      (error) => error instanceof ImportError && error.code === code,
      code,
    );
  refused(join(folder, 'absent.json'), 'notFound');
  refused(file('empty', ''), 'empty');
  refused(file('text', 'hello\nworld\n'), 'header');
  refused(file('cut.gz', gzipSync(json).subarray(0, 40)), 'truncatedGzip');
});
