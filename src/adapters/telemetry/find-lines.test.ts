import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { findLogLines, findSpanLines } from './find-lines.ts';

const traceId = 'a'.repeat(32);

function logLine(event: string, trace: string | null = traceId): string {
  const fixed = { timestamp: '2025-01-06T08:00:30.000Z', level: 'info', service_name: 'desk', module: 'main' };
  return JSON.stringify({ ...fixed, event, trace_id: trace, metadata: {} });
}

test('the lines of one trace are found in all files of the log, oldest first', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'tradewind-2025-01-05.jsonl'), `${logLine('one')}\n${logLine('other', 'b'.repeat(32))}\n`);
  writeFileSync(join(folder, 'tradewind.jsonl'), `${logLine('two')}\n${logLine(`about ${traceId}`, null)}\n`);
  writeFileSync(join(folder, 'notes.jsonl'), `${logLine('elsewhere')}\n`);
  const { lines, leftOut } = await findLogLines(folder, traceId, 10);
  assert.deepEqual(
    lines.map(({ event }) => event),
    ['one', 'two'],
  );
  assert.equal(leftOut, 0);
});

test('half a line and a line of another shape are none', async (t) => {
  const folder = temporaryFolder(t);
  const strange = JSON.stringify({ trace_id: traceId });
  writeFileSync(join(folder, 'tradewind.jsonl'), `${strange}\n${logLine('one')}\n${logLine('two').slice(0, -5)}`);
  const { lines } = await findLogLines(folder, traceId, 10);
  assert.deepEqual(
    lines.map(({ event }) => event),
    ['one'],
  );
});

test('more lines than are asked for are counted', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'tradewind.jsonl'), `${logLine('x')}\n`.repeat(5));
  const { lines, leftOut } = await findLogLines(folder, traceId, 2);
  assert.deepEqual([lines.length, leftOut], [2, 3]);
});

test('a folder that is not there holds nothing', async (t) => {
  const folder = join(temporaryFolder(t), 'absent');
  assert.deepEqual(await findSpanLines(folder, traceId, 10), { lines: [], leftOut: 0 });
});
