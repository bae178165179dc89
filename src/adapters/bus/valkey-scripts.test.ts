import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { reviveScript, stepScript, touchScript, wipeScript } from './valkey-scripts.ts';

test('scripts do what they say, at once', { skip: missingStore }, async (t) => {
  const store = await startStore();
  const client = new Redis(store.url, { protocol: 2 });
  t.after(async () => {
    client.disconnect();
    await store.stop();
  });
  for (const id of ['1-0', '2-0', '3-0']) await client.xadd('s', id, 'envelope', 'x');
  assert.deepEqual(await client.eval(stepScript, 1, 's', '-', '+', 2), [2, '2-0']);
  assert.deepEqual(await client.eval(stepScript, 1, 's', '(3-0', '+', 2), [0, '']);
  await client.xgroup('CREATE', 's', 'g', '0');
  await client.xreadgroup('GROUP', 'g', 'one', 'COUNT', 1, 'STREAMS', 's', '>');
  await client.xreadgroup('GROUP', 'g', 'two', 'COUNT', 1, 'STREAMS', 's', '>');
  await client.eval(touchScript, 1, 's', 'g', 'one', '1-0', '2-0', '3-0');
  const pending = (await client.xpending('s', 'g', '-', '+', 10)) as [string, string, number, number][];
  assert.deepEqual(
    pending.map(([id, consumer, , deliveries]) => [id, consumer, deliveries]),
    [
      ['1-0', 'one', 1],
      ['2-0', 'two', 1],
    ],
  );
  await client.xadd('dead', '1-0', 'envelope', 'x');
  const revive = (): Promise<unknown> => client.eval(reviveScript, 3, 'dead', 'back', 'streams', '1-0', 'x', 'g');
  assert.deepEqual([await revive(), await revive()], [1, 0]);
  assert.equal(await client.xlen('back'), 1);
  await client.eval(wipeScript, 2, 'position', 'streams');
  assert.equal(await client.exists('back', 'streams'), 0);
});
