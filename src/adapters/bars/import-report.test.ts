import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyReport, reportNotice, skippedRows, skipReasons } from './import-report.ts';

test('every reason starts at zero and is counted', () => {
  const report = emptyReport('x.csv');
  assert.deepEqual(Object.keys(report.skipped).sort(), [...skipReasons].sort());
  assert.equal(skippedRows(report), 0);
  for (const reason of skipReasons) report.skipped[reason] = 2;
  assert.equal(skippedRows(report), 2 * skipReasons.length);
});

test('a clean import gives no notice and an unclean one names each count', () => {
  const report = emptyReport('x.csv');
  report.rowsRead = 9;
  assert.equal(reportNotice(report), undefined);
  report.skipped.duplicate = 2;
  report.unordered = 1;
  report.crossedSpreads = 3;
  report.roundedPrices = 4;
  assert.equal(
    reportNotice(report),
    `'x.csv': of 9 rows, 2 duplicate skipped, 1 unordered sorted, 3 crossed spreads counted as 0, 4 prices rounded`,
  );
});
