import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { skippedRows } from '#adapters/bars/import-report.ts';
import { goldenSeries } from '../../tests/oracles/golden-series.ts';
import { readBars } from './import-bars.ts';

const options = { instrument: 'EURUSD.OANDA', priceDecimals: 5, intervalMs: 60_000 };

function fileWith(t: { after(work: () => void): void }, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-import-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'candles');
  writeFileSync(path, content);
  return path;
}

test('the same series as CSV, JSON and gzip gives the same bars', (t) => {
  const candles = goldenSeries(200);
  const rows = candles.map(({ openAt, open, high, low, close, volume }) =>
    [openAt, open, high, low, close, volume].join(','),
  );
  const json = JSON.stringify(
    candles.map(({ openAt: at, open: o, high: h, low: l, close: c, volume: v }) => ({ t: at, o, h, l, c, v })),
  );
  const csv = readBars(fileWith(t, `time,open,high,low,close,volume\n${rows.join('\n')}\n`), options);
  assert.equal(csv.columns.length, 200);
  assert.deepEqual(readBars(fileWith(t, json), options).columns, csv.columns);
  assert.deepEqual(readBars(fileWith(t, gzipSync(`\n ${json}`)), options).columns, csv.columns);
  assert.deepEqual(readBars(fileWith(t, `{"candles":${json}}`), options).columns, csv.columns);
});

test('candles off the grid are counted and left out, odd decimals are rounded and counted', (t) => {
  const candle = (at: number, price: number) => ({ t: 1704067200000 + at, o: price, h: price, l: price, c: price });
  const path = fileWith(
    t,
    JSON.stringify([
      candle(0, 1.1),
      candle(30_000, 1.1),
      candle(60_000, 1.100005),
      candle(120_000, 1e-7),
      candle(180_000, 1e15),
    ]),
  );
  const { columns, report } = readBars(path, options);
  assert.equal(columns.length, 2);
  assert.deepEqual([...columns.close], [110000, 110001]);
  assert.equal(report.skipped.offGrid, 1);
  assert.equal(report.skipped.nonPositivePrice, 1);
  assert.equal(report.skipped.malformed, 1);
  assert.equal(report.roundedPrices, 4);
  assert.equal(report.rowsRead, report.rowsKept + skippedRows(report));
});

test('a side that is told is kept and candles without volume say so', (t) => {
  const path = fileWith(t, '[{"t":1704067200000,"o":1,"h":1,"l":1,"c":1}]');
  const { columns } = readBars(path, { ...options, priceBasis: 'mid' });
  assert.equal(columns.priceBasis, 'mid');
  assert.equal(columns.hasVolume, false);
});
