import { assert } from '#base/assert.ts';
import type { BarColumns } from '#domain/bar.ts';
import { seriesHead } from './clip-bars.ts';
import { allocateColumns, columnNames } from './column-file.ts';

export interface MergedBars {
  readonly columns: BarColumns;
  /** Times only the fresh rows have. */
  readonly added: number;
  /** Times both have, with another figure in the fresh row. */
  readonly changed: number;
  readonly unchanged: number;
}

/** The rows of two series of the same kind, ascending and unique; where both have a time the fresh row wins. */
export function mergeBars(stored: BarColumns, fresh: BarColumns): MergedBars {
  checkAscending(fresh);
  if (stored.length === 0) return { columns: fresh, added: fresh.length, changed: 0, unchanged: 0 };
  const hasVolume = stored.hasVolume || fresh.hasVolume;
  const merged = allocateColumns({ ...seriesHead(fresh), hasVolume }, unionLength(stored.openAt, fresh.openAt), false);
  const counts = { added: 0, changed: 0, unchanged: 0 };
  let left = 0;
  let right = 0;
  for (let row = 0; row < merged.length; row += 1) {
    const storedAt = stored.openAt[left] ?? Number.POSITIVE_INFINITY;
    const freshAt = fresh.openAt[right] ?? Number.POSITIVE_INFINITY;
    copyRow(merged, row, storedAt < freshAt ? stored : fresh, storedAt < freshAt ? left : right);
    if (freshAt < storedAt) counts.added += 1;
    else if (freshAt === storedAt) counts[isSameRow(stored, left, fresh, right) ? 'unchanged' : 'changed'] += 1;
    if (storedAt <= freshAt) left += 1;
    if (freshAt <= storedAt) right += 1;
  }
  return { columns: merged, ...counts };
}

/** The number of different times in two ascending columns. */
function unionLength(a: Float64Array, b: Float64Array): number {
  let doubled = 0;
  let place = 0;
  for (const at of a) {
    while (place < b.length && (b[place] ?? 0) < at) place += 1;
    if (b[place] === at) doubled += 1;
  }
  return a.length + b.length - doubled;
}

function copyRow(target: BarColumns, at: number, source: BarColumns, row: number): void {
  for (const name of columnNames) target[name][at] = source[name][row] ?? 0;
}

function isSameRow(a: BarColumns, rowA: number, b: BarColumns, rowB: number): boolean {
  return columnNames.every((name) => a[name][rowA] === b[name][rowB]);
}

function checkAscending(columns: BarColumns): void {
  const { openAt } = columns;
  for (let row = 1; row < openAt.length; row += 1) {
    assert(
      (openAt[row - 1] ?? 0) < (openAt[row] ?? 0),
      `a series ascends in time, found row ${row} of '${columns.instrument}' out of place`,
    );
  }
}
