import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FolderLockedError, lockFolder } from '#adapters/journal/folder-lock.ts';
import { openSyntheticDesk, temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { deskAtRest } from './desk-at-rest.ts';
import { changeKillAtRest } from './kill-at-rest.ts';
import { recordedEvents } from './read-run.ts';
import { createRunFolder, RunError } from './run-folder.ts';

const change = { isEngaging: true, isFlattening: false, actor: 'ann', reason: 'lunch' };

/** A folder in which a desk has run for a while and stopped in order. */
async function stoppedDesk(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  const run = openSyntheticDesk(folder);
  await run.warmUp();
  await run.stop();
  return folder;
}

test('a switch engaged while nothing runs is engaged at the next start', async (t) => {
  const folder = await stoppedDesk(t);
  const before = deskAtRest(folder);
  assert.equal(before.engine.state.kill.isEngaged, false);
  assert.match(await changeKillAtRest(folder, change), /engaged from the next start on/);
  const run = openSyntheticDesk(folder);
  assert.deepEqual(run.engine.state.kill, {
    isEngaged: true,
    actor: 'ann',
    reason: 'lunch',
    at: before.engine.state.at,
  });
  assert.equal(run.engine.state.runId, before.engine.state.runId);
  await run.stop();
});

test('it may be released the same way, and doing nothing writes nothing', async (t) => {
  const folder = await stoppedDesk(t);
  await changeKillAtRest(folder, change);
  assert.match(await changeKillAtRest(folder, change), /engaged already/);
  await changeKillAtRest(folder, { ...change, isEngaging: false });
  const types = [...recordedEvents(folder)].slice(-2).map(({ event }) => event.type);
  assert.deepEqual(types, ['kill.engaged', 'kill.released']);
  const run = openSyntheticDesk(folder);
  assert.equal(run.engine.state.kill.isEngaged, false);
  await run.stop();
});

test('flattening asks for closing orders in the journal', async (t) => {
  const folder = await stoppedDesk(t);
  await changeKillAtRest(folder, { ...change, isFlattening: true });
  const types = [...recordedEvents(folder)].slice(-2).map(({ event }) => event.type);
  assert.deepEqual(types, ['kill.engaged', 'flatten.requested']);
});

test('a folder that a desk holds is left alone', async (t) => {
  const folder = await stoppedDesk(t);
  const lock = lockFolder(folder);
  await assert.rejects(changeKillAtRest(folder, change), FolderLockedError);
  lock.release();
});

test('a backtest has no switch to set', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kill-at-rest-'));
  t.after(() => rmSync(folder, { recursive: true }));
  createRunFolder(folder, {
    format: 1,
    runId: 'r',
    kind: 'backtest',
    desk: 'fx',
    seed: 1,
    market: 'm',
    instruments: [],
    startAt: 0,
    startBalance: 1,
    codeVersion: '',
    dataHash: '',
  });
  await assert.rejects(changeKillAtRest(folder, change), RunError);
});
