import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusSink } from '#adapters/bus/bus-sink.ts';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import { type Envelope, envelopeSchema } from '#domain/bus/envelope.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { BusNotices, type BusNoticesOptions } from './bus-notices.ts';

const group = { group: 'monitoring', consumer: 'test' };
const stream = 'quantum:stream:domain:service';

function scene(changes: Partial<BusNoticesOptions> = {}) {
  const clock = new HandClock();
  const driver = new FileStreams(':memory:', clock);
  const options = { sink: new BusSink(driver), runId: 'run-1', process: 'mirror', time: clock, ...changes };
  return { clock, driver, options, notices: new BusNotices(options) };
}

async function told(driver: FileStreams): Promise<Envelope[]> {
  await driver.ensureGroup('monitoring', [stream]);
  const entries = await driver.openReader().read({ ...group, streams: [stream], count: 100, blockMs: 0 });
  return entries.map(({ text }) => envelopeSchema.parse(JSON.parse(text)));
}

test('a notice is an envelope of the process that says it, each with an id of its own', async () => {
  const { clock, driver, notices } = scene();
  await notices.say('service.heartbeat', 'HEALTHY', { uptime_s: 1 });
  await clock.pass(60_000);
  await notices.say('service.heartbeat', 'DEGRADED', { uptime_s: 61 });
  const envelopes = await told(driver);
  assert.deepEqual(
    envelopes.map(({ type, source, key, payload }) => ({ type, source, key, payload })),
    [
      ['HEALTHY', 1],
      ['DEGRADED', 61],
    ].map(([status, uptime]) => ({
      type: 'service.heartbeat',
      source: 'tradewind/mirror',
      key: 'mirror',
      payload: { service: 'mirror', status, details: { uptime_s: uptime } },
    })),
  );
  assert.equal(new Set(envelopes.map(({ id }) => id)).size, 2);
  assert.equal((await driver.position('notices.mirror'))?.sequence, 2);
});

test('processes of one desk do not take each other for themselves, and one that starts anew goes on', async () => {
  const { driver, options, notices } = scene();
  const other = new BusNotices({ ...options, process: 'engine' });
  await Promise.all([
    notices.say('service.heartbeat', 'HEALTHY', {}),
    notices.say('service.heartbeat', 'HEALTHY', {}),
    other.say('service.heartbeat', 'HEALTHY', {}),
  ]);
  await new BusNotices(options).say('service.heartbeat', 'HEALTHY', {});
  assert.equal((await driver.position('notices.mirror'))?.sequence, 3);
  assert.equal((await driver.position('notices.engine'))?.sequence, 1);
  assert.equal(new Set((await told(driver)).map(({ id }) => id)).size, 4);
});

test('what the store did not take is told by a rejection, and the next notice finds out where it stands', async () => {
  const { driver, options } = scene();
  const whole = new BusSink(driver);
  let fate: 'kept' | 'lost' | 'keptUnheard' = 'lost';
  const notices = new BusNotices({
    ...options,
    sink: {
      position: (name) => whole.position(name),
      apply: async (...given) => {
        if (fate !== 'lost') await whole.apply(...given);
        if (fate !== 'kept') throw new Error('the store is away');
      },
    },
  });
  await assert.rejects(notices.say('service.heartbeat', 'HEALTHY', {}), /away/);
  fate = 'keptUnheard';
  await assert.rejects(notices.say('service.heartbeat', 'HEALTHY', {}), /away/);
  fate = 'kept';
  await notices.say('service.heartbeat', 'HEALTHY', {});
  assert.equal((await driver.position('notices.mirror'))?.sequence, 2);
});
