import { BusSink } from '#adapters/bus/bus-sink.ts';
import { subscribe } from '#adapters/bus/subscription.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import type { Envelope } from '#domain/bus/envelope.ts';
import { busEnvelopes } from './bus-fold.ts';
import { createDeskFixture } from './desk-fixture.ts';

/** What a small desk tells in two minutes. */
export function fewEnvelopes(): readonly Envelope[] {
  const fixture = createDeskFixture([]);
  fixture.tick();
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  fixture.minute({ EUR_USD: 110_010, USD_JPY: 150_010 });
  return busEnvelopes([...fixture.setUpEvents, ...fixture.events]);
}

/** Publishes envelopes on the bus of a store, as a desk's projection does. */
export async function publishOn(url: string, envelopes: readonly Envelope[]): Promise<void> {
  const sink = new BusSink(new ValkeyStreams(url, systemTime));
  const to = { runId: 'run-1', version: 1, sequence: 1, at: 1, state: '{}' };
  await sink.apply('bus', envelopes, undefined, to);
  await sink.close();
}

/** Lets a group fail on everything of a type until all of it is among the dead letters. */
export async function failOn(url: string, type: string, count: number): Promise<void> {
  const driver = new ValkeyStreams(url, systemTime);
  await new Promise<void>((done) => {
    let dead = 0;
    const subscription = subscribe(
      { driver, time: systemTime },
      {
        group: 'monitoring',
        consumer: 'unwilling',
        patterns: [type],
        handler: () => Promise.reject(new Error('it cannot be taken')),
        onProblem: (problem) => {
          if (problem.type === 'deadLetter') dead += 1;
          if (problem.type === 'deadLetter' && dead === count) setImmediate(() => void subscription.close().then(done));
        },
        limits: { retriesMax: 0 },
      },
    );
  });
  await driver.close();
}
