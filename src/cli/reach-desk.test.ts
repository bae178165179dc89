import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FolderLockedError } from '#adapters/journal/folder-lock.ts';
import { serveControl } from '#runtime/control-socket.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { reachDesk } from './reach-desk.ts';

test('the running desk is asked, and nothing is done at rest', async (t) => {
  const folder = temporaryFolder(t);
  const server = await serveControl(folder, () => ({ isDone: true, message: 'here' }));
  const reached = await reachDesk(folder, { command: 'status' }, () => Promise.reject(new Error('at rest')));
  assert.deepEqual(reached, { isRunning: true, answer: { isDone: true, message: 'here' } });
  await new Promise((done) => void server.close(done));
  assert.deepEqual(await reachDesk(folder, { command: 'status' }, () => Promise.resolve(7)), {
    isRunning: false,
    result: 7,
  });
});

test('a desk that holds its folder and does not listen yet is waited for', async (t) => {
  let tries = 0;
  const reached = await reachDesk(temporaryFolder(t), { command: 'status' }, async () => {
    tries += 1;
    if (tries < 3) throw new FolderLockedError('folder', 1, 'it starts');
    return 'done';
  });
  assert.deepEqual([reached.isRunning, tries], [false, 3]);
});

test('any other failure is not waited out', async (t) => {
  const failing = reachDesk(temporaryFolder(t), { command: 'status' }, () => Promise.reject(new Error('broken')));
  await assert.rejects(failing, /broken/);
});
