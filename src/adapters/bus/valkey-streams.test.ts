import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { envelopeOf, publish, wholeRange } from '../../../tests/support/bus-scene.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { ValkeyStreams } from './valkey-streams.ts';

const stream = 'quantum:stream:order.filled';
const domain = 'quantum:stream:domain:order';

test('entries of both streams have one id, also where the clock goes back or a stranger wrote', {
  skip: missingStore,
}, async (t) => {
  const store = await startStore();
  const client = new Redis(store.url, { protocol: 2 });
  const clock = new HandClock(1_000);
  const driver = new ValkeyStreams(store.url, clock);
  t.after(async () => {
    client.disconnect();
    await driver.close();
    await store.stop();
  });
  const idsOf = async (key: string): Promise<string[]> => (await client.xrange(key, '-', '+')).map(([id]) => id);
  await publish(driver, envelopeOf(1), envelopeOf(2, 'order.canceled'), envelopeOf(3));
  assert.deepEqual(await idsOf(stream), ['1000-0', '1000-2']);
  assert.deepEqual(await idsOf(domain), ['1000-0', '1000-1', '1000-2']);
  await client.set('quantum:bus:clock', '2000-5');
  await publish(driver, envelopeOf(4));
  assert.deepEqual((await idsOf(stream)).at(-1), '2000-6');
  await client.xadd(stream, '9000-0', 'envelope', 'a stranger');
  await publish(driver, envelopeOf(5));
  const [last = ''] = (await idsOf(stream)).slice(-1);
  assert.ok(Number(last.split('-')[0]) >= 9_000);
  assert.equal((await idsOf(domain)).at(-1), '2000-7');
});

test('places in a long stream are counted in steps', { skip: missingStore }, async (t) => {
  const store = await startStore();
  const driver = new ValkeyStreams(store.url, new HandClock(1_000));
  const client = new Redis(store.url, { protocol: 2 });
  t.after(async () => {
    client.disconnect();
    await driver.close();
    await store.stop();
  });
  await publish(driver, ...wholeRange(1, 2_500).map((sequence) => envelopeOf(sequence)));
  assert.equal(await driver.idAt(stream, 0), '1000-0');
  assert.equal(await driver.idAt(stream, 2_499), '1000-2499');
  assert.equal(await driver.idAt(stream, 2_500), undefined);
  assert.equal(await driver.countBefore(stream, '1000-2000'), 2_000);
});
