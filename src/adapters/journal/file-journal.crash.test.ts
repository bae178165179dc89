import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import { readJournal } from '#adapters/journal/read-journal.ts';

const SEEDS = 10;
const LIVES = 3;
const SEGMENT_BYTES = 20_000;

/** A writer that announces each durable number on its output, until it is killed. */
const writer = `
  const { openJournal } = await import(${JSON.stringify(new URL('./file-journal.ts', import.meta.url).href)});
  const { writeSync } = await import('node:fs');
  const journal = openJournal(process.argv[1], { runId: 'crash', segmentBytes: ${SEGMENT_BYTES} });
  for (;;) {
    for (let index = 0; index < 1 + (journal.lastSequence * 7919) % 40; index++) {
      journal.append({ type: 'quote.received', number: journal.lastSequence + 1, text: 'x'.repeat(journal.lastSequence % 90) });
    }
    await journal.flush();
    writeSync(1, journal.durableSequence + '\\n');
  }
`;

/** Lets a writer announce as many flushes as asked for, kills it, and returns the last number it announced. */
async function announcedBeforeKill(folder: string, flushes: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > flushes) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  // A number counts when its whole line was written.
  return Number(text.split('\n').at(-2) ?? 0);
}

for (let seed = 1; seed <= SEEDS; seed++) {
  test(`every announced entry survives a killed writer (seed ${seed})`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
    t.after(() => rmSync(folder, { recursive: true }));
    for (let life = 0; life < LIVES; life++) {
      const announced = await announcedBeforeKill(folder, 1 + ((seed * 2_654_435_761 + life * 40_503) % 97));
      assert.ok(announced > 0, 'the writer announced something');
      const journal = openJournal(folder, { runId: 'crash' });
      assert.ok(
        journal.lastSequence >= announced,
        `seed ${seed}: announced ${announced}, found ${journal.lastSequence}`,
      );
      await journal.close();
      let expected = 0;
      for (const { sequence, value } of readJournal(folder, 1)) {
        assert.equal(sequence, ++expected);
        assert.deepEqual(value, { type: 'quote.received', number: sequence, text: 'x'.repeat((sequence - 1) % 90) });
      }
      assert.equal(expected, journal.lastSequence);
      assert.equal(verifyJournal(folder), expected);
    }
  });
}
