import { createRandom, normal, type Random } from '#base/random.ts';
import { firstRegime, nextRegime, type Regime, regimeTraits } from './synthetic-regime.ts';

/** How many steps a minute has: prices are made every ten seconds. */
export const stepsPerMinute = 6;

/** The currency in which all others are valued inside the market; its own log rate is zero by definition. */
export const numeraire = 'USD';

/** A currency's hidden value against the dollar, as plain data with a stream of chance of its own. */
export interface CurrencyPath {
  readonly currency: string;
  readonly random: Random;
  readonly volatility: number;
  logRate: number;
  regime: Regime;
}

/** Dollars for one unit at the start; other currencies and coins begin at one. */
const startRates: Readonly<Record<string, number>> = {
  AUD: 0.66,
  BNB: 590,
  BTC: 62_000,
  CAD: 0.735,
  CHF: 1.12,
  ETH: 3_100,
  EUR: 1.1,
  GBP: 1.27,
  JPY: 0.0067,
  NZD: 0.61,
  SOL: 150,
  XRP: 0.55,
};

/** Volatility beside the euro's; coins that stand for a dollar hardly move. */
const relativeVolatility: Readonly<Record<string, number>> = {
  AUD: 1.15,
  BNB: 9,
  BTC: 8,
  CAD: 0.8,
  ETH: 11,
  GBP: 1.1,
  JPY: 1,
  NZD: 1.15,
  SOL: 15,
  USDC: 0.02,
  USDT: 0.02,
  XRP: 13,
};

/** Log move of a minute of mean activity in one standard deviation: 0.6 pips of EUR_USD, so that a day spans 60 to 80. */
const minuteVolatility = 0.000056;

/** Share of a move's variance that all currencies have in common: the dollar's own ups and downs. */
const commonShare = 0.3;
const commonWeight = Math.sqrt(commonShare);
const ownWeight = Math.sqrt(1 - commonShare);

/** A weekend moves a rate like this many minutes of mean activity. */
const weekendMinutes = 240;

export function createCurrencyPath(currency: string, seed: number): CurrencyPath {
  const random = createRandom(seed, `currency ${currency}`);
  const logRate = currency === numeraire ? 0 : Math.log(startRates[currency] ?? 1);
  const volatility = minuteVolatility * (relativeVolatility[currency] ?? 1);
  return { currency, random, volatility, logRate, regime: firstRegime(random, logRate) };
}

/** Lets a minute of the regime pass; a new one may begin. Called once before the minute's steps. */
export function beginMinute(path: CurrencyPath): void {
  if (path.regime.minutesLeft === 0) path.regime = nextRegime(path.random, path.regime, path.logRate);
  path.regime.minutesLeft -= 1;
}

/** One step of ten seconds. `common` is the draw that all currencies share, `activity` the market's pace, 1 on average. */
export function stepCurrency(path: CurrencyPath, common: number, activity: number): void {
  const { regime, volatility } = path;
  const traits = regimeTraits[regime.name];
  const shock = commonWeight * common + ownWeight * normal(path.random, 'currency step');
  const drift = (traits.drift * regime.direction * volatility * activity) / stepsPerMinute;
  const pull = (traits.pull * (regime.anchor - path.logRate)) / stepsPerMinute;
  path.logRate += drift + pull + shock * volatility * traits.volatility * activity * rootOfStep;
}

const rootOfStep = 1 / Math.sqrt(stepsPerMinute);

/** News of a weekend: one jump, and no trend survives it. */
export function gapCurrency(path: CurrencyPath): void {
  path.logRate += path.volatility * Math.sqrt(weekendMinutes) * normal(path.random, 'weekend gap');
  path.regime = nextRegime(path.random, path.regime, path.logRate);
}
