import { assert } from '#base/assert.ts';
import type { VenueEnvironment } from '#engine/live-port.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';

/** Scheme, host and port of both hosts, without a slash at the end. */
export interface OandaOrigins {
  readonly rest: string;
  readonly stream: string;
}

export interface OandaOptions {
  readonly network: NetworkPort;
  readonly time: TimePort;
  readonly environment: VenueEnvironment;
  readonly accountId: string;
  readonly token: string;
  readonly desk: { readonly accountCurrency: string; readonly moneyDecimals: number };
  /** Where a simulator listens; of no account in the other environments, whose hosts are fixed. */
  readonly origins?: OandaOrigins;
  /** Keeps a pause that the venue asked for over restarts. */
  readonly banFile?: string;
  /** Whether prices can be expected at an instant; always where nothing is said. */
  readonly isOpen?: (at: number) => boolean;
  /** Whether an order id was given by this desk, also by an earlier run of it; those of the house begin with `tw-`. */
  readonly isOwnOrder?: (clientOrderId: string) => boolean;
}

/** A key is bound to one of these, and is sent to no other host. */
const fixedOrigins: Readonly<Record<Exclude<VenueEnvironment, 'simulated'>, OandaOrigins>> = {
  practice: { rest: 'https://api-fxpractice.oanda.com', stream: 'https://stream-fxpractice.oanda.com' },
  live: { rest: 'https://api-fxtrade.oanda.com', stream: 'https://stream-fxtrade.oanda.com' },
};

export function originsOf(options: Pick<OandaOptions, 'environment' | 'origins'>): OandaOrigins {
  if (options.environment !== 'simulated') return fixedOrigins[options.environment];
  assert(options.origins !== undefined, 'a simulated venue is given with where it listens, found nothing');
  return options.origins;
}

const ownIdForm = /^tw-/;

/** Ids of this desk by their form. */
export function isOfTheHouse(clientOrderId: string): boolean {
  return ownIdForm.test(clientOrderId);
}
