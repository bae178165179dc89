import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envelopeOf, publish } from '../../../tests/support/bus-scene.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { FileStreams } from './file-streams.ts';
import { heldBack } from './key-holders.ts';

const stream = 'quantum:stream:order.filled';

test('an envelope is held back by an earlier one of its key elsewhere, or by a lost one of its own', async () => {
  const driver = new FileStreams(':memory:', new HandClock());
  await driver.ensureGroup('g', [stream]);
  await publish(driver, envelopeOf(1, 'order.filled', 'A'), envelopeOf(2, 'order.filled', 'B'));
  await publish(driver, envelopeOf(3, 'order.filled', 'A'), envelopeOf(4, 'order.filled', 'B'));
  const take = (consumer: string, count: number) =>
    driver.openReader().read({ group: 'g', consumer, streams: [stream], count, blockMs: 0 });
  const [first] = await take('other', 1);
  const [second, third, fourth] = await take('mine', 3);
  assert.ok(first !== undefined && second !== undefined && third !== undefined && fourth !== undefined);
  const asking = [
    { entry: third, orderKey: 'key A' },
    { entry: fourth, orderKey: 'key B' },
  ];
  const ask = async (includesOwn: boolean, inHand: readonly string[]): Promise<string[]> => {
    const isInHand = ({ id }: { readonly id: string }): boolean => inHand.includes(id);
    const held = await heldBack(driver, { group: 'g', consumer: 'mine', includesOwn, isInHand }, asking);
    return [...held].map(({ orderKey }) => orderKey);
  };
  assert.deepEqual(await ask(false, []), ['key A']);
  assert.deepEqual(await ask(true, [third.id, fourth.id]), ['key A', 'key B']);
  assert.deepEqual(await ask(true, [second.id, third.id, fourth.id]), ['key A']);
  await driver.settle({ group: 'g', acknowledged: [first], processedIds: [], letters: [], at: 0 });
  assert.deepEqual(await ask(false, []), []);
});
