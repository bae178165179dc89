/** A series of equity readings, one a day, oldest first. */
export type DailyEquity = readonly number[];

const tradingDaysPerYear = 252;

/** Deepest fall from a peak as a fraction of the peak, followed reading by reading: plain data. */
export interface DrawdownGauge {
  peak: number;
  maximum: number;
}

export function createDrawdownGauge(): DrawdownGauge {
  return { peak: 0, maximum: 0 };
}

export function gaugeEquity(gauge: DrawdownGauge, equity: number): void {
  if (equity > gauge.peak) gauge.peak = equity;
  else if (gauge.peak > 0) gauge.maximum = Math.max(gauge.maximum, (gauge.peak - equity) / gauge.peak);
}

/** Mean over sample deviation of daily returns, annualised over 252 days; 0 with fewer than two returns or none that differ. */
export function sharpeRatio(equity: DailyEquity): number {
  const returns = dailyReturns(equity);
  if (returns.length < 2) return 0;
  const mean = meanOf(returns);
  let squares = 0;
  for (const value of returns) squares += (value - mean) * (value - mean);
  const deviation = Math.sqrt(squares / (returns.length - 1));
  return deviation === 0 ? 0 : (mean / deviation) * Math.sqrt(tradingDaysPerYear);
}

/** Total return over the deepest drawdown, not annualised (FX desk specification d.1); bounded to ±100, 0 where nothing was traded. */
export function calmarRatio(totalReturn: number, maximumDrawdown: number, trades: number): number {
  if (trades === 0) return 0;
  return Math.max(-100, Math.min(100, totalReturn / Math.max(maximumDrawdown, 1e-9)));
}

/** Gains over losses; 0 without gains, infinity is given as 1000 so that it stays a number on every screen. */
export function profitFactor(results: readonly number[]): number {
  let gains = 0;
  let losses = 0;
  for (const result of results) {
    if (result > 0) gains += result;
    else losses -= result;
  }
  if (gains === 0) return 0;
  return losses === 0 ? 1000 : Math.min(1000, gains / losses);
}

function dailyReturns(equity: DailyEquity): number[] {
  const returns: number[] = [];
  for (let index = 1; index < equity.length; index += 1) {
    const before = equity[index - 1] ?? 0;
    if (before > 0) returns.push((equity[index] ?? 0) / before - 1);
  }
  return returns;
}

function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
