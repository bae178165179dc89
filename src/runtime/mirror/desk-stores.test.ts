import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { StoreError } from '#adapters/valkey/store-error.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import {
  auditSink,
  busSink,
  keyFile,
  keysSink,
  openKeys,
  openStreams,
  recordFile,
  recordsSink,
  recordsUrl,
  streamFile,
} from './desk-stores.ts';

const position = { runId: 'run-1', version: 1, sequence: 1, at: 1, state: '{}' };

test('without servers everything lies in the data folder, which is made', async (t) => {
  const folder = join(temporaryFolder(t), 'not', 'there', 'yet');
  const plan = { folder, valkeyUrl: undefined, databaseUrl: undefined };
  const keys = await openKeys(plan, systemTime);
  await keysSink(keys).apply('keys', [], undefined, position);
  await keys.close();
  const records = recordsSink(plan, 'run-1');
  assert.equal(existsSync(recordFile(folder)), false, 'the records are opened when they are first needed');
  await records.apply('records', [], undefined, position);
  await records.close();
  await auditSink(plan).apply('audit', [], undefined, position);
  assert.deepEqual(
    [keyFile(folder), recordFile(folder), join(folder, 'logs', 'audit', 'position.json')].map((path) =>
      existsSync(path),
    ),
    [true, true, true],
  );
  assert.equal(recordsUrl(plan), `sqlite:${join(folder, 'records.sqlite')}`);
  const streams = openStreams(plan, systemTime);
  assert.ok(streams instanceof FileStreams);
  await busSink(streams).apply('bus', [], undefined, position);
  await streams.close();
  const again = new FileStreams(streamFile(folder), systemTime, { readOnly: true });
  assert.equal((await again.position('bus'))?.sequence, 1);
  await again.close();
});

test('servers take the place of files', { skip: missingStore }, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  const folder = temporaryFolder(t);
  const plan = { folder, valkeyUrl: server.url, databaseUrl: 'postgres://127.0.0.1:1/records' };
  const keys = await openKeys(plan, systemTime);
  await keys.apply('keys', [{ type: 'set', key: 'ops:kill_switch', value: '0', ttlMs: null }], undefined, position);
  assert.equal(await keys.readKillSwitch(), 'released');
  await keys.close();
  const streams = openStreams(plan, systemTime);
  assert.ok(streams instanceof ValkeyStreams);
  await streams.close();
  assert.equal(recordsUrl(plan), plan.databaseUrl);
  assert.equal(existsSync(keyFile(folder)), false);
});

test('a server that is away is opened all the same, an address that is none is refused', async () => {
  const plan = { folder: 'unused', databaseUrl: undefined };
  const keys = await openKeys({ ...plan, valkeyUrl: 'redis://127.0.0.1:1/0' }, systemTime);
  const { isReachable } = await keys.info();
  assert.equal(isReachable, false);
  await keys.close();
  await assert.rejects(openKeys({ ...plan, valkeyUrl: 'http://127.0.0.1' }, systemTime), StoreError);
});
