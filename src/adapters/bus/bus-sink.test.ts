import assert from 'node:assert/strict';
import { streamNamesOf } from '#domain/bus/envelope.ts';
import { envelopeOf, positionAt } from '../../../tests/support/bus-scene.ts';
import { overEveryBus } from '../../../tests/support/every-bus.ts';
import { BusSink } from './bus-sink.ts';

const filledStream = streamNamesOf('order.filled').type;
const orderStream = streamNamesOf('order.filled').domain;

overEveryBus('publishing', (on) => {
  on('envelopes and position are written at once, and a stale writer is refused', async ({ connect }) => {
    const driver = connect();
    const sink = new BusSink(driver);
    assert.equal(await sink.position('bus'), undefined);
    await sink.apply('bus', [envelopeOf(1)], undefined, positionAt(1));
    assert.deepEqual(await sink.position('bus'), positionAt(1));
    const stale = { name: 'StaleWriterError', code: 'stale' };
    await assert.rejects(sink.apply('bus', [envelopeOf(1)], undefined, positionAt(1)), stale);
    await assert.rejects(sink.apply('bus', [envelopeOf(3)], positionAt(2), positionAt(3)), stale);
    const otherRun = { ...positionAt(1), runId: 'another' };
    await assert.rejects(sink.apply('bus', [envelopeOf(2)], otherRun, positionAt(2)), stale);
    assert.deepEqual(await sink.position('bus'), positionAt(1));
    assert.equal((await driver.describe(filledStream)).length, 1);
    assert.equal((await driver.describe(orderStream)).length, 1);
    await sink.apply('bus', [], positionAt(1), positionAt(2));
    assert.deepEqual(await sink.position('bus'), positionAt(2));
    await sink.wipe('bus');
    assert.equal(await sink.position('bus'), undefined);
    assert.deepEqual(await driver.streams(), []);
  });

  on('what is no envelope is not published, nor is what came with it', async ({ connect }) => {
    const sink = new BusSink(connect());
    const wrong = { ...envelopeOf(2), trace_id: 'none' };
    await assert.rejects(sink.apply('bus', [envelopeOf(1), wrong], undefined, positionAt(2)), { code: 'malformed' });
    assert.equal(await sink.position('bus'), undefined);
    assert.deepEqual(await connect().streams(), []);
  });

  on('a payload that the catalogue refuses is not published', async ({ connect }) => {
    const sink = new BusSink(connect(), ({ payload }) => (payload['sequence'] === 2 ? 'a two' : undefined));
    await assert.rejects(sink.apply('bus', [envelopeOf(1), envelopeOf(2)], undefined, positionAt(2)), /a two/);
    await sink.apply('bus', [envelopeOf(1)], undefined, positionAt(2));
    assert.equal((await connect().describe(filledStream)).length, 1);
  });
});
