import type { Event } from '#domain/events.ts';
import { formatScaled } from '#domain/scale.ts';

/** What figures need to be read by people: the decimals of prices by instrument, and those of money. Plain data. */
export interface AuditState {
  priceDecimals: Record<string, number>;
  moneyDecimals: number;
}

export function createAuditState(): AuditState {
  return { priceDecimals: {}, moneyDecimals: 0 };
}

export function learnDecimals(state: AuditState, event: Event): void {
  if (event.type === 'instrument.listed') state.priceDecimals[event.instrument.id] = event.instrument.priceDecimals;
  if (event.type !== 'policy.changed' || !event.key.startsWith('desk/')) return;
  const decimals = event.document['moneyDecimals'];
  if (typeof decimals === 'number') state.moneyDecimals = decimals;
}

/** A price in ticks as a decimal; in ticks where the instrument was never listed. */
export function priceText(state: AuditState, instrument: string, ticks: number): string {
  return formatScaled(ticks, state.priceDecimals[instrument] ?? 0);
}

/** Money steps as an amount of the account currency. */
export function moneyText(state: AuditState, steps: number): string {
  return formatScaled(steps, state.moneyDecimals);
}
