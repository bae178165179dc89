import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemFiles, writeAllSync } from '#adapters/journal/file-operations.ts';
import { JournalRefusedError } from '#adapters/journal/journal-errors.ts';
import {
  applyReserve,
  isReserveInUse,
  openReserveFile,
  RESERVE_NAME,
  type ReserveFile,
  type ReserveRecord,
  readReserve,
} from '#adapters/journal/reserve-file.ts';
import { segmentName } from '#adapters/journal/segment-header.ts';

const records: readonly ReserveRecord[] = [
  { segmentSequence: 5, offset: 3, bytes: Buffer.from('first') },
  { segmentSequence: 9, offset: 0, bytes: Buffer.from('second') },
];

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function write(reserve: ReserveFile, record: ReserveRecord, sequence: number): void {
  const { position, bytes } = reserve.seal(record, sequence);
  writeAllSync(systemFiles, reserve.file, bytes, position);
}

/** A folder whose reserve holds both records. */
function usedFolder(t: TestContext): string {
  const folder = temporaryFolder(t);
  const reserve = openReserveFile(folder, 4_096, systemFiles);
  for (const [index, record] of records.entries()) write(reserve, record, 7 + index);
  systemFiles.close(reserve.file);
  writeFileSync(join(folder, segmentName(5)), 'abcd');
  return folder;
}

test('a fresh reserve takes its whole size and is not in use', (t) => {
  const folder = temporaryFolder(t);
  assert.equal(isReserveInUse(folder), false);
  systemFiles.close(openReserveFile(folder, 4_096, systemFiles).file);
  assert.equal(statSync(join(folder, RESERVE_NAME)).size, 4_096);
  assert.equal(isReserveInUse(folder), false);
});

test('records come back in order', (t) => {
  const bytes = readFileSync(join(usedFolder(t), RESERVE_NAME));
  assert.deepEqual(
    readReserve(bytes).map((record) => ({ ...record, bytes: Buffer.from(record.bytes) })),
    records,
  );
});

test('applying writes each record to its place, empties the reserve, and may be done twice', (t) => {
  const folder = usedFolder(t);
  const bytes = readFileSync(join(folder, RESERVE_NAME));
  for (let time = 0; time < 2; time++) {
    assert.equal(applyReserve(folder, bytes, systemFiles).length, 2);
    assert.equal(readFileSync(join(folder, segmentName(5)), 'utf8'), 'abcfirst');
    assert.equal(readFileSync(join(folder, segmentName(9)), 'utf8'), 'second');
    assert.equal(isReserveInUse(folder), false);
  }
});

test('an applied reserve opens empty again', (t) => {
  const folder = usedFolder(t);
  applyReserve(folder, readFileSync(join(folder, RESERVE_NAME)), systemFiles);
  const reserve = openReserveFile(folder, 1_000, systemFiles);
  write(reserve, { segmentSequence: 9, offset: 6, bytes: Buffer.from('!') }, 9);
  systemFiles.close(reserve.file);
  assert.equal(readReserve(readFileSync(join(folder, RESERVE_NAME))).length, 1);
});

test('a record that does not fit is refused and the next smaller one still goes in', (t) => {
  const reserve = openReserveFile(temporaryFolder(t), 200, systemFiles);
  t.after(() => systemFiles.close(reserve.file));
  assert.throws(() => reserve.seal({ segmentSequence: 1, offset: 0, bytes: new Uint8Array(200) }, 1), {
    code: 'RESERVE_FULL',
    isRetryable: false,
  });
  assert.equal(reserve.seal({ segmentSequence: 1, offset: 0, bytes: new Uint8Array(20) }, 1).position, 0);
});

test('a torn last record is left out, a damaged earlier one is refused', (t) => {
  const bytes = readFileSync(join(usedFolder(t), RESERVE_NAME));
  const torn = Uint8Array.from(bytes);
  torn[bytes.indexOf('second')] = 0;
  assert.equal(readReserve(torn).length, 1);
  const damaged = Uint8Array.from(bytes);
  damaged[bytes.indexOf('first')] = 0;
  assert.throws(() => readReserve(damaged), { code: 'reserve', message: /others follow/ });
});

test('a damaged header is refused, not taken for an empty reserve', (t) => {
  const bytes = readFileSync(join(usedFolder(t), RESERVE_NAME));
  for (let place = 0; place < 56; place++) {
    const damaged = Uint8Array.from(bytes);
    damaged[place] = (damaged[place] ?? 0) ^ 1;
    assert.throws(() => readReserve(damaged), JournalRefusedError, `byte ${place}`);
  }
  assert.throws(() => readReserve(bytes.subarray(0, 20)), JournalRefusedError);
});

test('a segment too short for its record is refused', (t) => {
  const folder = usedFolder(t);
  writeFileSync(join(folder, segmentName(5)), 'a');
  assert.throws(() => applyReserve(folder, readFileSync(join(folder, RESERVE_NAME)), systemFiles), { code: 'reserve' });
});
