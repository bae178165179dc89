import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FileJournal, type JournalOptions, openJournal } from '#adapters/journal/file-journal.ts';
import { type FileOperations, systemFiles } from '#adapters/journal/file-operations.ts';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import { readJournal } from '#adapters/journal/read-journal.ts';

type Opened = { folder: string; open(options?: Partial<JournalOptions>): FileJournal };

function temporary(t: TestContext): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return { folder, open: (options = {}) => openJournal(folder, { runId: 'run', reserveBytes: 0, ...options }) };
}

function values(folder: string): unknown[] {
  return Array.from(readJournal(folder, 1), ({ value }) => value);
}

function systemError(code: string): Error {
  return Object.assign(new Error(`the disk says ${code}`), { code });
}

/** Real files whose calls are counted and fail with the code set for them, except on the reserve. */
function faultyFiles(): {
  operations: FileOperations;
  fail: { write?: string | undefined; sync?: string | undefined };
} {
  const fail: { write?: string | undefined; sync?: string | undefined } = {};
  const reserves = new Set<number>();
  const check = (file: number, code: string | undefined): void => {
    if (code !== undefined && !reserves.has(file)) throw systemError(code);
  };
  const operations: FileOperations = {
    ...systemFiles,
    open: (path, isNew) => {
      const file = systemFiles.open(path, isNew);
      if (path.endsWith('reserve.twj')) reserves.add(file);
      else reserves.delete(file);
      return file;
    },
    write: async (file, bytes, position) => {
      // A full disk still takes a few bytes before it refuses.
      if (fail.write !== undefined && !reserves.has(file))
        await systemFiles.write(file, bytes.subarray(0, 5), position);
      check(file, fail.write);
      return systemFiles.write(file, bytes, position);
    },
    writeSync: (file, bytes, position) => {
      check(file, fail.write);
      return systemFiles.writeSync(file, bytes, position);
    },
    fdatasync: async (file) => {
      await systemFiles.fdatasync(file);
      check(file, fail.sync);
    },
    fdatasyncSync: (file) => {
      systemFiles.fdatasyncSync(file);
      check(file, fail.sync);
    },
  };
  return { operations, fail };
}

test('a full disk fails the flush, and the same flush succeeds when space is free', async (t) => {
  const { folder, open } = temporary(t);
  const { operations, fail } = faultyFiles();
  const journal = open({ operations, segmentBytes: 200 });
  journal.append('before');
  await journal.flush();
  fail.write = 'ENOSPC';
  for (let index = 0; index < 20; index++) {
    journal.append({ index });
    await assert.rejects(journal.flush(), { name: 'JournalWriteError', code: 'ENOSPC', isRetryable: true });
    assert.throws(() => journal.flushSync(), { code: 'ENOSPC' });
    assert.equal(journal.durableSequence, 1);
  }
  fail.write = undefined;
  await journal.flush();
  assert.equal(journal.durableSequence, 21);
  await journal.close();
  assert.equal(verifyJournal(folder), 21);
});

test('after a failed sync nothing more is claimed to be durable', async (t) => {
  const { operations, fail } = faultyFiles();
  const journal = temporary(t).open({ operations });
  fail.sync = 'EIO';
  journal.append('a');
  await assert.rejects(journal.flush(), { name: 'JournalWriteError', code: 'EIO', isRetryable: false });
  fail.sync = undefined;
  journal.append('b');
  await assert.rejects(journal.flush(), { code: 'EIO' });
  assert.throws(() => journal.flushSync(), { code: 'EIO' });
  assert.equal(journal.durableSequence, 0);
  await assert.rejects(journal.close(), { code: 'EIO' });
});

for (const fault of [{ write: 'ENOSPC' }, { write: 'EIO' }, { sync: 'EIO' }]) {
  for (const segmentBytes of [1, 1_000_000]) {
    test(`the reserve takes over after ${JSON.stringify(fault)} and its entries are replayed (segments of ${segmentBytes})`, async (t) => {
      const { folder, open } = temporary(t);
      const { operations, fail } = faultyFiles();
      const options = { operations, reserveBytes: 8_192, segmentBytes };
      const journal = open(options);
      journal.append({ text: 'before' });
      await journal.flush();
      Object.assign(fail, fault);
      journal.append({ text: 'decided' });
      await assert.rejects(journal.flush());
      journal.openReserve();
      await journal.flush();
      assert.equal(journal.durableSequence, 2);
      for (let index = 0; index < 5; index++) journal.append({ text: 'reduction', index });
      journal.flushSync();
      assert.equal(journal.durableSequence, 7);
      assert.throws(() => [...readJournal(folder, 1)], { code: 'reserve' });
      await journal.close();

      fail.write = fail.sync = undefined;
      const again = open(options);
      assert.equal(again.repairs[0]?.type, 'reserveApplied');
      assert.equal(again.lastSequence, 7);
      again.append({ text: 'after' });
      await again.close();
      assert.equal(verifyJournal(folder), 8);
      assert.deepEqual(values(folder).slice(0, 3), [
        { text: 'before' },
        { text: 'decided' },
        { text: 'reduction', index: 0 },
      ]);
      const third = open(options);
      assert.deepEqual(third.repairs, []);
      await third.close();
    });
  }
}

test('the reserve takes over from a flush that never comes back', async (t) => {
  const { open } = temporary(t);
  const { promise, resolve } = Promise.withResolvers<void>();
  const operations: FileOperations = { ...systemFiles, fdatasync: () => promise };
  const journal = open({ operations, reserveBytes: 4_096 });
  journal.append('decided');
  const flight = journal.flush();
  journal.openReserve();
  journal.flushSync();
  assert.equal(journal.durableSequence, 1);
  resolve();
  await flight;
  await journal.close();
  const again = open();
  assert.equal(again.lastSequence, 1);
  await again.close();
});

test('a reserve that finds the disk still full at the next start is kept for a later one', async (t) => {
  const { folder, open } = temporary(t);
  const { operations, fail } = faultyFiles();
  const options = { operations, reserveBytes: 4_096 };
  const journal = open(options);
  fail.write = 'ENOSPC';
  journal.append('decided');
  journal.openReserve();
  await journal.flush();
  await journal.close();
  assert.throws(() => open(options), { name: 'JournalWriteError', code: 'ENOSPC', isRetryable: true });
  fail.write = undefined;
  await open(options).close();
  assert.deepEqual(values(folder), ['decided']);
});

test('a full reserve says so and keeps what it holds', async (t) => {
  const { folder, open } = temporary(t);
  const { operations, fail } = faultyFiles();
  const journal = open({ operations, reserveBytes: 1_000 });
  fail.write = 'ENOSPC';
  journal.append('first');
  await assert.rejects(journal.flush());
  journal.openReserve();
  await journal.flush();
  journal.append('x'.repeat(2_000));
  await assert.rejects(journal.flush(), { code: 'RESERVE_FULL', isRetryable: false });
  await assert.rejects(journal.close(), { code: 'RESERVE_FULL' });
  const again = open();
  assert.equal(again.lastSequence, 1);
  await again.close();
  assert.deepEqual(values(folder), ['first']);
});

test('a journal without a reserve says so', async (t) => {
  const journal = temporary(t).open();
  assert.throws(() => journal.openReserve(), { code: 'NO_RESERVE' });
  await journal.close();
});

test('a second writer of the same folder fails at its first segment', async (t) => {
  const { open } = temporary(t);
  const [one, two] = [open(), open()];
  one.append(1);
  two.append(2);
  await one.flush();
  await assert.rejects(two.flush(), { code: 'EEXIST', isRetryable: false });
  await one.close();
  await assert.rejects(two.close(), { code: 'EEXIST' });
});
