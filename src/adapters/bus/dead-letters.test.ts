import assert from 'node:assert/strict';
import { envelopeOf, eventually, listen, publish } from '../../../tests/support/bus-scene.ts';
import { overEveryBus } from '../../../tests/support/every-bus.ts';
import { listDeadLetters, purgeDeadLetters, replayDeadLetters } from './dead-letters.ts';

overEveryBus('dead letters', (on) => {
  on('dead letters are listed by type, replayed all, and purged by age', async ({ clock, connect }) => {
    const driver = connect();
    let isBroken = true;
    const heard = listen({
      driver: connect(),
      time: clock,
      patterns: ['order.*'],
      handler: () => {
        if (isBroken) throw new Error('broken');
      },
      limits: { retriesMax: 0 },
    });
    await publish(driver, envelopeOf(1), envelopeOf(2, 'order.canceled'));
    await eventually(clock, 'two are dead', async () => (await listDeadLetters(driver)).length === 2);
    const beforeAt = clock.now() + 1;
    await clock.pass(1_000);
    await publish(driver, envelopeOf(3));
    await eventually(clock, 'three are dead', async () => (await listDeadLetters(driver)).length === 3);
    const types = (await listDeadLetters(driver)).map(({ type }) => type);
    assert.deepEqual(types, ['order.canceled', 'order.filled', 'order.filled']);
    assert.equal((await listDeadLetters(driver, { limit: 2 })).length, 2);
    assert.equal(await purgeDeadLetters(driver, { all: true, type: 'order.filled', beforeAt }), 1);
    isBroken = false;
    assert.equal(await replayDeadLetters(driver, { all: true }), 2);
    await eventually(clock, 'both are handled', () => heard.subscription.stats().handled === 2);
    assert.deepEqual(await listDeadLetters(driver), []);
    assert.equal(await purgeDeadLetters(driver, { all: true }), 0);
    await heard.subscription.close();
  });
});
