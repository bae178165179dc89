import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FileJournal, openJournal } from '#adapters/journal/file-journal.ts';
import { AssertionError, assert as require } from '#base/assert.ts';
import { type DiskFailure, diskGone, failingDisk } from '../../tests/support/failing-disk.ts';
import { DiskGuard } from './disk-guard.ts';

interface Scene {
  readonly journal: FileJournal;
  readonly guard: DiskGuard;
  readonly told: string[];
  /** What the guard did with the journal, in order. */
  readonly calls: string[];
  fail(failure: DiskFailure): void;
}

/** A guard over a real journal, with what it asks of it written down. */
function scene(t: TestContext, reserveBytes = 8_192): Scene {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-disk-guard-'));
  const disk = failingDisk();
  const journal = openJournal(folder, { runId: 'run', reserveBytes, operations: disk.operations });
  t.after(async () => {
    await journal.close().catch(() => undefined);
    rmSync(folder, { recursive: true });
  });
  const told: string[] = [];
  const calls: string[] = [];
  const watched = {
    flushSync: () => {
      calls.push('flush');
      journal.flushSync();
    },
    openReserve: () => {
      calls.push('reserve');
      journal.openReserve();
    },
  };
  const guard = new DiskGuard({ journal: watched, onProblem: (problem) => void told.push(problem) });
  return { journal, guard, told, calls, fail: disk.fail };
}

const full = 'the journal is not durable: a write failed (ENOSPC)';

test('a disk that works is written to once, and nothing is told', (t) => {
  const { journal, guard, told, calls } = scene(t);
  journal.append('a');
  assert.equal(guard.makeDurable(), true);
  assert.deepEqual([journal.durableSequence, calls, told, guard.problem], [1, ['flush'], [], undefined]);
});

test('a full disk is tried twice, then the reserve takes over for good, and that is told once', (t) => {
  const { journal, guard, told, calls, fail } = scene(t);
  fail({ write: 'ENOSPC' });
  journal.append('a');
  assert.equal(guard.makeDurable(), true);
  assert.deepEqual(calls, ['flush', 'flush', 'reserve', 'flush']);
  assert.deepEqual([journal.durableSequence, guard.problem, told], [1, full, [full]]);
  fail({});
  journal.append('b');
  assert.equal(guard.makeDurable(), true);
  assert.deepEqual([calls.length, journal.durableSequence, guard.problem, told.length], [5, 2, full, 1]);
});

test('a lack of space that is over at the second try is told and holds nothing', (t) => {
  const { journal, guard, told, fail } = scene(t);
  const { flushSync } = journal;
  let tries = 0;
  journal.flushSync = () => {
    tries += 1;
    fail(tries === 1 ? { write: 'ENOSPC' } : {});
    flushSync.call(journal);
  };
  journal.append('a');
  assert.equal(guard.makeDurable(), true);
  assert.deepEqual([tries, journal.durableSequence, guard.problem, told], [2, 1, undefined, [full]]);
});

test('a sync that fails is not tried again: the reserve takes over at once', (t) => {
  const { journal, guard, calls, told, fail } = scene(t);
  fail({ sync: 'EIO' });
  journal.append('a');
  assert.equal(guard.makeDurable(), true);
  assert.deepEqual(calls, ['flush', 'reserve', 'flush']);
  assert.deepEqual([journal.durableSequence, told], [1, ['the journal is not durable: a sync failed (EIO)']]);
});

test('with the reserve full the answer is no, each trouble is told once, and nothing is thrown', (t) => {
  const { journal, guard, told, fail } = scene(t, 1_000);
  fail({ write: 'ENOSPC' });
  journal.append('a');
  assert.equal(guard.makeDurable(), true);
  journal.append('x'.repeat(2_000));
  for (let attempt = 0; attempt < 3; attempt += 1) assert.equal(guard.makeDurable(), false);
  assert.equal(journal.durableSequence, 1);
  assert.equal(told.length, 2);
  assert.match(guard.problem ?? '', /RESERVE_FULL/);
});

test('with everything gone the answer is no until the disk is back', (t) => {
  const { journal, guard, fail } = scene(t);
  fail({ ...diskGone, reserve: 'ENOSPC' });
  journal.append('a');
  assert.equal(guard.makeDurable(), false);
  assert.equal(guard.makeDurable(), false);
  fail({ write: 'EIO' });
  assert.equal(guard.makeDurable(), true);
  assert.equal(journal.durableSequence, 1);
});

test('a journal without a reserve says so', (t) => {
  const { journal, guard, told, fail } = scene(t, 0);
  fail({ write: 'ENOSPC' });
  journal.append('a');
  assert.equal(guard.makeDurable(), false);
  assert.deepEqual(told, [full, 'the journal is not durable: the journal was opened without a reserve (NO_RESERVE)']);
});

test('a mistake of our own goes on to whoever can stop', () => {
  const journal = {
    flushSync: () => require(false, 'frames become durable in their order'),
    openReserve: () => undefined,
  };
  const guard = new DiskGuard({ journal, onProblem: assert.fail });
  assert.throws(() => guard.makeDurable(), AssertionError);
});
