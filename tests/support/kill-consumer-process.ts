import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { subscribe } from '#adapters/bus/subscription.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { bookEffect, openEffects } from './kill-effects.ts';

/**
 * A consumer of the bus, made to be killed: it books what it hears in a file it shares with the others of its group. The id of the envelope
 * is booked with the effect in one transaction, so that what comes again has no second effect.
 */
const [url = '', path = '', consumer = ''] = process.argv.slice(2);
const database: DatabaseSync = openEffects(path);
const driver = new ValkeyStreams(url, systemTime);
const tell = (type: string, text: string): boolean => process.stdout.write(`${JSON.stringify({ type, text })}\n`);

subscribe(
  { driver, time: systemTime },
  {
    group: 'monitoring',
    consumer,
    patterns: ['order.**'],
    handler: async (envelope) => {
      // A handler takes some time before and after its effect, and is killed in either.
      await delay(2);
      bookEffect(database, { envelope, consumer });
      await delay(8);
    },
    onProblem: ({ type, message }) => void tell(type, message),
    limits: { minIdleMs: 600, claimEveryMs: 200, blockMs: 100, inFlightMax: 32, deliveriesMax: 10_000 },
  },
);
tell('joined', consumer);
