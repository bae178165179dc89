import type { StrategyPolicy } from '#domain/policies.ts';

/** The five parameters that tell one backtest of a strategy from another. */
export type KeyParameters = Pick<
  StrategyPolicy,
  | 'guardProfile'
  | 'minimumCoherence'
  | 'coherencePercentile'
  | 'directionLookback'
  | 'directionThresholdBps'
  | 'entryCooldownSeconds'
  | 'exitCooldownSeconds'
>;

/**
 * The key under which runs of these parameters are filed (FX desk specification h.3): `c0.55:l12:t2.0:ec60:xc60` where the least coherence
 * is a constant, `cp70:l12:t2.0:ec60:xc60` where it is a percentile of the market's own history. Fractions are written as Python
 * writes them, since other readers of the keys compare them as text.
 */
export function parameterKey(parameters: KeyParameters): string {
  const { guardProfile, minimumCoherence, coherencePercentile } = parameters;
  const coherence =
    guardProfile === 'seed' ? `c${pythonText(minimumCoherence)}` : `cp${percentText(coherencePercentile)}`;
  const { directionLookback, directionThresholdBps, entryCooldownSeconds, exitCooldownSeconds } = parameters;
  return `${coherence}:l${directionLookback}:t${pythonText(directionThresholdBps)}:ec${entryCooldownSeconds}:xc${exitCooldownSeconds}`;
}

/** A percentile as percent without the error of the multiplication: 0.55 is 55, not 55.00000000000001. */
function percentText(fraction: number): string {
  return String(Math.round(fraction * 1e8) / 1e6);
}

/** A number above or at 0 as Python's repr of a float: always with a point or an exponent, the latter below 0.0001 and from 1e16 on. */
function pythonText(value: number): string {
  if (value !== 0 && (value < 1e-4 || value >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
