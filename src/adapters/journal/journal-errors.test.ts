import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournalRefusedError, JournalWriteError, syncErrorOf, writeErrorOf } from '#adapters/journal/journal-errors.ts';

const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

test('a refusal names the segment, the byte and both hashes', () => {
  const error = new JournalRefusedError(
    'chain',
    { segment: 's.twj', offset: 7, expectedHash: 'aa', foundHash: 'bb' },
    'broken',
  );
  assert.equal(error.message, "journal segment 's.twj' is refused at byte 7: broken; expected hash 'aa', found 'bb'");
});

test('a full disk is worth another try, any other failed write is not', () => {
  assert.equal(writeErrorOf(full, 'a write failed').isRetryable, true);
  assert.equal(
    writeErrorOf(Object.assign(new Error('input/output error'), { code: 'EIO' }), 'a write failed').isRetryable,
    false,
  );
  assert.equal(writeErrorOf('odd', 'a write failed').code, 'UNKNOWN');
});

test('a failed sync is never worth another try, not even for a full disk', () => {
  const error = syncErrorOf(full);
  assert.ok(error instanceof JournalWriteError);
  assert.deepEqual([error.code, error.isRetryable, error.cause], ['ENOSPC', false, full]);
});

test('a write error stays the same error', () => {
  const error = new JournalWriteError('RESERVE_FULL', false, 'full');
  assert.equal(writeErrorOf(error, 'a write failed'), error);
});
