import assert from 'node:assert/strict';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { openLogDestination, tellQuietly } from './log-destination.ts';
import { logFileName } from './log-file.ts';

function scene() {
  const shown: string[] = [];
  const problems: string[] = [];
  const time = new HandClock(Date.parse('2025-01-06T08:00:00Z'));
  const stderr = { write: (text: string) => void shown.push(text) };
  return { shown, problems, time, stderr, onProblem: (problem: string) => void problems.push(problem) };
}

test('a full disk sends lines to the error output, is told once, and is tried again later', async (t) => {
  const folder = temporaryFolder(t);
  const { shown, problems, time, ...rest } = scene();
  let isFull = true;
  let tries = 0;
  const sink = openLogDestination(
    { type: 'file', folder },
    {
      ...rest,
      time,
      writeSome: (file, bytes, from) => {
        tries += 1;
        if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        return writeSync(file, bytes, from);
      },
    },
  );
  for (let line = 1; line <= 3; line += 1) sink.write(`line ${line}`);
  assert.deepEqual(shown, ['line 1\n', 'line 2\n', 'line 3\n']);
  assert.deepEqual(problems, ['the log cannot be written: no space left on device']);
  assert.equal(tries, 1);
  await time.pass(5_000);
  sink.write('line 4');
  assert.equal(tries, 2);
  assert.equal(problems.length, 1);
  isFull = false;
  await time.pass(5_000);
  sink.write('line 5');
  assert.equal(shown.length, 4);
  assert.equal(readFileSync(join(folder, logFileName), 'utf8'), 'line 5\n');
  isFull = true;
  sink.write('line 6');
  assert.equal(problems.length, 2);
  sink.close();
});

test('a pipe whose reader has gone is told once and never thrown', () => {
  const { problems, time, onProblem } = scene();
  const stderr = { write: (_text: string, onDone: (error?: Error) => void) => onDone(new Error('write EPIPE')) };
  const sink = openLogDestination({ type: 'stderr' }, { time, stderr, onProblem });
  for (let line = 0; line < 3; line += 1) sink.write('x');
  assert.deepEqual(problems, ['the log cannot be written: write EPIPE']);
  const thrower = {
    write: () => {
      throw new Error('closed');
    },
  };
  openLogDestination({ type: 'stderr' }, { time, stderr: thrower, onProblem }).write('x');
  assert.equal(problems.length, 2);
});

test('with the file and the error output gone nothing throws', (t) => {
  const { problems, time, onProblem } = scene();
  const failing = () => {
    throw new Error('gone');
  };
  const sink = openLogDestination(
    { type: 'file', folder: temporaryFolder(t) },
    { time, onProblem, stderr: { write: failing }, writeSome: failing },
  );
  sink.write('x');
  sink.close();
  assert.equal(problems.length, 2);
});

test('nowhere is a destination too', () => {
  const { shown, ...rest } = scene();
  const sink = openLogDestination({ type: 'none' }, rest);
  sink.write('x');
  sink.close();
  assert.deepEqual(shown, []);
});

test('a listener that fails does not fail the one who tells', () => {
  tellQuietly(
    () => {
      throw new Error('deaf');
    },
    'x',
    new Error('y'),
  );
});
