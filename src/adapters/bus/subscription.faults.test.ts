import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Envelope } from '#domain/bus/envelope.ts';
import {
  envelopeOf,
  eventually,
  type Listener,
  listen,
  positionAt,
  sequenceOf,
  wholeRange,
} from '../../../tests/support/bus-scene.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { mortalStreams } from '../../../tests/support/mortal-streams.ts';
import { BusError } from './bus-error.ts';
import { BusSink } from './bus-sink.ts';
import { FileStreams } from './file-streams.ts';
import type { StreamDriver, StreamEntry, StreamReader } from './stream-driver.ts';

// Whatever the way to the store drops, doubles or reorders, what the consumers have done in the end is the same (invariant I-19).

type Fate = 'kept' | 'refused' | 'keptUnheard' | 'doubled' | 'reversed';

/** Draws the fate of each call; when all are drawn, everything is kept. */
function fateSource(fates: readonly Fate[]): () => Fate {
  const left = [...fates];
  return () => left.pop() ?? 'kept';
}

function lost(): Promise<never> {
  return Promise.reject(new BusError('unreachable', 'the answer did not arrive'));
}

function mixed(entries: readonly StreamEntry[], fate: Fate): StreamEntry[] {
  if (fate === 'doubled') return [...entries, ...entries];
  return fate === 'reversed' ? entries.toReversed() : [...entries];
}

async function fated<T>(fate: Fate, call: () => Promise<T>): Promise<T> {
  if (fate === 'refused') return lost();
  const answer = await call();
  return fate === 'keptUnheard' ? lost() : answer;
}

function faultyReader(reader: StreamReader, draw: () => Fate): StreamReader {
  const read: StreamReader['read'] = async (options) => {
    const fate = draw();
    return mixed(await fated(fate, () => reader.read(options)), fate);
  };
  return { read, close: () => reader.close() };
}

/** The driver over a way that loses calls and answers, and doubles and reorders what is delivered. */
function faultyStreams(driver: StreamDriver, draw: () => Fate): StreamDriver {
  return new Proxy(driver, {
    get: (_, name) => {
      const value: unknown = Reflect.get(driver, name);
      if (typeof value !== 'function') return value;
      if (name === 'openReader') return () => faultyReader(driver.openReader(), draw);
      return (...given: unknown[]) => {
        const fate = draw();
        return fated(fate, async () => {
          const answer: unknown = await Reflect.apply(value, driver, given);
          const isDelivery = name === 'readOwn' || name === 'claimIdle';
          return isDelivery && Array.isArray(answer) ? mixed(answer, fate) : answer;
        });
      };
    },
  });
}

/** The runner's part: publishes from where the position stands, again and again until all is published. */
async function publishAll(driver: StreamDriver, envelopes: readonly Envelope[], batch: number): Promise<void> {
  const sink = new BusSink(driver);
  for (let tries = 0; tries < 1_000; tries += 1) {
    try {
      const from = await sink.position('bus');
      const done = from?.sequence ?? 0;
      if (done >= envelopes.length) return;
      const next = envelopes.slice(done, done + batch);
      await sink.apply('bus', next, from, positionAt(done + next.length));
    } catch (error) {
      assert.ok(error instanceof Error && 'code' in error && ['unreachable', 'stale'].includes(String(error.code)));
    }
  }
  assert.fail('expected all to be published');
}

const fate = fc.constantFrom<Fate>('kept', 'kept', 'refused', 'keptUnheard', 'doubled', 'reversed');
const keys = ['A', 'B', undefined] as const;

const plans = fc.record({
  publisherFates: fc.array(fate, { maxLength: 40 }),
  consumerFates: fc.array(fate, { maxLength: 120 }),
  keys: fc.array(fc.constantFrom(...keys), { minLength: 5, maxLength: 60 }),
  batch: fc.integer({ min: 1, max: 20 }),
  failing: fc.array(fc.nat(59), { maxLength: 6 }),
  /** After how many deliveries the first consumer is killed. */
  killAfter: fc.nat(40),
  isEmptied: fc.boolean(),
});

type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never;

interface Outcome {
  /** Sequences by key, in the order they were first done. */
  readonly firstDone: { readonly sequence: number; readonly key: string | undefined }[];
  readonly listeners: readonly Listener[];
}

async function played(plan: Plan): Promise<Outcome> {
  const clock = new HandClock();
  const memory = new FileStreams(':memory:', clock);
  const envelopes = plan.keys.map((key, index) => envelopeOf(index + 1, 'order.filled', key));
  const firstDone: { sequence: number; key: string | undefined }[] = [];
  const done = new Set<string>();
  const failedOnce = new Set<number>();
  const first = mortalStreams(faultyStreams(memory, fateSource(plan.consumerFates)));
  let taken = 0;
  const handler = (envelope: Envelope): void => {
    const sequence = sequenceOf(envelope);
    if (plan.failing.includes(sequence - 1) && !failedOnce.has(sequence)) {
      failedOnce.add(sequence);
      throw new Error('not yet');
    }
    // An idempotent consumer: what it did before under this id it does not do again.
    if (!done.has(envelope.id)) firstDone.push({ sequence, key: envelope.key });
    done.add(envelope.id);
  };
  const limits = { blockMs: 100, claimEveryMs: 200, minIdleMs: 2_000, inFlightMax: 8, deliveriesMax: 1_000 };
  const shared = { time: clock, patterns: ['order.*'], limits };
  const one = listen({
    ...shared,
    driver: first.driver,
    consumer: 'one',
    handler: (envelope) => {
      handler(envelope);
      taken += 1;
      if (taken === plan.killAfter) first.die();
    },
  });
  const two = listen({
    ...shared,
    driver: faultyStreams(memory, fateSource(plan.consumerFates.toReversed())),
    consumer: 'two',
    handler,
  });
  await publishAll(faultyStreams(memory, fateSource(plan.publisherFates)), envelopes, plan.batch);
  await clock.pass(500);
  if (plan.isEmptied) await memory.wipe('bus');
  await publishAll(memory, envelopes, plan.batch);
  await eventually(clock, 'all is done', () => done.size === envelopes.length);
  await Promise.all([one.subscription.close(), two.subscription.close()]);
  return { firstDone, listeners: [one, two] };
}

test('dropped, doubled and reordered deliveries change nothing of what is done in the end', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const { firstDone, listeners } = await played(plan);
      const sequences = firstDone.map(({ sequence }) => sequence);
      assert.deepEqual(
        sequences.toSorted((a, b) => a - b),
        wholeRange(1, plan.keys.length),
      );
      for (const { subscription, problems } of listeners) {
        assert.equal(subscription.stats().deadLetters, 0);
        assert.ok(problems.every(({ type }) => type === 'store' || type === 'retry'));
      }
      // With the streams gone nobody can tell who held what, and only the envelopes are certain.
      if (plan.isEmptied) return;
      for (const key of ['A', 'B']) {
        const ofKey = firstDone.filter((one) => one.key === key).map(({ sequence }) => sequence);
        assert.deepEqual(
          ofKey,
          ofKey.toSorted((a, b) => a - b),
          key,
        );
      }
    }),
    { numRuns: 300, endOnFailure: true },
  );
});
