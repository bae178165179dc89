import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { matchesPattern, streamNamesOf } from '#domain/bus/envelope.ts';
import {
  envelopeOf,
  eventually,
  listen,
  pendingOf,
  publish,
  sequenceOf,
  sequencesOf,
  storeScene,
  wholeRange,
} from '../support/bus-scene.ts';
import { overEveryBus } from '../support/every-bus.ts';
import { HandClock } from '../support/hand-clock.ts';
import { mortalStreams } from '../support/mortal-streams.ts';
import { missingStore, startStore } from '../support/store-process.ts';

// The same suite over the bus in process, in a file and over a store: whoever subscribes need not know which one it is.

const filledStream = streamNamesOf('order.filled').type;
const orderStream = streamNamesOf('order.filled').domain;

overEveryBus('the event bus', (on) => {
  on('an envelope arrives whole, traces and all, in its type and in its domain', async ({ clock, connect }) => {
    const byType = listen({ driver: connect(), time: clock });
    const byDomain = listen({ driver: connect(), time: clock, group: 'rl_agents', patterns: ['order.*'] });
    const sent = [envelopeOf(1, 'order.filled', 'EUR_USD'), envelopeOf(2), envelopeOf(3, 'order.canceled', 'EUR_USD')];
    await publish(connect(), ...sent);
    await eventually(clock, 'both have all', () => byType.seen.length === 2 && byDomain.seen.length === 3);
    assert.deepEqual(
      byType.seen.map(({ envelope }) => envelope),
      sent.slice(0, 2),
    );
    assert.deepEqual(
      byDomain.seen.map(({ envelope }) => envelope),
      sent,
    );
    await Promise.all([byType.subscription.close(), byDomain.subscription.close()]);
    assert.deepEqual(byType.problems, []);
    assert.equal(await pendingOf(connect(), filledStream, 'monitoring'), 0);
    assert.equal(await pendingOf(connect(), orderStream, 'rl_agents'), 0);
  });

  on('patterns mean one segment by a star and the rest by two', async ({ clock, connect }) => {
    const types = ['order.filled', 'order.canceled', 'order.filled.late', 'trade.opened', 'risk.alert'];
    const patterns = ['order.filled', 'order.*', 'order.**', 'order.*.late', '*.opened', '*.*', '**', 'signal.*'];
    await publish(connect(), ...types.map((type, index) => envelopeOf(index + 1, type)));
    for (const [index, pattern] of patterns.entries()) {
      const wanted = wholeRange(1, types.length).filter((sequence) =>
        matchesPattern(pattern, types[sequence - 1] ?? ''),
      );
      const heard = listen({ driver: connect(), time: clock, group: `group${index}`, patterns: [pattern] });
      const isDone = () => heard.subscription.stats().handled === wanted.length;
      await eventually(clock, `'${pattern}' gets ${wanted.length}`, isDone);
      await eventually(clock, 'all is settled', () => heard.subscription.stats().inFlight === 0);
      await heard.subscription.close();
      assert.deepEqual(sequencesOf(heard).sort(), wanted, pattern);
    }
  });

  on('one subscription reads several types and patterns without telling anything twice', async ({ clock, connect }) => {
    const patterns = ['order.filled', 'order.*', 'trade.opened', 'trade.**', 'signal.generated'];
    const heard = listen({ driver: connect(), time: clock, patterns });
    await publish(connect(), envelopeOf(1), envelopeOf(2, 'trade.opened'), envelopeOf(3, 'signal.generated'));
    await publish(connect(), envelopeOf(4, 'signal.rejected'), envelopeOf(5));
    await eventually(clock, 'four are handled', () => heard.subscription.stats().handled === 4);
    await heard.subscription.close();
    assert.deepEqual(sequencesOf(heard).sort(), [1, 2, 3, 5]);
    assert.equal(heard.subscription.stats().duplicates, 0);
  });

  on(
    'a late subscription starts at once, from the first that is kept, and finds domains that come later',
    async ({ clock, connect }) => {
      await publish(connect(), envelopeOf(1), envelopeOf(2));
      const heard = listen({ driver: connect(), time: clock, patterns: ['**'] });
      await eventually(clock, 'the past is handled', () => heard.seen.length === 2);
      await publish(connect(), envelopeOf(3, 'universe.updated'));
      await eventually(clock, 'the new domain is read', () => heard.seen.length === 3);
      await heard.subscription.close();
      assert.deepEqual(sequencesOf(heard), [1, 2, 3]);
    },
  );

  on('two consumers of a group share its envelopes, and two groups both get all', async ({ clock, connect }) => {
    const one = listen({ driver: connect(), time: clock, consumer: 'one', limits: { inFlightMax: 4 } });
    const two = listen({ driver: connect(), time: clock, consumer: 'two', limits: { inFlightMax: 4 } });
    const other = listen({ driver: connect(), time: clock, group: 'risk_management' });
    for (let first = 1; first <= 200; first += 20) {
      await publish(connect(), ...wholeRange(first, first + 19).map((sequence) => envelopeOf(sequence)));
    }
    const isDone = () => one.seen.length + two.seen.length === 200 && other.seen.length === 200;
    await eventually(clock, 'all are handled', isDone);
    await Promise.all([one, two, other].map(({ subscription }) => subscription.close()));
    assert.deepEqual(
      [...sequencesOf(one), ...sequencesOf(two)].sort((a, b) => a - b),
      wholeRange(1, 200),
    );
    assert.deepEqual(sequencesOf(other), wholeRange(1, 200));
    assert.ok(one.seen.length > 0 && two.seen.length > 0, `${one.seen.length} and ${two.seen.length}`);
  });

  on('what a consumer did not acknowledge before it died is finished by another, once', async ({ clock, connect }) => {
    const doomed = mortalStreams(connect());
    const dying = listen({
      driver: doomed.driver,
      time: clock,
      consumer: 'doomed',
      handler: (envelope) => {
        if (sequenceOf(envelope) === 3) doomed.die();
      },
      limits: { inFlightMax: 3 },
    });
    await publish(connect(), ...wholeRange(1, 6).map((sequence) => envelopeOf(sequence)));
    await eventually(clock, 'the first three are handled', () => dying.seen.length === 3);
    await dying.subscription.close();
    const heir = listen({ driver: connect(), time: clock, consumer: 'heir', limits: { minIdleMs: 30 } });
    await eventually(clock, 'all are handled', () => heir.subscription.stats().handled === 6);
    await heir.subscription.close();
    assert.deepEqual(sequencesOf(heir).sort(), wholeRange(1, 6));
    assert.equal(heir.subscription.stats().claimed, 3);
    assert.equal(await pendingOf(connect(), filledStream, 'monitoring'), 0);
  });

  on(
    'a consumer that comes back under its name goes on with what it held, before anything new',
    async ({ clock, connect }) => {
      const doomed = mortalStreams(connect());
      const dying = listen({
        driver: doomed.driver,
        time: clock,
        handler: () => doomed.die(),
        limits: { inFlightMax: 2 },
      });
      await publish(connect(), ...wholeRange(1, 4).map((sequence) => envelopeOf(sequence, 'order.filled', 'EUR_USD')));
      await eventually(clock, 'one is handled', () => dying.seen.length >= 1);
      await dying.subscription.close();
      const back = listen({ driver: connect(), time: clock });
      await eventually(clock, 'all are handled', () => back.subscription.stats().handled === 4);
      await back.subscription.close();
      assert.deepEqual(sequencesOf(back), [1, 2, 3, 4]);
      assert.equal(back.subscription.stats().claimed, 0);
    },
  );

  on('consumers of one group that ask for different patterns are told so', async ({ clock, connect }) => {
    const one = listen({ driver: connect(), time: clock, patterns: ['order.*'] });
    await eventually(
      clock,
      'it has begun',
      async () => (await connect().keepPatterns('monitoring', 'order.*')) !== undefined,
    );
    const two = listen({ driver: connect(), time: clock, consumer: 'two', patterns: ['trade.*'] });
    await eventually(clock, 'it is told', () => two.problems.length > 0);
    await Promise.all([one.subscription.close(), two.subscription.close()]);
    assert.deepEqual(
      two.problems.map(({ type }) => type),
      ['patterns'],
    );
    assert.throws(() => listen({ driver: connect(), time: clock, patterns: ['order.**.x'] }), { code: 'pattern' });
  });

  on('an envelope that is published twice is handled once', async ({ clock, connect }) => {
    const driver = connect();
    const heard = listen({ driver: connect(), time: clock });
    await publish(driver, envelopeOf(1), envelopeOf(2), envelopeOf(1));
    await publish(driver, envelopeOf(2), envelopeOf(3));
    await eventually(clock, 'all entries are settled', () => heard.subscription.stats().duplicates === 2);
    await eventually(clock, 'all are handled', () => heard.subscription.stats().handled === 3);
    await heard.subscription.close();
    assert.deepEqual(sequencesOf(heard), [1, 2, 3]);
    assert.equal(await pendingOf(driver, filledStream, 'monitoring'), 0);
  });

  on('a group forgets what it has handled after a day', async ({ clock, connect }) => {
    const driver = connect();
    const heard = listen({ driver: connect(), time: clock });
    const isSettled = (): boolean => heard.subscription.stats().inFlight === 0;
    await publish(driver, envelopeOf(1));
    await eventually(clock, 'it is handled', () => heard.subscription.stats().handled === 1 && isSettled());
    await publish(driver, envelopeOf(1));
    await eventually(clock, 'it is known', () => heard.subscription.stats().duplicates === 1);
    await heard.subscription.close();
    await clock.pass(86_400_000);
    await publish(driver, envelopeOf(1));
    const later = listen({ driver: connect(), time: clock });
    await eventually(clock, 'it is handled again', () => later.subscription.stats().handled === 1);
    await later.subscription.close();
  });
});

describe('the event bus and a store that is killed', { skip: missingStore }, () => {
  test('consumers and publisher go on after a restart that kept the data', async (t) => {
    const store = await startStore({ persistent: true });
    t.after(() => store.stop());
    const scene = await storeScene(store.url, new HandClock());
    const { clock, connect } = scene;
    const driver = connect();
    const heard = listen({ driver: connect(), time: clock, patterns: ['order.*'] });
    await publish(driver, ...wholeRange(1, 50).map((sequence) => envelopeOf(sequence, 'order.filled', 'A')));
    await eventually(clock, 'some are handled', () => heard.seen.length > 0);
    await store.kill();
    await assert.rejects(publish(driver, envelopeOf(51)), { code: 'unreachable' });
    await store.restart();
    await publish(driver, ...wholeRange(51, 100).map((sequence) => envelopeOf(sequence, 'order.filled', 'A')));
    await eventually(
      clock,
      'all are handled',
      () => heard.subscription.stats().handled + heard.subscription.stats().duplicates >= 100,
    );
    await heard.subscription.close();
    assert.deepEqual(sequencesOf(heard), wholeRange(1, 100));
    await scene.close();
  });

  test('a store that came back empty is filled again, and consumers go on', async (t) => {
    const forgetful = await startStore();
    t.after(() => forgetful.stop());
    const scene = await storeScene(forgetful.url, new HandClock());
    const { clock, connect } = scene;
    const driver = connect();
    const heard = listen({ driver: connect(), time: clock, patterns: ['**'] });
    await publish(driver, ...wholeRange(1, 20).map((sequence) => envelopeOf(sequence)));
    await eventually(clock, 'the first are handled', () => heard.subscription.stats().handled === 20);
    await forgetful.restart();
    assert.equal(await driver.position('bus'), undefined);
    await publish(driver, ...wholeRange(1, 30).map((sequence) => envelopeOf(sequence)));
    // The memory of what was handled is lost with the store, so that only the envelope's id tells what came before.
    await eventually(clock, 'all came', () => new Set(sequencesOf(heard)).size === 30);
    await heard.subscription.close();
    await scene.close();
  });

  test('consumers that are killed ten times leave nothing undone and no key out of order', async (t) => {
    const running = await startStore();
    const folder = mkdtempSync(join(tmpdir(), 'tradewind-bus-'));
    t.after(async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const scene = await storeScene(running.url, new HandClock());
    const driver = scene.connect();
    const file = join(folder, 'acted');
    const total = 600;
    const lines = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []);
    let published = 0;
    for (let kill = 0; kill <= 10; kill += 1) {
      const isLast = kill === 10;
      const before = lines().length;
      const next = wholeRange(published + 1, isLast ? total : published + 50);
      await publish(driver, ...next.map((sequence) => envelopeOf(sequence, 'order.filled', `K${sequence % 5}`)));
      published += next.length;
      const child = spawn(
        process.execPath,
        ['--input-type=module', '--eval', workerText, running.url, `worker-${kill}`, file],
        { stdio: 'ignore', cwd: new URL('../..', import.meta.url) },
      );
      const ended = new Promise((done) => child.once('exit', done));
      const isEnough = async (): Promise<boolean> =>
        isLast ? new Set(lines()).size === total : lines().length > before + 7;
      await eventually(scene.clock, `worker ${kill} has acted`, isEnough);
      child.kill('SIGKILL');
      await ended;
    }
    const firstTimes = [...new Set(lines())];
    for (const key of ['K0', 'K1', 'K2', 'K3', 'K4']) {
      const ofKey = firstTimes.filter((line) => line.endsWith(key)).map((line) => Number(line.split(' ')[0]));
      assert.deepEqual(
        ofKey,
        ofKey.toSorted((a, b) => a - b),
        key,
      );
    }
    assert.equal(firstTimes.length, total);
    // At most what was in hand when a worker was killed may have been acted on twice.
    assert.ok(lines().length <= total + 10 * 8, `${lines().length}`);
    await scene.close();
  });
});

/** A consumer in a process of its own, made to be killed: it writes each sequence it has acted on, and its key, into a file. */
const workerText = `
import { appendFileSync } from 'node:fs';
import { subscribe } from '#adapters/bus/subscription.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
const [url, consumer, file] = process.argv.slice(1);
subscribe({ driver: new ValkeyStreams(url, systemTime), time: systemTime }, {
  group: 'monitoring',
  consumer,
  patterns: ['order.**'],
  handler: ({ key, payload }) => appendFileSync(file, payload.sequence + ' ' + key + '\\n'),
  onProblem: () => undefined,
  limits: { blockMs: 100, claimEveryMs: 50, minIdleMs: 200, inFlightMax: 8, deliveriesMax: 1_000 },
});
`;
