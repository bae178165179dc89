import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { diskCheck, nodeChecks, portCheck, programChecks, writableCheck } from './machine-checks.ts';

test('an old Node is broken and a missing bundled one worth a note', (t) => {
  const root = temporaryFolder(t);
  assert.deepEqual(
    nodeChecks('20.11.0', root).map(({ state }) => state),
    ['broken', 'note'],
  );
  mkdirSync(join(root, 'node_modules/node/bin'), { recursive: true });
  writeFileSync(join(root, 'node_modules/node/bin/node'), '');
  assert.deepEqual(
    nodeChecks('24.0.0', root).map(({ state }) => state),
    ['ok', 'ok'],
  );
});

test('the disk is looked at where the folder would be', (t) => {
  const { detail } = diskCheck(join(temporaryFolder(t), 'not/there/yet'));
  assert.match(detail, /^\d+ MiB free/);
});

test('a folder that is missing will be made, one that cannot be written is broken', (t) => {
  const folder = temporaryFolder(t);
  assert.match(writableCheck(join(folder, 'x')).detail, /will be made/);
  assert.equal(writableCheck(folder).state, 'ok');
  chmodSync(folder, 0o500);
  // The superuser may write everywhere.
  assert.equal(writableCheck(folder).state, process.getuid?.() === 0 ? 'ok' : 'broken');
  chmodSync(folder, 0o700);
});

test('a port in use is broken, unless the desk runs', async (t) => {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.equal((await portCheck('127.0.0.1', port, false)).state, 'broken');
  assert.equal((await portCheck('127.0.0.1', port, true)).state, 'note');
  assert.equal((await portCheck('127.0.0.1', 0, false)).state, 'ok');
});

test('programs are found on the path, and their absence is no fault', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'redis-server'), '');
  const checks = programChecks([join(folder, 'none'), folder].join(delimiter));
  assert.deepEqual(
    checks.map(({ state }) => state),
    ['ok', 'ok', 'ok'],
  );
  assert.equal(checks[0]?.detail, join(folder, 'redis-server'));
  assert.match(checks[2]?.detail ?? '', /not installed/);
});
