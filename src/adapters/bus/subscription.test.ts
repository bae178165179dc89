import assert from 'node:assert/strict';
import { streamNamesOf } from '#domain/bus/envelope.ts';
import {
  envelopeOf,
  eventually,
  listen,
  pendingOf,
  publish,
  sequenceOf,
  sequencesOf,
  wholeRange,
} from '../../../tests/support/bus-scene.ts';
import { overEveryBus } from '../../../tests/support/every-bus.ts';
import { mortalStreams } from '../../../tests/support/mortal-streams.ts';

const filledStream = streamNamesOf('order.filled').type;
const orderStream = streamNamesOf('order.filled').domain;

overEveryBus('the order of deliveries', (on) => {
  on(
    'the order of a key holds while an earlier one is tried again, and other keys go on',
    async ({ clock, connect }) => {
      let failures = 0;
      const done: string[] = [];
      const heard = listen({
        driver: connect(),
        time: clock,
        handler: (envelope) => {
          if (sequenceOf(envelope) === 1 && failures < 2) {
            failures += 1;
            throw new Error('not yet');
          }
          done.push(`${envelope.key}${sequenceOf(envelope)}`);
        },
      });
      const keys = ['A', 'B', 'A', 'A', 'B'];
      await publish(connect(), ...keys.map((key, index) => envelopeOf(index + 1, 'order.filled', key)));
      await eventually(clock, 'all are handled', () => done.length === 5);
      await heard.subscription.close();
      assert.deepEqual(done, ['B2', 'B5', 'A1', 'A3', 'A4']);
    },
  );

  on('the order of a key holds over two consumers of a group', async ({ clock, connect }) => {
    const done: number[] = [];
    let release = (): void => undefined;
    const isHeld = new Promise<void>((free) => {
      release = free;
    });
    const slow = listen({
      driver: connect(),
      time: clock,
      consumer: 'slow',
      limits: { inFlightMax: 1 },
      handler: async (envelope) => {
        await isHeld;
        done.push(sequenceOf(envelope));
      },
    });
    await publish(connect(), envelopeOf(1, 'order.filled', 'A'));
    await eventually(clock, 'the first is in work', () => slow.seen.length === 1);
    const quick = listen({
      driver: connect(),
      time: clock,
      consumer: 'quick',
      handler: (envelope) => void done.push(sequenceOf(envelope)),
    });
    await publish(connect(), envelopeOf(2, 'order.filled', 'A'), envelopeOf(3, 'order.filled', 'B'));
    await eventually(clock, 'the other key is done', () => done.includes(3));
    await clock.pass(200);
    assert.deepEqual(done, [3]);
    release();
    await eventually(clock, 'all are done', () => done.length === 3);
    await Promise.all([slow.subscription.close(), quick.subscription.close()]);
    assert.deepEqual(done, [3, 1, 2]);
  });

  on('the order of a key holds when one of its envelopes is taken over from the dead', async ({ clock, connect }) => {
    const doomed = mortalStreams(connect());
    const dying = listen({
      driver: doomed.driver,
      time: clock,
      consumer: 'doomed',
      limits: { inFlightMax: 1 },
      handler: () => doomed.die(),
    });
    await publish(connect(), ...wholeRange(1, 3).map((sequence) => envelopeOf(sequence, 'order.filled', 'A')));
    await eventually(clock, 'the first is in work', () => dying.seen.length === 1);
    const heir = listen({ driver: connect(), time: clock, consumer: 'heir', limits: { minIdleMs: 60 } });
    await eventually(clock, 'all are done', () => heir.subscription.stats().handled === 3);
    await Promise.all([dying.subscription.close(), heir.subscription.close()]);
    assert.deepEqual(sequencesOf(heir), [1, 2, 3]);
  });

  on(
    'a consumer whose hands are full of what waits for a dead one makes room and goes on',
    async ({ clock, connect }) => {
      const doomed = mortalStreams(connect());
      const dying = listen({
        driver: doomed.driver,
        time: clock,
        consumer: 'doomed',
        limits: { inFlightMax: 2 },
        handler: () => doomed.die(),
      });
      await publish(connect(), ...wholeRange(1, 20).map((sequence) => envelopeOf(sequence, 'order.filled', 'A')));
      await eventually(clock, 'the first is in work', () => dying.seen.length > 0);
      const heir = listen({
        driver: connect(),
        time: clock,
        consumer: 'heir',
        limits: { inFlightMax: 4, minIdleMs: 60 },
      });
      await eventually(clock, 'all are done', () => heir.subscription.stats().handled === 20);
      await Promise.all([dying.subscription.close(), heir.subscription.close()]);
      assert.deepEqual(sequencesOf(heir), wholeRange(1, 20));
      assert.ok(heir.subscription.stats().inFlightPeak <= 4);
      assert.equal(heir.subscription.stats().deadLetters, 0);
    },
  );

  on('a handler that never answers does not keep closing for ever', async ({ clock, connect }) => {
    const stuck = listen({ driver: connect(), time: clock, handler: () => new Promise<void>(() => undefined) });
    await publish(connect(), envelopeOf(1));
    await eventually(clock, 'it is in work', () => stuck.seen.length === 1);
    let isClosed = false;
    const closing = stuck.subscription.close().then(() => {
      isClosed = true;
    });
    await eventually(clock, 'it is closed', () => isClosed);
    await closing;
    assert.equal(await pendingOf(connect(), filledStream, 'monitoring'), 1);
  });

  on('a key that is in both lanes leaves nothing waiting', async ({ clock, connect }) => {
    const heard = listen({ driver: connect(), time: clock, patterns: ['**'] });
    await publish(connect(), envelopeOf(1, 'order.filled', 'A'), envelopeOf(2, 'order.filled', 'B'));
    await publish(connect(), envelopeOf(3, 'risk.alert', 'A'), envelopeOf(4, 'order.filled', 'A'));
    await eventually(clock, 'all are handled', () => heard.subscription.stats().handled === 4);
    await heard.subscription.close();
  });

  on('the fast lane is handled before what waited longer', async ({ clock, connect }) => {
    await publish(connect(), ...wholeRange(1, 100).map((sequence) => envelopeOf(sequence)));
    await publish(connect(), envelopeOf(101, 'risk.alert'), envelopeOf(102, 'emergency.stop'));
    const heard = listen({ driver: connect(), time: clock, patterns: ['**'] });
    await eventually(clock, 'all are handled', () => heard.subscription.stats().handled === 102);
    await heard.subscription.close();
    assert.deepEqual(sequencesOf(heard), [101, 102, ...wholeRange(1, 100)]);
  });

  on(
    'handlers at work are bounded, and the fast lane passes them when all others are stuck',
    async ({ clock, connect }) => {
      let release = (): void => undefined;
      const isStuck = new Promise<void>((free) => {
        release = free;
      });
      const heard = listen({
        driver: connect(),
        time: clock,
        patterns: ['order.*', 'risk.*'],
        handler: (envelope) => (envelope.type === 'order.filled' ? isStuck : undefined),
      });
      await publish(connect(), ...wholeRange(1, 200).map((sequence) => envelopeOf(sequence)));
      await eventually(clock, 'the lane is full', () => heard.seen.length === 56);
      await publish(connect(), envelopeOf(201, 'risk.alert'));
      await eventually(clock, 'the alert is handled', () => heard.subscription.stats().handled === 1);
      assert.equal(await pendingOf(connect(), orderStream, 'monitoring'), 56);
      release();
      await eventually(clock, 'all are handled', () => heard.subscription.stats().handled === 201);
      await heard.subscription.close();
      assert.ok(heard.subscription.stats().inFlightPeak <= 64);
    },
  );
});
