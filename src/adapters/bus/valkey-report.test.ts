import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { describeStream } from './valkey-report.ts';

test('a stream is described with the floor of each of its groups', { skip: missingStore }, async (t) => {
  const store = await startStore();
  const client = new Redis(store.url, { protocol: 2 });
  t.after(async () => {
    client.disconnect();
    await store.stop();
  });
  assert.deepEqual(await describeStream(client, 's'), { stream: 's', length: 0, lastId: '0-0', groups: [] });
  for (const id of ['1-0', '2-0', '3-0']) await client.xadd('s', id, 'envelope', 'x');
  for (const group of ['behind', 'reading', 'done']) await client.xgroup('CREATE', 's', group, '0');
  await client.xreadgroup('GROUP', 'reading', 'c', 'COUNT', 2, 'STREAMS', 's', '>');
  await client.xreadgroup('GROUP', 'done', 'c', 'STREAMS', 's', '>');
  await client.xack('s', 'reading', '1-0');
  await client.xack('s', 'done', '1-0', '2-0', '3-0');
  const report = await describeStream(client, 's');
  assert.deepEqual([report.length, report.lastId], [3, '3-0']);
  const rows = report.groups.map(({ name, floorId, pending, consumers }) => [name, floorId, pending, consumers]);
  assert.deepEqual(rows.sort(), [
    ['behind', '0-1', 0, 0],
    ['done', '3-1', 0, 1],
    ['reading', '2-0', 1, 1],
  ]);
  assert.equal(report.groups.find(({ name }) => name === 'behind')?.idleMs, null);
});
