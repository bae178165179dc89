import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BusSink } from '#adapters/bus/bus-sink.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { envelopeOf, positionAt } from '../support/bus-scene.ts';
import { temporaryFolder } from '../support/csv-bars.ts';
import { type Effects, readEffects } from '../support/kill-effects.ts';
import { killsWanted, type Moments, momentsOf } from '../support/kill-plan.ts';
import { type KillProcess, startProcess } from '../support/kill-process.ts';
import { waitUntil } from '../support/kill-wait.ts';
import { missingStore, startStore } from '../support/store-process.ts';

const consumerFile = fileURLToPath(new URL('../support/kill-consumer-process.ts', import.meta.url));
/** Envelopes of one key keep their order; those of different keys are handled side by side. */
const keys = 7;
const batchMax = 20;
const publishEveryMs = 50;
/** From the start of a consumer. */
const lifeMs = 2_500;
/** A consumer that stays away loses what it held to the other. */
const awayMs = 1_500;

test(`a consumer killed ${killsWanted} times sees each envelope at least once, and each has one effect`, {
  skip: missingStore,
  timeout: 900_000,
}, async (t) => {
  await using ends = new AsyncDisposableStack();
  const store = await startStore({ persistent: true });
  ends.defer(() => store.stop());
  await killConsumer(
    t,
    { url: store.url, path: join(temporaryFolder(t), 'effects.sqlite'), ends },
    momentsOf('consumer'),
  );
});

interface Place {
  readonly url: string;
  /** Of the file in which the group books its effects. */
  readonly path: string;
  /** What is ended with the test: what was begun last goes first. */
  readonly ends: AsyncDisposableStack;
}

async function killConsumer(t: TestContext, place: Place, moments: Moments): Promise<void> {
  t.diagnostic(`TRADEWIND_KILL_SEED=${moments.seed}`);
  const publisher = publishOn(place);
  const steady = startConsumer(place, 'steady');
  for (let kill = 1; kill <= killsWanted; kill += 1) {
    const mortal = startConsumer(place, 'mortal');
    await delay(moments.waitMs(0, lifeMs));
    mortal.requireAlive();
    await mortal.kill();
    if (moments.chance(0.3)) await delay(moments.waitMs(0, awayMs));
  }
  const published = await publisher.stop();
  startConsumer(place, 'mortal');
  await allHandled(place, published);
  steady.requireAlive();
  const effects = readEffects(place.path);
  proveEffects(effects, published);
  const { told, toldBy } = effects;
  assert.ok(told > published, 'some kill hit a handler between its effect and the acknowledgement');
  t.diagnostic(`compared: ${JSON.stringify({ published, kills: killsWanted, toldAgain: told - published, toldBy })}`);
}

/** Publishes as the desk's projection does, until it is stopped; then tells how many envelopes there are. */
function publishOn({ url, ends }: Place): { stop(): Promise<number> } {
  const sink = new BusSink(new ValkeyStreams(url, systemTime));
  ends.defer(() => sink.close());
  let isStopping = false;
  let published = 0;
  const publish = async (): Promise<void> => {
    while (!isStopping) {
      const sequences = Array.from({ length: batchMax }, (_, index) => published + index + 1);
      const envelopes = sequences.map((sequence) => envelopeOf(sequence, 'order.filled', `K${sequence % keys}`));
      const from = published === 0 ? undefined : positionAt(published);
      await sink.apply('bus', envelopes, from, positionAt(published + batchMax));
      published += batchMax;
      await delay(publishEveryMs);
    }
  };
  const publishing = publish();
  publishing.catch(() => undefined);
  return {
    stop: async () => {
      isStopping = true;
      await publishing;
      return published;
    },
  };
}

function startConsumer({ url, path, ends }: Place, name: string): KillProcess {
  const consumer = startProcess(name, [consumerFile, url, path, name]);
  ends.defer(() => (consumer.hasEnded ? undefined : consumer.kill()));
  return consumer;
}

async function allHandled({ path }: Place, published: number): Promise<void> {
  await waitUntil(() => readEffects(path).sequences.length >= published, 'every envelope to have its effect');
}

function proveEffects({ sequences, sum }: Effects, published: number): void {
  const all = Array.from({ length: published }, (_, index) => index + 1);
  assert.deepEqual(
    [...sequences].sort((left, right) => left - right),
    all,
    'every envelope has its effect',
  );
  assert.equal(sum, (published * (published + 1)) / 2, 'and has it once');
  for (let key = 0; key < keys; key += 1) {
    const ofKey = sequences.filter((sequence) => sequence % keys === key);
    assert.deepEqual(
      ofKey,
      all.filter((sequence) => sequence % keys === key),
      `the order of 'K${key}'`,
    );
  }
}
