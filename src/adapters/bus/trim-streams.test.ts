import assert from 'node:assert/strict';
import { streamNamesOf } from '#domain/bus/envelope.ts';
import { envelopeOf, eventually, listen, publish, sequencesOf, wholeRange } from '../../../tests/support/bus-scene.ts';
import { overEveryBus } from '../../../tests/support/every-bus.ts';
import { defaultTrimLimits, trimStreams } from './trim-streams.ts';

const filledStream = streamNamesOf('order.filled').type;
const orderStream = streamNamesOf('order.filled').domain;

overEveryBus('trimming', (on) => {
  on(
    'trimming goes by length and age, but never past what a group has not acknowledged',
    async ({ clock, connect }) => {
      const driver = connect();
      const bus = { driver, time: clock };
      const limits = { ...defaultTrimLimits, maxLength: 10, alarmLength: 20, ceiling: 40 };
      await driver.ensureGroup('slow', [filledStream]);
      await publish(driver, ...wholeRange(1, 30).map((sequence) => envelopeOf(sequence)));
      const reader = driver.openReader();
      const read = await reader.read({ group: 'slow', consumer: 'c', streams: [filledStream], count: 8, blockMs: 0 });
      const places = read.slice(0, 5);
      await driver.settle({ group: 'slow', acknowledged: places, processedIds: [], letters: [], at: clock.now() });
      const report = await trimStreams(bus, limits);
      assert.equal((await driver.describe(filledStream)).length, 25);
      assert.equal((await driver.describe(orderStream)).length, 10);
      assert.deepEqual(report, {
        removed: 25,
        alarms: [{ stream: filledStream, length: 25, group: 'slow' }],
        dropped: [],
        idleGroups: [],
      });
      await clock.pass(limits.maxAgeMs + 1);
      await trimStreams(bus, limits);
      assert.equal((await driver.describe(filledStream)).length, 25);
      assert.equal((await driver.describe(orderStream)).length, 0);
      reader.close();
    },
  );

  on('beyond the ceiling entries go, and what each group lost is recorded', async ({ clock, connect }) => {
    const driver = connect();
    const limits = { ...defaultTrimLimits, maxLength: 10, alarmLength: 20, ceiling: 40 };
    await driver.ensureGroup('slow', [filledStream]);
    await driver.ensureGroup('ahead', [filledStream]);
    await publish(driver, ...wholeRange(1, 100).map((sequence) => envelopeOf(sequence)));
    const reader = driver.openReader();
    const read = await reader.read({
      group: 'ahead',
      consumer: 'c',
      streams: [filledStream],
      count: 100,
      blockMs: 0,
    });
    const settle = async (group: string, acknowledged: typeof read): Promise<void> =>
      driver.settle({ group, acknowledged, processedIds: [], letters: [], at: clock.now() });
    await settle('ahead', read.slice(0, 50));
    const { dropped } = await trimStreams({ driver, time: clock }, limits);
    const at = clock.now();
    const [firstId, lastId, floorId] = [0, 59, 50].map((index) => read[index]?.id ?? '');
    assert.deepEqual(
      dropped.toSorted((left, right) => (left.group < right.group ? -1 : 1)),
      [
        { stream: filledStream, group: 'ahead', fromId: floorId, toId: lastId, count: 10, at },
        { stream: filledStream, group: 'slow', fromId: firstId, toId: lastId, count: 60, at },
      ],
    );
    assert.deepEqual(await driver.droppedRecords(10), dropped);
    assert.equal((await driver.describe(filledStream)).length, 40);
    const heard = listen({ driver: connect(), time: clock, group: 'slow' });
    await eventually(clock, 'the rest is handled', () => heard.subscription.stats().handled === 40);
    await heard.subscription.close();
    assert.deepEqual(sequencesOf(heard), wholeRange(61, 100));
    reader.close();
  });

  on(
    'a group without a sign of a consumer is reported, and one that lost its entries goes on',
    async ({ clock, connect }) => {
      const driver = connect();
      await driver.ensureGroup('left', [filledStream]);
      await publish(driver, envelopeOf(1));
      const { idleGroups } = await trimStreams({ driver, time: clock });
      assert.deepEqual(idleGroups, [{ stream: filledStream, group: 'left', idleMs: null }]);
    },
  );
});
