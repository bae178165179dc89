import type { VenueInput } from '#engine/live-port.ts';
import type { Figures } from './mapper.ts';

/** What transactions are read with. */
export interface TransactionReading extends Figures {
  /** Whether an order id of the venue's clients is one of this desk's. */
  isOwnOrder(clientOrderId: string): boolean;
  /** A piece of what the venue said, short and without secrets. */
  excerpt(value: unknown): string;
}

/** How the ids of orders begin that this desk did not send; the venue's id follows. */
export const externalPrefix = 'external-';

/** Our id of an order, or one made of the venue's where the order is another hand's. */
export function clientIdOf(
  clientOrderId: string | undefined,
  venueOrderId: string,
  reading: Pick<TransactionReading, 'isOwnOrder'>,
): string {
  const isOwn = clientOrderId !== undefined && reading.isOwnOrder(clientOrderId);
  return isOwn ? clientOrderId : `${externalPrefix}${venueOrderId}`;
}

/** The venue's id in an id that was made of it; undefined for every other. */
export function venueIdIn(clientOrderId: string): string | undefined {
  return clientOrderId.startsWith(externalPrefix) ? clientOrderId.slice(externalPrefix.length) : undefined;
}

/** Puts aside what could not be understood. */
export function quarantined(
  reason: string,
  value: unknown,
  reading: Pick<TransactionReading, 'excerpt'>,
  part = 'account',
): VenueInput {
  return { type: 'message.quarantined', part, reason, excerpt: reading.excerpt(value) };
}
