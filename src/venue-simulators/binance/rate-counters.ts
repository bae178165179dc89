import type { Refusal } from './refusals.ts';
import { banned, tooManyOrders, tooManyRequests } from './refusals.ts';

/** Request weight an address may use in a minute. */
export const WEIGHT_MAX = 2_400;
/** Orders an account may send in ten seconds and in a minute. */
export const ORDERS_10S_MAX = 300;
export const ORDERS_1M_MAX = 1_200;
/** How often an address may go on after a refusal of its minute before it is banned. */
export const VIOLATIONS_MAX = 5;
/** How many addresses are counted at once; the one counted first is forgotten first. */
export const ADDRESSES_MAX = 1_000;
const banFirstMs = 2 * 60_000;
const banMaxMs = 3 * 86_400_000;

interface Window {
  startAt: number;
  used: number;
}

interface AddressUse {
  readonly weight: Window;
  violations: number;
  bannedUntilAt: number;
  bans: number;
}

/** What addresses have used and the account has sent. Windows are aligned to the venue's clock. */
export interface RateCounters {
  readonly addresses: Map<string, AddressUse>;
  readonly orders10s: Window;
  readonly orders1m: Window;
}

export function createRateCounters(): RateCounters {
  const orders10s = { startAt: 0, used: 0 };
  return { addresses: new Map(), orders10s, orders1m: { startAt: 0, used: 0 } };
}

/** Why a request of an address is not let in: its minute is used up, or it is banned. Whoever goes on is banned, each time for longer. */
export function weightRefusal(
  counters: RateCounters,
  address: string,
  weight: number,
  now: number,
): Refusal | undefined {
  const use = useOf(counters, address);
  if (now < use.bannedUntilAt) return banned(address, use.bannedUntilAt, secondsUntil(use.bannedUntilAt, now));
  roll(use.weight, minuteMs, now);
  if (use.weight.used === 0) use.violations = 0;
  use.weight.used += weight;
  if (use.weight.used <= WEIGHT_MAX) return undefined;
  use.violations += 1;
  if (use.violations <= VIOLATIONS_MAX) {
    return tooManyRequests(address, WEIGHT_MAX, secondsUntil(use.weight.startAt + minuteMs, now));
  }
  banAddress(counters, address, Math.min(banFirstMs * 2 ** Math.min(use.bans, banDoublingsMax), banMaxMs), now);
  return banned(address, use.bannedUntilAt, secondsUntil(use.bannedUntilAt, now));
}

/** Bans an address for a span of time from now on. */
export function banAddress(counters: RateCounters, address: string, ms: number, now: number): void {
  const use = useOf(counters, address);
  use.bannedUntilAt = now + ms;
  use.bans += 1;
  use.violations = 0;
}

/** Counts orders of the account, or says why they are one too many; what is refused is not counted. */
export function orderRefusal(counters: RateCounters, orders: number, now: number): Refusal | undefined {
  const { orders10s, orders1m } = rolled(counters, now);
  if (orders10s.used + orders > ORDERS_10S_MAX) {
    return tooManyOrders(ORDERS_10S_MAX, 'TEN_SECONDS', secondsUntil(orders10s.startAt + tenSecondsMs, now));
  }
  if (orders1m.used + orders > ORDERS_1M_MAX) {
    return tooManyOrders(ORDERS_1M_MAX, 'MINUTE', secondsUntil(orders1m.startAt + minuteMs, now));
  }
  orders10s.used += orders;
  orders1m.used += orders;
  return undefined;
}

/** Weight that others behind the same address have used. */
export function useWeight(counters: RateCounters, address: string, weight: number, now: number): void {
  const use = useOf(counters, address);
  roll(use.weight, minuteMs, now);
  use.weight.used += weight;
}

export function usedWeight(counters: RateCounters, address: string, now: number): number {
  const { weight } = useOf(counters, address);
  roll(weight, minuteMs, now);
  return weight.used;
}

export function orderCounts(counters: RateCounters, now: number): { tenSeconds: number; minute: number } {
  const { orders10s, orders1m } = rolled(counters, now);
  return { tenSeconds: orders10s.used, minute: orders1m.used };
}

const minuteMs = 60_000;
const tenSecondsMs = 10_000;
/** More doublings than these are past the longest ban anyway. */
const banDoublingsMax = 20;

function rolled(counters: RateCounters, now: number): RateCounters {
  roll(counters.orders10s, tenSecondsMs, now);
  roll(counters.orders1m, minuteMs, now);
  return counters;
}

function roll(window: Window, spanMs: number, now: number): void {
  const startAt = Math.floor(now / spanMs) * spanMs;
  if (startAt === window.startAt) return;
  window.startAt = startAt;
  window.used = 0;
}

function useOf({ addresses }: RateCounters, address: string): AddressUse {
  const known = addresses.get(address);
  if (known !== undefined) return known;
  const use: AddressUse = { weight: { startAt: 0, used: 0 }, violations: 0, bannedUntilAt: 0, bans: 0 };
  addresses.set(address, use);
  for (const oldest of addresses.keys()) {
    if (addresses.size <= ADDRESSES_MAX) break;
    addresses.delete(oldest);
  }
  return use;
}

function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1_000));
}
