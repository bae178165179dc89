import assert from 'node:assert/strict';
import { streamNamesOf } from '#domain/bus/envelope.ts';
import {
  envelopeOf,
  eventually,
  listen,
  pendingOf,
  positionAt,
  publish,
  sequencesOf,
  wholeRange,
} from '../../../tests/support/bus-scene.ts';
import { overEveryBus } from '../../../tests/support/every-bus.ts';
import { mortalStreams } from '../../../tests/support/mortal-streams.ts';
import { listDeadLetters, replayDeadLetters } from './dead-letters.ts';

const filledStream = streamNamesOf('order.filled').type;

overEveryBus('what fails', (on) => {
  on(
    'a failing handler is asked again after 1, 2 and 4 seconds, then the envelope is dead',
    async ({ clock, connect }) => {
      const failing = listen({
        driver: connect(),
        time: clock,
        handler: () => {
          throw new Error('no disk left');
        },
      });
      const other = listen({ driver: connect(), time: clock, group: 'rl_agents' });
      await publish(connect(), envelopeOf(1));
      await eventually(clock, 'it is dead', async () => (await listDeadLetters(connect())).length === 1);
      await failing.subscription.close();
      const firstAt = failing.seen[0]?.at ?? 0;
      assert.deepEqual(
        failing.seen.map(({ at, attempt }) => [at - firstAt, attempt]),
        [
          [0, 1],
          [1_000, 2],
          [3_000, 3],
          [7_000, 4],
        ],
      );
      assert.deepEqual(
        failing.problems.map(({ type }) => type),
        ['retry', 'retry', 'retry', 'deadLetter'],
      );
      const [listed] = await listDeadLetters(connect(), { type: 'order.filled' });
      assert.ok(listed !== undefined);
      const { entryId, at, text, ...letter } = listed.letter;
      assert.deepEqual(letter, {
        error: 'no disk left',
        attempts: 4,
        handler: 'monitoring/one',
        group: 'monitoring',
        stream: filledStream,
      });
      assert.deepEqual(JSON.parse(text), envelopeOf(1));
      assert.equal(at, firstAt + 7_000);
      assert.match(entryId, /^\d+-0$/);
      assert.equal(await pendingOf(connect(), filledStream, 'monitoring'), 0);
      assert.equal(await replayDeadLetters(connect(), { id: 'order.filled@1-1' }), 0);
      assert.equal(await replayDeadLetters(connect(), { id: listed.id }), 1);
      const healed = listen({ driver: connect(), time: clock });
      await eventually(clock, 'it is handled at last', () => healed.subscription.stats().handled === 1);
      await eventually(clock, 'the other group has passed', () => other.subscription.stats().passedOver === 1);
      await Promise.all([healed.subscription.close(), other.subscription.close()]);
      assert.deepEqual(healed.seen[0]?.envelope, envelopeOf(1));
      assert.deepEqual(sequencesOf(other), [1]);
      assert.deepEqual(await listDeadLetters(connect()), []);
    },
  );

  on('a malformed entry goes to the dead letters, and those around it are handled', async ({ clock, connect }) => {
    const driver = connect();
    const { type: typeStream, domain: domainStream } = streamNamesOf('order.filled');
    const texts = [JSON.stringify(envelopeOf(1)), '{"id":', JSON.stringify({ ...envelopeOf(2), ts: 'noon' })];
    texts.push(JSON.stringify(envelopeOf(3)));
    const entries = texts.map((text) => ({ typeStream, domainStream, text }));
    await driver.publish({ name: 'bus', entries, from: undefined, to: positionAt(1) });
    const heard = listen({ driver: connect(), time: clock });
    await eventually(clock, 'both good ones are handled', () => heard.subscription.stats().handled === 2);
    await eventually(clock, 'two are dead', async () => (await listDeadLetters(driver)).length === 2);
    await heard.subscription.close();
    const [first, second] = await listDeadLetters(driver);
    assert.equal(first?.letter.text, '{"id":');
    assert.equal(first?.letter.attempts, 0);
    assert.match(second?.letter.error ?? '', /envelope field 'ts'/);
    assert.equal(await pendingOf(driver, filledStream, 'monitoring'), 0);
  });

  on('an envelope that kills whoever takes it is dead after so many deliveries', async ({ clock, connect }) => {
    await publish(connect(), envelopeOf(1));
    for (const consumer of ['a', 'b', 'c']) {
      const doomed = mortalStreams(connect());
      const dying = listen({
        driver: doomed.driver,
        time: clock,
        consumer,
        handler: () => doomed.die(),
        limits: { minIdleMs: 10 },
      });
      await eventually(clock, `${consumer} has it`, () => dying.seen.length === 1);
      await dying.subscription.close();
    }
    const heir = listen({
      driver: connect(),
      time: clock,
      consumer: 'd',
      limits: { minIdleMs: 10, deliveriesMax: 3 },
    });
    await eventually(clock, 'it is dead', async () => (await listDeadLetters(connect())).length === 1);
    await heir.subscription.close();
    assert.deepEqual(heir.seen, []);
    const [listed] = await listDeadLetters(connect());
    assert.match(listed?.letter.error ?? '', /delivered '4' times/);
  });

  on('a store that is away is told of, waited for, and nothing is lost or doubled', async ({ clock, connect }) => {
    const link = mortalStreams(connect());
    const heard = listen({ driver: link.driver, time: clock });
    await publish(connect(), ...wholeRange(1, 20).map((sequence) => envelopeOf(sequence)));
    await eventually(clock, 'the first are handled', () => heard.seen.length === 20);
    link.die();
    await eventually(clock, 'the outage is noticed', () => heard.problems.length > 2);
    await publish(connect(), ...wholeRange(21, 40).map((sequence) => envelopeOf(sequence)));
    link.revive();
    await eventually(clock, 'the rest is handled', () => heard.subscription.stats().handled === 40);
    await heard.subscription.close();
    assert.deepEqual(sequencesOf(heard), wholeRange(1, 40));
    assert.ok(heard.problems.every(({ type }) => type === 'store'));
  });

  on('streams that were emptied are published anew and their groups made again', async ({ clock, connect }) => {
    const driver = connect();
    const heard = listen({ driver: connect(), time: clock });
    await publish(driver, envelopeOf(1), envelopeOf(2));
    await eventually(clock, 'the first are handled', () => heard.subscription.stats().handled === 2);
    await driver.wipe('bus');
    await publish(driver, envelopeOf(1), envelopeOf(2), envelopeOf(3));
    await eventually(clock, 'the new one is handled', () => heard.subscription.stats().handled === 3);
    await heard.subscription.close();
    assert.deepEqual(sequencesOf(heard), [1, 2, 3]);
    assert.equal(heard.subscription.stats().duplicates, 2);
  });
});
