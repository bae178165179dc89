import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AssertionError } from '#base/assert.ts';
import { allocateColumns, columnBytes, columnNames, readColumnFile, rowBytes } from './column-file.ts';
import { ImportError } from './import-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'columns-'));
after(() => rmSync(folder, { recursive: true }));

const head = {
  instrument: 'EURUSD.OANDA',
  intervalMs: 60_000,
  priceDecimals: 5,
  priceBasis: 'bid',
  hasVolume: true,
} as const;

function stored(rows: number): { path: string; sha256: string } {
  const columns = allocateColumns(head, rows, false);
  columnNames.forEach((name, place) => {
    for (let row = 0; row < rows; row += 1) columns[name][row] = place * 1000 + row;
  });
  const bytes = Buffer.concat(columnBytes(columns));
  const path = join(folder, `rows-${rows}`);
  writeFileSync(path, bytes);
  return { path, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const allocate = (shared: boolean) => (rows: number) => allocateColumns(head, rows, shared);

test('any range of rows reads back from its place, into shared memory or not', () => {
  const { path, sha256 } = stored(10);
  for (const shared of [false, true]) {
    for (const [fromAt, untilAt, first, end] of [
      [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 10],
      [3, 7, 3, 7],
      [2.5, 3, 3, 3],
      [9, 100, 9, 10],
      [7, 3, 7, 7],
    ] as const) {
      const columns = readColumnFile(path, { rows: 10, fromAt, untilAt, sha256 }, allocate(shared));
      columnNames.forEach((name, place) => {
        assert.deepEqual(
          [...columns[name]],
          Array.from({ length: end - first }, (_, row) => place * 1000 + first + row),
          `${name} from ${fromAt} until ${untilAt}`,
        );
      });
      assert.equal(columns.openAt.buffer instanceof SharedArrayBuffer, shared);
    }
  }
});

test('a file of another size or hash, or none, is refused', () => {
  const { path } = stored(10);
  const range = { rows: 10, fromAt: 0, untilAt: 10, sha256: '0'.repeat(64) };
  const refused = (run: () => unknown, code: string) =>
    assert.throws(run, (error) => error instanceof ImportError && error.code === code);
  refused(() => readColumnFile(path, range, allocate(false)), 'hash');
  refused(() => readColumnFile(path, { ...range, rows: 11, sha256: undefined }, allocate(false)), 'columns');
  refused(() => readColumnFile(join(folder, 'absent'), range, allocate(false)), 'columns');
});

test('an empty series has no bytes and columns of unequal length stop', () => {
  assert.equal(Buffer.concat(columnBytes(allocateColumns(head, 0, false))).length, 0);
  assert.equal(Buffer.concat(columnBytes(allocateColumns(head, 3, true))).length, 3 * rowBytes);
  assert.throws(() => columnBytes({ ...allocateColumns(head, 3, false), close: new Float64Array(2) }), AssertionError);
});
