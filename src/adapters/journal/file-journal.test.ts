import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FileJournal, type JournalOptions, openJournal } from '#adapters/journal/file-journal.ts';
import { type FileOperations, systemFiles } from '#adapters/journal/file-operations.ts';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import { readJournal } from '#adapters/journal/read-journal.ts';
import { SEGMENT_HEADER_BYTES } from '#adapters/journal/segment-header.ts';
import { AssertionError } from '#base/assert.ts';

type Opened = { folder: string; open(options?: Partial<JournalOptions>): FileJournal };

function temporary(t: TestContext): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return { folder, open: (options = {}) => openJournal(folder, { runId: 'run', reserveBytes: 0, ...options }) };
}

function values(folder: string): unknown[] {
  return Array.from(readJournal(folder, 1), ({ value }) => value);
}

test('entries are numbered from one and come back in order', async (t) => {
  const { folder, open } = temporary(t);
  const journal = open();
  assert.deepEqual(
    [journal.append({ a: 1 }), journal.append('b'), journal.lastSequence, journal.durableSequence],
    [1, 2, 2, 0],
  );
  await journal.flush();
  assert.equal(journal.durableSequence, 2);
  await journal.close();
  assert.deepEqual(
    [...readJournal(folder, 1)],
    [
      { sequence: 1, value: { a: 1 } },
      { sequence: 2, value: 'b' },
    ],
  );
});

test('a journal opened again goes on after its last entry', async (t) => {
  const { folder, open } = temporary(t);
  for (let start = 0; start < 3; start++) {
    const journal = open();
    assert.deepEqual([journal.lastSequence, journal.durableSequence], [start, start]);
    journal.append({ start });
    await journal.close();
  }
  assert.deepEqual(values(folder), [{ start: 0 }, { start: 1 }, { start: 2 }]);
  assert.equal(verifyJournal(folder), 3);
});

test('an opening without an entry leaves no file', async (t) => {
  const { folder, open } = temporary(t);
  await open().close();
  assert.deepEqual(readdirSync(folder), []);
});

test('flushes that come while a sync runs share one more sync', async (t) => {
  let syncs = 0;
  const fdatasync = (file: number): Promise<void> => {
    syncs++;
    return systemFiles.fdatasync(file);
  };
  const journal = temporary(t).open({ operations: { ...systemFiles, fdatasync } });
  journal.append(0);
  const flushes = [journal.flush()];
  for (let index = 1; index <= 50; index++) {
    journal.append(index);
    flushes.push(journal.flush());
  }
  await Promise.all(flushes);
  assert.deepEqual([journal.durableSequence, syncs], [51, 2]);
  await journal.flush();
  assert.equal(syncs, 2);
  await journal.close();
});

test('bytes are synced before they count as durable, and so is the name of a new segment', async (t) => {
  for (const isSync of [false, true]) {
    const calls: string[] = [];
    const note = <Result>(call: string, result: Result): Result => {
      calls.push(call);
      return result;
    };
    const operations: FileOperations = {
      ...systemFiles,
      write: async (...call) => note('write', await systemFiles.write(...call)),
      writeSync: (...call) => note('write', systemFiles.writeSync(...call)),
      fdatasync: async (file) => note(`sync at ${journal.durableSequence}`, await systemFiles.fdatasync(file)),
      fdatasyncSync: (file) => note(`sync at ${journal.durableSequence}`, systemFiles.fdatasyncSync(file)),
      syncFolder: (path) => note(`folder at ${journal.durableSequence}`, systemFiles.syncFolder(path)),
    };
    const journal = temporary(t).open({ operations });
    for (let entry = 1; entry <= 2; entry++) {
      journal.append(entry);
      if (isSync) journal.flushSync();
      else await journal.flush();
    }
    assert.deepEqual(calls, ['write', 'sync at 0', 'folder at 0', 'write', 'sync at 1']);
    await journal.close();
  }
});

test('a flush resolves only when what was appended before it is durable', async (t) => {
  const journal = temporary(t).open();
  journal.append('a');
  const first = journal.flush();
  journal.append('b');
  const second = journal.flush().then(() => journal.durableSequence);
  await first;
  assert.equal(journal.durableSequence, 1);
  assert.equal(await second, 2);
  await journal.close();
});

test('segments roll at their size and each decodes alone', async (t) => {
  const { folder, open } = temporary(t);
  const journal = open({ segmentBytes: 500 });
  for (let index = 0; index < 200; index++) {
    journal.append({ type: 'quote.received', index });
    if (index % 7 === 0) await journal.flush();
  }
  await journal.close();
  const segments = readdirSync(folder).sort();
  assert.ok(segments.length > 3);
  for (const name of segments.slice(0, -1)) assert.ok(readFileSync(join(folder, name)).length < 700);
  assert.equal(verifyJournal(folder), 200);
  assert.deepEqual(
    Array.from(readJournal(folder, 150), ({ sequence }) => sequence),
    Array.from({ length: 51 }, (_, index) => 150 + index),
  );
});

test('without sync full frames are written as they fill, and the same entries give the same bytes', async (t) => {
  const folders: string[] = [];
  for (let run = 0; run < 2; run++) {
    const { folder, open } = temporary(t);
    const journal = open({ sync: 'none', frameBytes: 500, segmentBytes: 2_000 });
    for (let index = 0; index < 1_000; index++) journal.append({ index, text: `t${index % 9}` });
    assert.ok(journal.durableSequence > 900 && journal.durableSequence < 1_000);
    await journal.flush();
    assert.equal(journal.durableSequence, 1_000);
    await journal.close();
    folders.push(folder);
  }
  const [one = '', two = ''] = folders;
  assert.deepEqual(readdirSync(one), readdirSync(two));
  for (const name of readdirSync(one)) assert.deepEqual(readFileSync(join(one, name)), readFileSync(join(two, name)));
  assert.equal(verifyJournal(one), 1_000);
});

test('appending stops when too much waits for the disk', async (t) => {
  const journal = temporary(t).open({ bufferedBytesMax: 100 });
  const fill = (): void => {
    for (let index = 0; index < 100; index++) journal.append('entry');
  };
  assert.throws(fill, AssertionError);
  assert.ok(journal.bufferedBytes <= 110);
  await journal.flush();
  assert.equal(journal.bufferedBytes, 0);
  journal.append('entry');
  await journal.close();
});

test('a value that is not plain data takes no number', async (t) => {
  const { folder, open } = temporary(t);
  const journal = open();
  assert.throws(() => journal.append({ at: new Date(0) }), AssertionError);
  assert.equal(journal.append({ at: 0 }), 1);
  await journal.close();
  assert.deepEqual(values(folder), [{ at: 0 }]);
});

test('a closed journal takes no entry', async (t) => {
  const journal = temporary(t).open();
  await journal.close();
  await journal.close();
  assert.throws(() => journal.append(1), AssertionError);
});

test('a synchronous flush overtakes the one in the air', async (t) => {
  const { folder, open } = temporary(t);
  const journal = open({ segmentBytes: 300 });
  for (let round = 0; round < 20; round++) {
    journal.append({ round });
    const flight = journal.flush();
    journal.append({ round, late: true });
    journal.flushSync();
    assert.equal(journal.durableSequence, round * 2 + 2);
    await flight;
  }
  await journal.close();
  assert.equal(verifyJournal(folder), 40);
});

test('a header left alone by a torn first frame is filled', async (t) => {
  const { folder, open } = temporary(t);
  const journal = open();
  journal.append('lost');
  await journal.close();
  const [name = ''] = readdirSync(folder);
  truncateSync(join(folder, name), SEGMENT_HEADER_BYTES + 10);
  const again = open();
  assert.equal(again.repairs[0]?.type, 'tailCut');
  again.append('kept');
  await again.close();
  assert.deepEqual(values(folder), ['kept']);
  assert.equal(verifyJournal(folder), 1);
});

test('the durable hash is the one the next start finds', async (t) => {
  const { open } = temporary(t);
  const journal = open();
  journal.append('a');
  await journal.flush();
  const { durableHash } = journal;
  assert.match(durableHash, /^[0-9a-f]{64}$/);
  await journal.close();
  const again = open();
  assert.equal(again.durableHash, durableHash);
  await again.close();
});
