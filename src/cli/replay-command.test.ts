import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { recordedEvents } from '#runtime/read-run.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { type Cleanup, temporaryFolder, writeWalks } from '../../tests/support/csv-bars.ts';
import { eagerSettings } from '../../tests/support/paper-desk.ts';
import { registerBacktest } from './backtest-command.ts';
import { registerReplay } from './replay-command.ts';

/** A folder with a kept run of a few hours that has traded. */
async function keptRun(t: Cleanup): Promise<string> {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD', 'GBP_USD', 'USD_JPY'], 900);
  const run = join(folder, 'run');
  const { code, work } = await runCommand(registerBacktest, ['backtest', '--data', data, '--out', run], eagerSettings);
  assert.equal(code, 0, work);
  return run;
}

function replay(...argv: readonly string[]) {
  return runCommand(registerReplay, ['replay', ...argv]);
}

test('a run is decided anew with every event and the hash equal', async (t) => {
  const run = await keptRun(t);
  const { code, result } = await replay(run, '--json');
  assert.equal(code, 0, result);
  const proof = JSON.parse(result);
  const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
  assert.equal(proof.isEqual, true);
  assert.equal(proof.difference, null);
  assert.equal(proof.decisionsHash, summary.decisionsHash);
  assert.equal(proof.events, [...recordedEvents(run)].length);
  assert.ok(proof.inputs > 0 && proof.inputs < proof.events);
  assert.match((await replay(run)).result, /every event and the hash equal the recorded ones/);
});

test('the first difference is named, field by field', async (t) => {
  const run = await keptRun(t);
  const events = [...recordedEvents(run)].map(({ event }) => event);
  const place = events.findIndex(({ type }) => type === 'order.submitted');
  const forged = events.map((event, index) =>
    index === place && event.type === 'order.submitted'
      ? { ...event, order: { ...event.order, quantity: event.order.quantity + 1 } }
      : event,
  );
  const { runId } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
  const other = join(temporaryFolder(t), 'run');
  const journal = openJournal(join(other, 'journal'), { runId, sync: 'none' });
  for (const event of forged) journal.append(event);
  await journal.close();
  writeFileSync(join(other, 'run.json'), readFileSync(join(run, 'run.json')));
  const { code, result } = await replay(other);
  assert.equal(code, 1);
  assert.match(result, new RegExp(`the first difference is event ${place + 1} at 2026-01-05 \\d\\d:\\d\\d`));
  assert.match(
    result,
    /'order\.submitted', recorded and decided differ in:\nfield +recorded +decided\norder\.quantity +\d+ +\d+\n/,
  );
  const found = JSON.parse((await replay(other, '--json')).result);
  assert.equal(found.isEqual, false);
  assert.equal(found.difference.sequence, place + 1);
  assert.equal(found.difference.recorded.order.quantity, found.difference.decided.order.quantity + 1);
});

test('a flipped byte in the journal is refused', async (t) => {
  const run = await keptRun(t);
  const [segment = ''] = readdirSync(join(run, 'journal')).filter((name) => name.endsWith('.twj'));
  const path = join(run, 'journal', segment);
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const { code, work, result } = await replay(run, '--json');
  assert.equal(code, 1);
  assert.match(work, /journal segment '.*' is refused at byte \d+/);
  assert.equal(JSON.parse(result).isEqual, false);
});

test('another hash than the one recorded is a difference, though every event is equal', async (t) => {
  const run = await keptRun(t);
  const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
  writeFileSync(join(run, 'summary.json'), JSON.stringify({ ...summary, decisionsHash: '0'.repeat(64) }));
  const { code, result } = await replay(run);
  assert.equal(code, 1);
  assert.match(result, /the events are equal but the hash is not: the run recorded 0{64}/);
});

test('a folder without a run, or with a summary of another shape, is code 2', async (t) => {
  const folder = temporaryFolder(t);
  const none = await replay(folder);
  assert.equal(none.code, 2);
  assert.match(none.work, /holds no run: expected a file 'run\.json' in it/);
  const run = await keptRun(t);
  writeFileSync(join(run, 'summary.json'), '{');
  const broken = await replay(run);
  assert.equal(broken.code, 2);
  assert.match(broken.work, /is expected to hold a 'decisionsHash'/);
});
