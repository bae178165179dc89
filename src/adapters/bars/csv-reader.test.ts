import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { formatScaled } from '#domain/scale.ts';
import { type CsvBars, type CsvOptions, parseCsvBars, readCsvBars } from './csv-reader.ts';
import { decompressed } from './data-file.ts';
import { ImportError } from './import-error.ts';
import { type SkipReason, skippedRows } from './import-report.ts';

const options: CsvOptions = { instrument: 'EURUSD.OANDA', priceDecimals: 5, intervalMs: 60_000 };
const header = 'time,open,high,low,close,volume';
const startAt = 1_514_844_000_000;
const good = `${startAt},1.20037,1.20100,1.20030,1.20095,7`;

function parse(text: string, overrides: Partial<CsvOptions> = {}): CsvBars {
  return parseCsvBars(new TextEncoder().encode(text), 'x.csv', { ...options, ...overrides });
}

function rows(bars: CsvBars): number[][] {
  const { columns } = bars;
  const column = [
    columns.openAt,
    columns.open,
    columns.high,
    columns.low,
    columns.close,
    columns.volume,
    columns.spread,
  ];
  return Array.from({ length: columns.length }, (_, row) => column.map((values) => values[row] ?? Number.NaN));
}

function counted(bars: CsvBars): Partial<Record<SkipReason, number>> {
  return Object.fromEntries(Object.entries(bars.report.skipped).filter(([, count]) => count > 0));
}

test('a plain file gives scaled integers', () => {
  const bars = parse(`${header}\n${good}\n`);
  assert.deepEqual(rows(bars), [[startAt, 120037, 120100, 120030, 120095, 7, 0]]);
  assert.deepEqual(
    [bars.columns.hasVolume, bars.columns.priceBasis, bars.report.rowsRead, bars.report.rowsKept],
    [true, 'bid', 1, 1],
  );
});

test('a file with both sides gives the bid and its spread at the close', () => {
  const text = `time,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close
${startAt},1.38676,1.38686,1.38669,1.38686,1.38686,1.38697,1.38680,1.38697
${startAt + 60_000},1.38676,1.38686,1.38669,1.38686,1.38686,1.38697,1.38680,1.38685
`;
  const bars = parse(text, { priceBasis: 'mid' });
  assert.deepEqual(rows(bars), [
    [startAt, 138676, 138686, 138669, 138686, 0, 11],
    [startAt + 60_000, 138676, 138686, 138669, 138686, 0, 0],
  ]);
  assert.deepEqual([bars.report.crossedSpreads, bars.columns.priceBasis, bars.columns.hasVolume], [1, 'bid', false]);
});

test('a broken ask discredits the row', () => {
  const text = `time,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close
${startAt},1.38676,1.38686,1.38669,1.38686,1.38686,1.3,1.38680,1.38697
${startAt},1.38676,1.38686,1.38669,1.38686,1.38686,nan,1.38680,1.38697
`;
  assert.deepEqual(counted(parse(text)), { ohlcViolation: 1, malformed: 1 });
});

test('each bad row is skipped under its own reason', () => {
  const cases: [string, SkipReason][] = [
    [`${startAt},NaN,1.2,1.2,1.2,0`, 'malformed'],
    [`${startAt},,1.2,1.2,1.2,0`, 'malformed'],
    [`${startAt},1.2,1.2,1.2,1.2,`, 'malformed'],
    [`${startAt},1.2,1.2,1.2,1.2,nan`, 'malformed'],
    [`${startAt},1.2,1.2,1.2,1.2,0,9`, 'malformed'],
    [`${startAt},1.2,inf,1.2,1.2,0`, 'malformed'],
    [`soon,1.2,1.2,1.2,1.2,0`, 'malformed'],
    [`,1.2,1.2,1.2,1.2,0`, 'malformed'],
    [`-${startAt},1.2,1.2,1.2,1.2,0`, 'malformed'],
    [`${startAt}000000,1.2,1.2,1.2,1.2,0`, 'malformed'],
    [`${startAt},-1.2,1.2,1.2,1.2,0`, 'nonPositivePrice'],
    [`${startAt},1.2,1.2,0,1.2,0`, 'nonPositivePrice'],
    [`${startAt},1.2,1.1,1.2,1.2,0`, 'ohlcViolation'],
    [`${startAt},1.3,1.2,1.1,1.2,0`, 'ohlcViolation'],
    [`${startAt},1.2,1.2,1.1,1.0,0`, 'ohlcViolation'],
    [`${startAt},1.2,1.2,1.2,1.2,-1`, 'negativeVolume'],
    [`${startAt + 1},1.2,1.2,1.2,1.2,0`, 'offGrid'],
    [`${startAt / 1000},1.2,1.2,1.2,1.2,0`, 'timeNotMilliseconds'],
    [`${startAt},1.2,1.2,1`, 'truncatedLine'],
    [`${startAt}`, 'truncatedLine'],
  ];
  for (const [line, reason] of cases) {
    for (const text of [`${header}\n${line}\n${good}\n`, `${header}\r\n${good}\r\n${line}\r\n`]) {
      const bars = parse(text);
      assert.deepEqual(counted(bars), { [reason]: 1 }, line);
      assert.deepEqual(rows(bars), [[startAt, 120037, 120100, 120030, 120095, 7, 0]], line);
    }
  }
});

test('of a doubled minute the last complete row wins', () => {
  const bars = parse(`${header}\n${good}\n${startAt},1.3,1.3,1.3,1.3,1\n${startAt},1.4,1.4,1.4,nan,1\n`);
  assert.deepEqual(rows(bars), [[startAt, 130000, 130000, 130000, 130000, 1, 0]]);
  assert.deepEqual(counted(bars), { duplicate: 1, malformed: 1 });
});

test('unordered rows are sorted and counted', () => {
  const line = (minute: number, price: string) =>
    `${startAt + minute * 60_000},${price},${price},${price},${price},0\n`;
  const bars = parse(`${header}\n${line(2, '1.2')}${line(0, '1.1')}${line(1, '1.3')}${line(0, '1.4')}`);
  assert.deepEqual(
    rows(bars).map(([openAt = 0, open]) => [(openAt - startAt) / 60_000, open]),
    [
      [0, 140000],
      [1, 130000],
      [2, 120000],
    ],
  );
  assert.deepEqual([bars.report.unordered, counted(bars)], [3, { duplicate: 1 }]);
});

test('prices with too many decimals are rounded half away from zero and counted', () => {
  const bars = parse(`${header}\n${startAt},1.200005,1.2000149,1.20000,1.2000000,0\n`);
  assert.deepEqual(rows(bars), [[startAt, 120001, 120001, 120000, 120000, 0, 0]]);
  assert.equal(bars.report.roundedPrices, 2);
});

test('a rounded price of a skipped row is not counted', () => {
  const bars = parse(`${header}\n${startAt},1.2000049,1.1,1.2,1.2,0\n${good}\n`);
  assert.deepEqual([bars.report.roundedPrices, counted(bars)], [0, { ohlcViolation: 1 }]);
});

test('a file of more rows than the limit is refused, one of as many is read', () => {
  const text = `${header}\n${good}\n${good.replace(String(startAt), String(startAt + 60_000))}\n`;
  assert.equal(parse(text, { rowsMax: 2 }).columns.length, 2);
  assert.throws(
    () => parse(text, { rowsMax: 1 }),
    (error) => error instanceof ImportError && error.code === 'tooLarge' && error.rowsRead === 1,
  );
});

test('ISO times read as their instants', () => {
  const bars = parse(
    `${header}\n2018-01-01T22:00:00Z,1.2,1.2,1.2,1.2,0\n2018-01-02 00:01:00+02:00,1.2,1.2,1.2,1.2,0\n`,
  );
  assert.deepEqual([...bars.columns.openAt], [startAt, startAt + 60_000]);
});

test('a file of seconds is refused with the unit expected', () => {
  const text = `${header}\n${startAt / 1000},1.2,1.2,1.2,1.2,0\n`;
  assert.throws(
    () => parse(text),
    (error) =>
      error instanceof ImportError && error.code === 'timeUnit' && /milliseconds or ISO.*seconds/.test(error.message),
  );
});

test('an empty file is refused and a header alone is an empty series', () => {
  assert.throws(
    () => parse(''),
    (error) => error instanceof ImportError && error.code === 'empty',
  );
  for (const text of [header, `${header}\n`, `${header}\r\n`, `${header}\n\n\r\n`]) {
    const bars = parse(text);
    assert.deepEqual(
      [bars.columns.length, bars.columns.hasVolume, bars.report.rowsRead],
      [0, false, 0],
      JSON.stringify(text),
    );
  }
});

test('a missing column is refused with what was expected and found', () => {
  assert.throws(
    () => parse(`time,open,high,low,close\n${good}\n`),
    /must have 'time,open,high,low,close,volume', found 'time,open,high,low,close'/,
  );
});

test('a last line without its end is read and reported', () => {
  assert.equal(parse(`${header}\n${good}`).report.isLastLineOpen, true);
  assert.deepEqual(rows(parse(`${header}\n${good}`)), rows(parse(`${header}\n${good}\n`)));
});

test('compressed and plain files read the same, and a truncated one is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'csv-'));
  const text = `${header}\n${Array.from({ length: 3000 }, (_, row) => `${startAt + row * 60_000},1.2,1.2,1.2,1.2,${(row * 7919) % 4001}\n`).join('')}`;
  const packed = gzipSync(text);
  writeFileSync(join(folder, 'a.csv'), text);
  writeFileSync(join(folder, 'b.csv.gz'), packed);
  writeFileSync(join(folder, 'c.csv.gz'), packed.subarray(0, packed.length - 2000));
  assert.deepEqual(
    readCsvBars(join(folder, 'a.csv'), options).columns,
    readCsvBars(join(folder, 'b.csv.gz'), options).columns,
  );
  const refusal = (error: unknown) =>
    error instanceof ImportError &&
    error.code === 'truncatedGzip' &&
    error.rowsRead > 100 &&
    error.message.includes('c.csv.gz');
  assert.throws(() => readCsvBars(join(folder, 'c.csv.gz'), options), refusal);
  rmSync(folder, { recursive: true });
});

const barRow = fc.record({
  minute: fc.integer({ min: 0, max: 30 }),
  low: fc.integer({ min: 1, max: 10_000_000 }),
  open: fc.nat(500),
  close: fc.nat(500),
  extra: fc.nat(500),
  volume: fc.nat(1_000_000),
});

test('the fast reader agrees with a plain one on every order of columns and rows', () => {
  const names = header.split(',');
  fc.assert(
    fc.property(
      fc.array(barRow, { maxLength: 40 }),
      fc.shuffledSubarray(names, { minLength: 6 }),
      fc.nat(8),
      (bars, order, decimals) => {
        const expected = new Map<number, number[]>();
        const lines = bars.map(({ minute, low, open, close, extra, volume }) => {
          const time = startAt + minute * 60_000;
          const figures = [time, low + open, low + Math.max(open, close) + extra, low, low + close, volume];
          expected.set(time, [...figures, 0]);
          const text = figures.map((figure, place) =>
            place === 0 || place === 5 ? String(figure) : formatScaled(figure, decimals),
          );
          return order.map((name) => text[names.indexOf(name)]).join(',');
        });
        const read = parse([order.join(','), ...lines].join('\n'), { priceDecimals: decimals });
        assert.deepEqual(
          rows(read),
          [...expected.values()].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)),
        );
        assert.equal(read.report.rowsRead, bars.length);
      },
    ),
  );
});

const sample = new TextEncoder().encode(
  `${header}\n${Array.from({ length: 20 }, (_, row) => `${startAt + row * 60_000},1.2,1.3,1.1,1.25,${row}\n`).join('')}`,
);
const packedSample = gzipSync(sample);
const mutations = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 12 });

test('changed bytes give a sound series or a typed refusal, never anything else', () => {
  fc.assert(
    fc.property(mutations, fc.nat(2000), fc.boolean(), (changes, length, isPacked) => {
      const bytes = Uint8Array.from(isPacked ? packedSample : sample);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      const cut = length < 1000 ? bytes : bytes.subarray(0, length % bytes.length);
      try {
        const { columns, report } = parseCsvBars(decompressed(cut, 'fuzz', 1_000_000), 'fuzz', options);
        assert.equal(report.rowsKept + skippedRows(report), report.rowsRead);
        for (let row = 0; row < columns.length; row += 1) {
          const [high = 0, low = 0, volume = -1] = [columns.high[row], columns.low[row], columns.volume[row]];
          assert.ok(low > 0 && high >= low && volume >= 0 && Number.isSafeInteger(high) && Number.isSafeInteger(low));
          assert.ok(row === 0 || (columns.openAt[row] ?? 0) > (columns.openAt[row - 1] ?? 0));
        }
      } catch (error) {
        if (!(error instanceof ImportError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
