import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { LogFile, logFileName } from './log-file.ts';

const dayMs = 86_400_000;

/** The file system stamps with the real clock; a test's day must be told to it. */
function stamp(folder: string, at: number): void {
  utimesSync(join(folder, logFileName), at / 1_000, at / 1_000);
}

function textOf(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

test('lines are there when the call returns, in a folder that is made', (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  const file = new LogFile(folder, new HandClock(Date.parse('2025-01-06T08:00:00Z')));
  t.after(() => file.close());
  file.append('one');
  file.append('two');
  assert.equal(textOf(folder, logFileName), 'one\ntwo\n');
});

test('a day ends with its file set aside under its name', async (t) => {
  const folder = temporaryFolder(t);
  const time = new HandClock(Date.parse('2025-01-06T23:59:59Z'));
  const file = new LogFile(folder, time);
  t.after(() => file.close());
  file.append('old');
  stamp(folder, time.now());
  await time.pass(2_000);
  file.append('new');
  assert.deepEqual(readdirSync(folder).sort(), ['tradewind-2025-01-06.jsonl', 'tradewind.jsonl']);
  assert.equal(textOf(folder, 'tradewind-2025-01-06.jsonl'), 'old\n');
  assert.equal(textOf(folder, logFileName), 'new\n');
});

test('a restart goes on in the file of its day, and sets aside that of another', async (t) => {
  const folder = temporaryFolder(t);
  const time = new HandClock(Date.parse('2025-01-06T08:00:00Z'));
  const first = new LogFile(folder, time);
  first.append('one');
  first.close();
  stamp(folder, time.now());
  const second = new LogFile(folder, time);
  second.append('two');
  second.close();
  assert.equal(textOf(folder, logFileName), 'one\ntwo\n');
  stamp(folder, time.now());
  writeFileSync(join(folder, 'tradewind-2025-01-06.jsonl'), 'taken\n');
  await time.pass(dayMs);
  const third = new LogFile(folder, time);
  third.append('three');
  third.close();
  assert.equal(textOf(folder, 'tradewind-2025-01-06-2.jsonl'), 'one\ntwo\n');
  assert.equal(textOf(folder, 'tradewind-2025-01-06.jsonl'), 'taken\n');
});

test('fourteen days are kept', (t) => {
  const folder = temporaryFolder(t);
  const time = new HandClock(Date.parse('2025-01-20T08:00:00Z'));
  for (const day of ['06', '07', '19']) writeFileSync(join(folder, `tradewind-2025-01-${day}.jsonl`), '');
  const file = new LogFile(folder, time);
  t.after(() => file.close());
  file.append('one');
  assert.equal(existsSync(join(folder, 'tradewind-2025-01-06.jsonl')), false);
  assert.equal(existsSync(join(folder, 'tradewind-2025-01-07.jsonl')), true);
});

test('a write that ended half way is closed off before the next line', (t) => {
  const folder = temporaryFolder(t);
  let isFull = true;
  const file = new LogFile(folder, new HandClock(Date.parse('2025-01-06T08:00:00Z')), (descriptor, bytes, from) => {
    if (!isFull) return writeSync(descriptor, bytes, from);
    if (from > 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    return writeSync(descriptor, bytes, from, 2);
  });
  t.after(() => file.close());
  assert.throws(() => file.append('first'), { code: 'ENOSPC' });
  isFull = false;
  file.append('second');
  assert.equal(textOf(folder, logFileName), 'fi\nsecond\n');
});

test('a write of nothing is an error and no endless loop', (t) => {
  const file = new LogFile(temporaryFolder(t), new HandClock(Date.parse('2025-01-06T08:00:00Z')), () => 0);
  t.after(() => file.close());
  assert.throws(() => file.append('x'), { code: 'EIO' });
});
