import type { Event } from '#domain/events.ts';
import type { LiveInput } from './live-desk.ts';

/** Movements remembered; a venue tells one again within minutes, and there are a few a day. */
export const toldMoneyMax = 1_024;

/**
 * Knows which movements of money were told already. Streams and the account's history tell the same ones, and unlike fills they have no
 * id; but two different movements never lead to the same balance by the same amount.
 */
export class ToldMoney {
  #keys: Set<string>;

  constructor(keys: readonly string[] = []) {
    this.#keys = new Set(keys);
  }

  /** For a snapshot. */
  get keys(): readonly string[] {
    return [...this.#keys];
  }

  isTold(input: LiveInput): boolean {
    const key = keyOf(input);
    return key !== undefined && this.#keys.has(key);
  }

  note(event: Event): void {
    const key = keyOf(event);
    if (key === undefined) return;
    this.#keys.delete(key);
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > toldMoneyMax && oldest !== undefined) this.#keys.delete(oldest);
  }
}

function keyOf(input: LiveInput): string | undefined {
  if (input.type === 'financing.charged') return `financing ${input.instrument} ${input.amount} ${input.balance}`;
  if (input.type === 'balance.changed') return `${input.reason} ${input.amount} ${input.balance}`;
  return undefined;
}
