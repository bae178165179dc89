import { assert } from '#base/assert.ts';
import type { VenueEnvironment } from '#engine/live-port.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';
import type { MarginType } from './prepare-account.ts';

export interface BinanceOptions {
  readonly network: NetworkPort;
  readonly time: TimePort;
  readonly environment: VenueEnvironment;
  readonly apiKey: string;
  /** The secret of an HMAC key, or an Ed25519 private key in PEM. */
  readonly apiSecret: string;
  readonly desk: { readonly accountCurrency: string; readonly moneyDecimals: number };
  /** 5 unless stated. */
  readonly leverage?: number;
  /** `ISOLATED` unless stated. */
  readonly marginType?: MarginType;
  /** Where a simulator stands, its wallet where its futures are unless stated; the hosts of the real venue are not to be chosen. */
  readonly origins?: { readonly rest: string; readonly stream: string; readonly wallet?: string };
  /** Where a ban is kept over restarts. */
  readonly banFile?: string;
  /** Keeps the books of the desk's instruments and tells their best levels. */
  readonly depth?: boolean;
  /** Our client order ids begin with this; `tw-` unless stated. */
  readonly ownIdPrefix?: string;
}

export interface Origins {
  readonly rest: string;
  readonly stream: string;
  /** The host that knows what a key may do; undefined where there is none. */
  readonly wallet: string | undefined;
}

const hosts: Readonly<Record<'live' | 'practice', Origins>> = {
  live: { rest: 'https://fapi.binance.com', stream: 'wss://fstream.binance.com', wallet: 'https://api.binance.com' },
  practice: { rest: 'https://demo-fapi.binance.com', stream: 'wss://fstream.binancefuture.com', wallet: undefined },
};

/** The hosts of an environment. A simulator's are given, and are none of the real ones, so that no key meets the wrong venue. */
export function originsOf({ environment, origins }: Pick<BinanceOptions, 'environment' | 'origins'>): Origins {
  if (environment !== 'simulated') {
    assert(origins === undefined, `the hosts of the environment '${environment}' are fixed`);
    return hosts[environment];
  }
  assert(origins !== undefined, 'a simulated venue needs its addresses');
  const given = [origins.rest, origins.stream];
  assert(
    !given.some((origin) => /binance(?:future)?\.com/i.test(origin)),
    'a simulated venue does not stand at a real host',
  );
  return { rest: origins.rest, stream: origins.stream, wallet: origins.wallet ?? origins.rest };
}
