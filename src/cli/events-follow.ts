import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import { subscribe } from '#adapters/bus/subscription.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { payloadProblem } from '#domain/bus/bus-catalogue.ts';
import type { Envelope } from '#domain/bus/envelope.ts';
import type { Output } from './output.ts';
import { stopSignal } from './stop-signal.ts';

export interface FollowOptions {
  readonly group: string;
  readonly consumer: string;
  readonly pattern: string;
  readonly isJson: boolean;
  /** Envelopes after which it ends; without one it goes on until it is asked to end. */
  readonly count: number | undefined;
}

/** One in hand at a time, so that no more is taken than is printed. */
const countedLimits = { inFlightMax: 1, fastReserve: 0 };

/** Prints the envelopes of a pattern as a consumer of a group, until a signal comes or there were enough. */
export async function followEvents(driver: StreamDriver, options: FollowOptions, output: Output): Promise<void> {
  const { group, consumer, pattern, isJson, count } = options;
  // An address that nobody answers at is told at once; later outages are waited out.
  await driver.streams();
  const stop = stopSignal();
  let printed = 0;
  const subscription = subscribe(
    { driver, time: systemTime },
    {
      group,
      consumer,
      patterns: [pattern],
      payloadProblem,
      handler: (envelope) => {
        print(envelope, isJson, output);
        printed += 1;
        if (printed === count) stop.now('enough were printed');
      },
      onProblem: ({ type, message }) => output.note(`${type}: ${message}`),
      ...(count === undefined ? {} : { limits: countedLimits }),
    },
  );
  try {
    await stop.wait();
  } finally {
    await subscription.close();
    stop.release();
  }
}

function print(envelope: Envelope, isJson: boolean, output: Output): void {
  if (isJson) {
    output.json(envelope);
    return;
  }
  const { colors } = output;
  const { ts, type, key = '-', payload } = envelope;
  const at = colors.dim(new Date(ts).toISOString());
  output.line(`${at} ${colors.bold(type)} ${key} ${JSON.stringify(payload)}`);
}
