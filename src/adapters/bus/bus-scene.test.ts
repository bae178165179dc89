import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import {
  envelopeOf,
  eventually,
  listen,
  memoryScene,
  pendingOf,
  publish,
  sequenceOf,
  sequencesOf,
  wholeRange,
} from './bus-scene.ts';

test('a scene publishes, listens and tells what came', async () => {
  const { clock, connect, close } = memoryScene(new HandClock());
  const heard = listen({ driver: connect(), time: clock });
  await publish(connect(), ...wholeRange(1, 3).map((sequence) => envelopeOf(sequence)));
  await eventually(clock, 'all came', () => heard.seen.length === 3);
  await heard.subscription.close();
  assert.deepEqual(sequencesOf(heard), [1, 2, 3]);
  assert.equal(sequenceOf(envelopeOf(7)), 7);
  assert.equal(await pendingOf(connect(), 'quantum:stream:order.filled', 'monitoring'), 0);
  await close();
});
