import type { VenueInput } from '#engine/live-port.ts';
import type { TimePort } from '#engine/ports.ts';
import type { Market } from './filters.ts';
import type { Impairments } from './impairments.ts';
import type { BinanceRest } from './rest.ts';

/** What the parts of the market's side share. */
export interface MarketContext {
  readonly time: TimePort;
  readonly rest: BinanceRest;
  /** By the venue's symbol; what is in it changes when the venue's filters do. */
  readonly markets: ReadonlyMap<string, Market>;
  readonly impairments: Impairments;
  readonly tell: (input: VenueInput) => void;
  readonly onNotice: (text: string) => void;
}
