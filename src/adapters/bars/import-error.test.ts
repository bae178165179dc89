import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImportError } from './import-error.ts';

test('an import error carries its code and the rows read before it', () => {
  const error = new ImportError('truncatedGzip', `'x.csv.gz' ends early`, 12);
  assert.ok(error instanceof Error);
  assert.deepEqual(
    [error.name, error.code, error.rowsRead, error.message],
    ['ImportError', 'truncatedGzip', 12, `'x.csv.gz' ends early`],
  );
  assert.equal(new ImportError('empty', 'x').rowsRead, 0);
});
