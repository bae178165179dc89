import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envelopeOf, publish, wholeRange } from '../../../tests/support/bus-scene.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { createDeliveryQueue, holdEnding } from './delivery-queue.ts';
import { FileStreams } from './file-streams.ts';
import { Pauses } from './pauses.ts';
import type { StreamEntry } from './stream-driver.ts';
import { StreamFollower } from './stream-follower.ts';
import { defaultLimits } from './subscription-types.ts';

test('a follower brings no more than there is room for, and more once there is', async () => {
  const clock = new HandClock();
  const bus = { driver: new FileStreams(':memory:', clock), time: clock };
  const queue = createDeliveryQueue();
  const brought: StreamEntry[] = [];
  const pauses = new Pauses(clock);
  const follower = new StreamFollower({
    bus,
    subscription: {
      group: 'g',
      consumer: 'c',
      patterns: ['order.filled'],
      handler: () => undefined,
      onProblem: () => undefined,
    },
    limits: { ...defaultLimits, inFlightMax: 4 },
    pauses,
    queue,
    leaving: () => 0,
    accept: async (entries) => {
      brought.push(...entries);
      for (const { id } of entries) holdEnding(queue, id);
    },
    lookAgain: async () => undefined,
    onFailure: (message) => assert.fail(message),
    onProblem: ({ message }) => assert.fail(message),
  });
  assert.ok(!follower.hasRecovered);
  await publish(bus.driver, ...wholeRange(1, 10).map((sequence) => envelopeOf(sequence)));
  follower.start();
  await clock.pass(100);
  assert.equal(brought.length, 4);
  assert.ok(follower.hasRecovered);
  queue.ending.clear();
  follower.roomChanged();
  await clock.pass(100);
  assert.equal(brought.length, 8);
  follower.stop();
  pauses.end();
  await follower.stopped();
});
