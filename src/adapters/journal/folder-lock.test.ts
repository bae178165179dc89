import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FolderLockedError, isHolderAlive, LOCK_NAME, lockFolder } from '#adapters/journal/folder-lock.ts';

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The id of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

const lockAndWait = `
  const { lockFolder } = await import(${JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)});
  try { lockFolder(process.argv[1]); console.log('locked'); } catch (error) { console.log(error.name); }
  setInterval(() => {}, 1000);
`;

test('a lock is one file while held and none after', (t) => {
  const folder = temporaryFolder(t);
  const lock = lockFolder(folder);
  assert.deepEqual(readdirSync(folder), [LOCK_NAME]);
  assert.equal(JSON.parse(readFileSync(join(folder, LOCK_NAME), 'utf8')).pid, process.pid);
  lock.release();
  lock.release();
  assert.deepEqual(readdirSync(folder), []);
});

test('a live holder is named in the refusal', (t) => {
  const folder = temporaryFolder(t);
  const lock = lockFolder(folder);
  assert.throws(
    () => lockFolder(folder),
    (error) => {
      assert.ok(error instanceof FolderLockedError);
      assert.equal(error.pid, process.pid);
      assert.match(error.message, new RegExp(`is locked by process ${process.pid}: it is still running`));
      return true;
    },
  );
  assert.deepEqual(readdirSync(folder), [LOCK_NAME]);
  lock.release();
});

test('the lock of a process that is gone is taken over', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, LOCK_NAME), JSON.stringify({ pid: endedPid(), startTicks: '5' }));
  const lock = lockFolder(folder);
  assert.equal(JSON.parse(readFileSync(join(folder, LOCK_NAME), 'utf8')).pid, process.pid);
  assert.deepEqual(readdirSync(folder), [LOCK_NAME]);
  lock.release();
});

test('a process of the same id but another start time is not the holder', {
  skip: !existsSync('/proc/self/stat'),
}, (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, LOCK_NAME), JSON.stringify({ pid: process.pid, startTicks: '1' }));
  lockFolder(folder).release();
  assert.equal(isHolderAlive({ pid: process.pid, startTicks: '1' }), false);
  assert.equal(isHolderAlive({ pid: process.pid, startTicks: null }), true);
});

test('a lock file that names no process is refused, not removed', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, LOCK_NAME), 'something else');
  assert.throws(() => lockFolder(folder), /expected a process in .* found 'something else'/);
  assert.deepEqual(readdirSync(folder), [LOCK_NAME]);
});

test('a claim that another left behind is named', (t) => {
  const folder = temporaryFolder(t);
  const pid = endedPid();
  writeFileSync(join(folder, LOCK_NAME), JSON.stringify({ pid, startTicks: null }));
  writeFileSync(join(folder, `${LOCK_NAME}.claim`), JSON.stringify({ pid, startTicks: null }));
  assert.throws(() => lockFolder(folder), new RegExp(`locked by process ${pid}: .*delete .*\\.claim`));
});

test('a lock that another has taken over is not released', (t) => {
  const folder = temporaryFolder(t);
  const lock = lockFolder(folder);
  writeFileSync(join(folder, LOCK_NAME), JSON.stringify({ pid: 1, startTicks: null }));
  lock.release();
  assert.deepEqual(readdirSync(folder), [LOCK_NAME]);
});

test('of many processes that race for a dead lock exactly one gets it', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, LOCK_NAME), JSON.stringify({ pid: endedPid(), startTicks: '5' }));
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', lockAndWait, folder]),
  );
  t.after(() => children.map((child) => child.kill('SIGKILL')));
  const answers = await Promise.all(
    children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()),
  );
  assert.equal(answers.filter((answer) => answer === 'locked').length, 1, answers.join());
  assert.equal(answers.filter((answer) => answer === 'FolderLockedError').length, 5, answers.join());
});
