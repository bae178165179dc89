import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { BusSink } from '#adapters/bus/bus-sink.ts';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import { subscribe } from '#adapters/bus/subscription.ts';
import type { BusProblem, Handler, Subscription, SubscriptionLimits } from '#adapters/bus/subscription-types.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { assert } from '#base/assert.ts';
import { type Envelope, envelopeId } from '#domain/bus/envelope.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { TimePort } from '#engine/ports.ts';

/** A clock that goes when it is told to. */
export interface SceneClock extends TimePort {
  pass(ms: number): Promise<void>;
}

/** The ways the bus can run. A scene begins with an empty one. */
export interface BusScene {
  readonly clock: SceneClock;
  /** The bus as another process of it would see it. */
  connect(): StreamDriver;
  close(): Promise<void>;
}

/** Within one process: all share one driver. */
export function memoryScene(clock: SceneClock): BusScene {
  const driver = new FileStreams(':memory:', clock);
  return { clock, connect: () => driver, close: () => driver.close() };
}

/** In a file that each opens for itself. */
export function fileScene(clock: SceneClock): BusScene {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-bus-'));
  const drivers: StreamDriver[] = [];
  const connect = (): StreamDriver => {
    const driver = new FileStreams(join(folder, 'streams.sqlite'), clock);
    drivers.push(driver);
    return driver;
  };
  const close = async (): Promise<void> => {
    for (const driver of drivers) await driver.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { clock, connect, close };
}

/** Empties the store first. */
export async function storeScene(url: string, clock: SceneClock): Promise<BusScene> {
  const admin = new Redis(url, { protocol: 2 });
  await admin.flushall();
  admin.disconnect();
  const drivers: StreamDriver[] = [];
  const connect = (): StreamDriver => {
    const driver = new ValkeyStreams(url, clock);
    drivers.push(driver);
    return driver;
  };
  const close = async (): Promise<void> => {
    for (const driver of drivers) await driver.close();
  };
  return { clock, connect, close };
}

const runId = 'run-of-the-bus';

/** The envelope of a sequence; its id is a function of it, as the journal's are. */
export function envelopeOf(sequence: number, type = 'order.filled', key?: string): Envelope {
  return {
    id: envelopeId({ runId, sequence, type, at: 1_700_000_000_000 }),
    type,
    schema_version: 1,
    source: 'tradewind/fx',
    ts: 1_700_000_000_000,
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    span_id: '00f067aa0ba902b7',
    parent_span_id: '00f067aa0ba902b8',
    ...(key === undefined ? {} : { key }),
    payload: { sequence },
  };
}

export function sequenceOf(envelope: Envelope): number {
  const { sequence } = envelope.payload;
  assert(typeof sequence === 'number', 'an envelope of a scene has a sequence');
  return sequence;
}

export function positionAt(sequence: number): ProjectionPosition {
  return { runId, version: 1, sequence, at: 1_700_000_000_000, state: '{"n":1}' };
}

/** Publishes as the runner does: from where the position stands, one step on. */
export async function publish(driver: StreamDriver, ...envelopes: readonly Envelope[]): Promise<void> {
  const from = await driver.position('bus');
  await new BusSink(driver).apply('bus', envelopes, from, positionAt((from?.sequence ?? 0) + 1));
}

export interface Listener {
  readonly subscription: Subscription;
  /** What the handler was given, in order, failed attempts included. */
  readonly seen: { readonly envelope: Envelope; readonly at: number; readonly attempt: number }[];
  readonly problems: BusProblem[];
}

export interface ListenOptions {
  readonly driver: StreamDriver;
  readonly time: TimePort;
  readonly group?: string;
  readonly consumer?: string;
  readonly patterns?: readonly string[];
  readonly handler?: Handler;
  readonly limits?: Partial<SubscriptionLimits>;
}

/** Subscribes and writes down what comes. */
export function listen(options: ListenOptions): Listener {
  const {
    driver,
    time,
    group = 'monitoring',
    consumer = 'one',
    patterns = ['order.filled'],
    handler,
    limits,
  } = options;
  const seen: Listener['seen'] = [];
  const problems: BusProblem[] = [];
  const subscription = subscribe(
    { driver, time },
    {
      group,
      consumer,
      patterns,
      handler: (envelope, delivery) => {
        seen.push({ envelope, at: time.now(), attempt: delivery.attempt });
        return handler?.(envelope, delivery);
      },
      onProblem: (problem) => void problems.push(problem),
      limits: { blockMs: 50, claimEveryMs: 100, minIdleMs: 60_000, ...limits },
    },
  );
  return { subscription, seen, problems };
}

const deadlineMs = 20_000;

/** Lets the clock go on in small steps until a condition holds; fails when it does not within a deadline. */
export async function eventually(
  clock: SceneClock,
  what: string,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const until = performance.now() + deadlineMs;
  while (!(await isSo())) {
    assert(performance.now() < until, `expected within ${deadlineMs} ms: ${what}`);
    await clock.pass(20);
  }
}

/** The sequences of what a listener saw, in order. */
export function sequencesOf({ seen }: Listener): number[] {
  return seen.map(({ envelope }) => sequenceOf(envelope));
}

/** Every whole number from the first to the last. */
export function wholeRange(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

export async function pendingOf(driver: StreamDriver, stream: string, group: string): Promise<number> {
  const { groups } = await driver.describe(stream);
  return groups.find(({ name }) => name === group)?.pending ?? 0;
}
