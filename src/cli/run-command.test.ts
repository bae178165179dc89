import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { lockFolder } from '#adapters/journal/folder-lock.ts';
import { hasRun, readManifest } from '#runtime/run-folder.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { registerRun } from './run-command.ts';

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

const pair = ['--instruments', 'EUR_USD', '--port', '0'];

async function run(...argv: string[]): Promise<{ code: number; lines: Line[]; work: string }> {
  const { code, result, work } = await runCommand(registerRun, ['run', '--json', ...argv]);
  const lines = result
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  return { code, lines, work };
}

test('a run opens, takes in history, trades, stops in order, and goes on where it was', async (t) => {
  const folder = temporaryFolder(t);
  const argv = [...pair, '--data-dir', folder, '--speed', '3000', '--for', '0.5'];
  const first = await run(...argv);
  assert.equal(first.code, 0);
  assert.deepEqual(
    first.lines.map(({ type }) => type).filter((type) => !type.includes('.')),
    ['opened', 'warm', 'listening', 'stopping', 'stopped'],
  );
  assert.match(
    String(first.lines.find(({ type }) => type === 'listening')?.['address']),
    /^http:\/\/127\.0\.0\.1:\d+$/,
  );
  const end = first.lines.at(-1);
  const second = await run(...argv);
  const opened = second.lines[0];
  assert.deepEqual([opened?.['isNew'], opened?.['runId']], [false, end?.['runId']]);
  assert.ok(Number(second.lines.at(-1)?.['at']) > Number(end?.['at']));
  const set = await run(...argv, '--set', 'SESSION_EXIT_MINUTES=9');
  assert.match(
    String(set.lines.find(({ type }) => type === 'notice')?.['notice']),
    /^settings differ .*'strategy\/fx'/,
  );
  const other = await run(...argv, '--seed', '8');
  assert.equal(other.code, 2);
  assert.match(other.work, /holds a run with seed '7', asked for '8': choose another --data-dir/);
});

test('a held folder is refused and left alone', async (t) => {
  const folder = temporaryFolder(t);
  const lock = lockFolder(folder);
  const { code, work } = await run(...pair, '--data-dir', folder, '--for', '1');
  lock.release();
  assert.equal(code, 2);
  assert.match(work, /is locked by process/);
  assert.equal(hasRun(folder), false);
});

test('a port in use is refused before history is taken in', async (t) => {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const folder = temporaryFolder(t);
  const { code, lines, work } = await run('--instruments', 'EUR_USD', '--data-dir', folder, '--port', String(port));
  assert.equal(code, 2);
  assert.match(work, /cannot listen/);
  assert.deepEqual(
    lines.map(({ type }) => type),
    ['opened'],
  );
  // The folder is free again, and its run begins at the next start.
  lockFolder(folder).release();
  assert.equal(readManifest(folder).kind, 'paper');
});

test('options that are malformed are refused', async () => {
  for (const argv of [
    ['--market', 'live'],
    ['--market', 'data:'],
    ['--speed', '0'],
    ['--speed', '1e9'],
    ['--for', '-1'],
    ['--port', '70000'],
    ['--instruments', 'EURUSDX'],
    ['--set', 'ALLOC_TOP_K'],
    ['--set', 'ALLOC_TOP_K=many'],
    ['--set', 'ALLOC_TOPK=3'],
  ]) {
    const { code } = await run('--data-dir', 'never/made', ...argv);
    assert.equal(code, 2, argv.join(' '));
  }
  assert.equal(hasRun('never/made'), false);
});
