import { present } from '#base/assert.ts';
import type { Costs, InstrumentCost } from './costs.ts';

/**
 * Spreads in pips by UTC hour, Monday to Thursday, and where the week differs. UTC hours lie in New York's summer and winter
 * alike, so each figure is that of the season in which the hour is the dearer one: the table errs against the trader.
 */
interface SpreadCurve {
  readonly hours: readonly number[];
  /** Friday 20:00 and 21:00, the last hour of the week in summer and in winter. */
  readonly fridayClose: readonly [number, number];
  /** Sunday 21:00, 22:00 and 23:00, the first hours of the week. */
  readonly sundayOpen: readonly [number, number, number];
}

/*
 * EUR_USD and NZD_USD: recorded bid and ask of OANDA, hourly, 2016 to 2018; the mean of the median spreads at the beginning and at
 * the end of the hour. One-minute quotes of May 2014 have the same shape with narrower hours around 17:00 New York.
 * GBP_USD and USD_JPY: recorded bid and ask of another venue, by the minute, February 2012 and February 2013, crossed closes left
 * out; medians. That venue charged a commission beside its spread, so only the shape is used, and its one winter's rollover hour
 * stands for the summer's too.
 */
const eurUsd: SpreadCurve = {
  hours: [
    1.5, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.3, 1.3, 1.4, 1.3, 1.3, 1.3, 1.3, 1.4, 1.4, 1.3, 1.3, 1.3, 1.4, 2.1, 2.8, 2.9,
    1.9,
  ],
  fridayClose: [3.7, 5.6],
  sundayOpen: [4.9, 6.2, 2.1],
};
const nzdUsd: SpreadCurve = {
  hours: [
    1.9, 1.8, 1.8, 1.8, 1.8, 1.8, 1.8, 1.8, 1.7, 1.7, 1.7, 1.7, 1.7, 1.7, 1.8, 1.8, 1.7, 1.8, 1.9, 1.8, 2.8, 3.4, 3.5,
    2.3,
  ],
  fridayClose: [9.1, 10.2],
  sundayOpen: [10.4, 11, 2.7],
};
const gbpUsd: SpreadCurve = {
  hours: [
    0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.6, 0.6, 0.5, 0.6, 0.5, 0.5, 0.6, 0.6, 0.5, 0.5, 0.7, 0.7, 0.7, 0.9, 1.7, 1.7,
    1,
  ],
  fridayClose: [1.3, 1.3],
  sundayOpen: [2, 2, 1.3],
};
const usdJpy: SpreadCurve = {
  hours: [
    0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.4, 1.2, 1.2,
    0.3,
  ],
  fridayClose: [1, 1],
  sundayOpen: [1, 1, 0.4],
};

/**
 * The curve of each instrument and, where OANDA's own spread was not recorded, the usual spread in pips that the curve is scaled to.
 * Those levels are estimates: typical of a retail venue in the same years, none of them below the recorded EUR_USD.
 */
const instruments: Readonly<Record<string, { readonly curve: SpreadCurve; readonly usualPips: number | null }>> = {
  EUR_USD: { curve: eurUsd, usualPips: null },
  NZD_USD: { curve: nzdUsd, usualPips: null },
  GBP_USD: { curve: gbpUsd, usualPips: 1.8 },
  USD_JPY: { curve: usdJpy, usualPips: 1.4 },
  AUD_USD: { curve: nzdUsd, usualPips: 1.5 },
  USD_CAD: { curve: eurUsd, usualPips: 2 },
  USD_CHF: { curve: eurUsd, usualPips: 1.7 },
  EUR_JPY: { curve: usdJpy, usualPips: 2.1 },
};

/** Wider than any listed instrument by day: what is unknown must not look cheap. */
const unlistedPips = 4;
const slippagePips = 0.2;

/**
 * What trading costs until a policy says otherwise. The venue takes no commission. Financing follows the central
 * banks' rates of 31 December 2018, the last of the years in which the spreads were recorded; the markup of 2.5 percent a year is
 * what a retail venue keeps, so that holding costs in most pairs in both directions. A quarter of a second passes between
 * decision and fill. The venue closes positions when equity is down to half of the margin in use.
 */
export const defaultCosts: Costs = {
  instruments: Object.fromEntries(
    Object.entries(instruments).map(([symbol, { curve, usualPips }]) => [symbol, costOf(weekOf(curve, usualPips))]),
  ),
  otherwise: costOf([unlistedPips]),
  financingRates: {
    AUD: 0.015,
    CAD: 0.0175,
    CHF: -0.0075,
    EUR: -0.004,
    GBP: 0.0075,
    JPY: -0.001,
    NZD: 0.0175,
    USD: 0.02375,
  },
  financingMarkup: 0.025,
  latencyMs: 250,
  closeOutFraction: 0.5,
};

function costOf(spreadPips: number[]): InstrumentCost {
  return { spreadPips, slippagePips, commissionPerMillion: 0 };
}

/** The 168 hours from Monday 00:00 UTC. Hours without a market carry the usual spread, so that they do not move the median. */
function weekOf(curve: SpreadCurve, usualPips: number | null): number[] {
  const usual = medianOf(curve.hours);
  const factor = usualPips === null ? 1 : usualPips / usual;
  return Array.from({ length: 168 }, (_, hour) => Math.round(pipsAt(curve, usual, hour) * factor * 10) / 10);
}

function pipsAt(curve: SpreadCurve, usual: number, hourOfWeek: number): number {
  const [fridayEarly, fridayLate] = curve.fridayClose;
  const [sundayFirst, sundaySecond, sundayThird] = curve.sundayOpen;
  const fridayEight = 4 * 24 + 20;
  const sundayNine = 6 * 24 + 21;
  if (hourOfWeek < fridayEight) return present(curve.hours[hourOfWeek % 24], 'spread of the hour');
  if (hourOfWeek === fridayEight) return fridayEarly;
  if (hourOfWeek === fridayEight + 1) return fridayLate;
  if (hourOfWeek < sundayNine) return usual;
  if (hourOfWeek === sundayNine) return sundayFirst;
  return hourOfWeek === sundayNine + 1 ? sundaySecond : sundayThird;
}

function medianOf(figures: readonly number[]): number {
  const sorted = figures.slice().sort((a, b) => a - b);
  return present(sorted[Math.floor((sorted.length - 1) / 2)], 'median');
}
