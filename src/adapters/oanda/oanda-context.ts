import type { VenueInput } from '#engine/live-port.ts';
import type { TimePort } from '#engine/ports.ts';
import type { InstrumentCatalogue } from './instrument-catalogue.ts';
import type { OandaRest } from './rest.ts';
import type { TransactionReading } from './transaction-reading.ts';
import type { VenueHealth } from './venue-health.ts';

/** What the parts of the adapter share. */
export interface OandaContext {
  readonly time: TimePort;
  readonly rest: OandaRest;
  readonly catalogue: InstrumentCatalogue;
  readonly health: VenueHealth;
  readonly reading: TransactionReading;
  /** Hands an event to whoever listens; kept for them where nobody does yet. */
  tell(input: VenueInput): void;
  /** A line for the log. */
  notice(text: string): void;
}
