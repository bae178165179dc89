import { assert } from '#base/assert.ts';
import type { Instrument } from './instrument.ts';
import { mulDivRound, scaleOf } from './scale.ts';

/** One unit of a currency is `numerator / denominator` units of the account currency; both are positive integers. */
export interface ConversionRate {
  readonly numerator: number;
  readonly denominator: number;
}

export const parity: ConversionRate = { numerator: 1, denominator: 1 };

/** Where a rate may be read: the mid price in ticks of an instrument, or undefined while none is known. */
export type MidPriceOf = (instrument: Instrument) => number | undefined;

/**
 * The rate from a currency into the account currency, found through the first instrument that quotes one in the other.
 * Undefined while no such instrument has a price: callers fail closed.
 */
export function conversionRate(
  currency: string,
  accountCurrency: string,
  instruments: Iterable<Instrument>,
  midPriceOf: MidPriceOf,
): ConversionRate | undefined {
  if (currency === accountCurrency) return parity;
  for (const instrument of instruments) {
    const { baseCurrency, quoteCurrency } = instrument;
    const isDirect = baseCurrency === currency && quoteCurrency === accountCurrency;
    if (!isDirect && !(quoteCurrency === currency && baseCurrency === accountCurrency)) continue;
    const mid = midPriceOf(instrument);
    if (mid === undefined || mid <= 0) continue;
    const scale = scaleOf(instrument.priceDecimals);
    return isDirect ? { numerator: mid, denominator: scale } : { numerator: scale, denominator: mid };
  }
  return undefined;
}

/** A quote-currency amount (price ticks × quantity steps) in the account currency's money decimals, rounded half to even. */
export function quoteToMoney(
  amount: number,
  instrument: Instrument,
  rate: ConversionRate,
  moneyDecimals: number,
): number {
  const scale = scaleOf(instrument.priceDecimals) * scaleOf(instrument.quantityDecimals);
  const factor = scaleOf(moneyDecimals) * instrument.contractSize * rate.numerator;
  assert(Number.isSafeInteger(factor), `the rate of '${instrument.id}' is beyond 2^53`);
  return mulDivRound(amount, factor, scale * rate.denominator, 'halfEven');
}
