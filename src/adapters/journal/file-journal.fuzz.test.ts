import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import { readJournal } from '#adapters/journal/read-journal.ts';
import { listSegments } from '#adapters/journal/segment-folder.ts';

const ENTRIES = 60;
const FRAME_ENTRIES = 3;

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function entryValue(sequence: number): unknown {
  return { type: 'bar.closed', sequence, text: `text ${sequence % 11}`, closes: [sequence * 1.5, -sequence] };
}

async function fill(folder: string, segmentBytes: number): Promise<void> {
  const journal = openJournal(folder, { runId: 'fuzz', segmentBytes, reserveBytes: 0 });
  for (let sequence = 1; sequence <= ENTRIES; sequence++) {
    journal.append(entryValue(sequence));
    if (sequence % FRAME_ENTRIES === 0) await journal.flush();
  }
  await journal.close();
}

/** Opens and reads; returns how many entries were there in their right form, or -1 where the journal was refused. */
async function entriesLeft(folder: string): Promise<number> {
  try {
    await openJournal(folder, { runId: 'fuzz', reserveBytes: 0 }).close();
    let count = 0;
    for (const { sequence, value } of readJournal(folder, 1)) {
      assert.equal(sequence, ++count);
      assert.deepEqual(value, entryValue(sequence));
    }
    return count;
  } catch (error) {
    assert.ok(error instanceof JournalRefusedError, String(error));
    return -1;
  }
}

for (const segmentBytes of [600, 1_000_000]) {
  test(`a flipped byte costs at most the last frame, or is refused (segments of ${segmentBytes})`, async (t) => {
    const origin = temporaryFolder(t);
    await fill(origin, segmentBytes);
    const segments = listSegments(origin);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, place, flip) => {
        const folder = temporaryFolder(t);
        cpSync(origin, folder, { recursive: true });
        const { name = '', bytes: size = 1 } = segments[which % segments.length] ?? {};
        const bytes = readFileSync(join(folder, name));
        bytes[place % size] = (bytes[place % size] ?? 0) ^ flip;
        writeFileSync(join(folder, name), bytes);
        const left = await entriesLeft(folder);
        assert.ok(left === -1 || left === ENTRIES - FRAME_ENTRIES, `${left} entries left`);
      }),
      { numRuns: 200 },
    );
  });

  test(`a cut newest segment keeps all frames before the cut (segments of ${segmentBytes})`, async (t) => {
    const origin = temporaryFolder(t);
    await fill(origin, segmentBytes);
    const last = listSegments(origin).at(-1);
    assert.ok(last !== undefined);
    await fc.assert(
      fc.asyncProperty(fc.nat(last.bytes - 1), fc.uint8Array({ maxLength: 60 }), async (size, junk) => {
        const folder = temporaryFolder(t);
        cpSync(origin, folder, { recursive: true });
        writeFileSync(
          join(folder, last.name),
          Buffer.concat([readFileSync(join(folder, last.name)).subarray(0, size), junk]),
        );
        const left = await entriesLeft(folder);
        assert.ok(
          left === -1 || (left % FRAME_ENTRIES === 0 && left >= last.firstSequence - 1),
          `${left} entries left`,
        );
        // Only junk in the place of the header cannot be told from a damaged one.
        if (junk.length === 0) assert.notEqual(left, -1);
      }),
      { numRuns: 150 },
    );
  });
}

test('random bytes in the place of a journal are refused or set aside', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (junk) => {
      const folder = temporaryFolder(t);
      writeFileSync(join(folder, 'segment-0000000000000001.twj'), junk);
      assert.ok((await entriesLeft(folder)) <= 0);
    }),
    { numRuns: 100 },
  );
});

test('random bytes in the reserve are refused', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (junk) => {
      const folder = temporaryFolder(t);
      writeFileSync(join(folder, 'reserve.twj'), junk);
      const isEmpty = junk.subarray(0, 56).every((byte) => byte === 0);
      assert.equal(await entriesLeft(folder), isEmpty ? 0 : -1);
    }),
    { numRuns: 50 },
  );
});
