/** The parameters that a parameter key names, in the words of the evaluator's documents. */
export interface ParameterFields {
  /** Null where the least coherence is a percentile. */
  readonly c_min: number | null;
  readonly direction_lookback: number;
  readonly dir_threshold_bps: number;
  readonly entry_cooldown_sec: number;
  readonly exit_cooldown_sec: number;
  /** A fraction, 0 to 1; null where the least coherence is a constant. */
  readonly c_percentile: number | null;
}

/** Reads `c0.55:l12:t2.0:ec60:xc60` or `cp70:…` (FX desk specification h.3); undefined where the text is none. */
export function parameterFields(key: string): ParameterFields | undefined {
  const match = /^c(p?)([\d.e+-]+):l(\d+):t([\d.e+-]+):ec(\d+):xc(\d+)$/.exec(key);
  if (match === null) return undefined;
  const [, percent = '', coherence = '', lookback, threshold, entry, exit] = match;
  const isPercentile = percent === 'p';
  return {
    c_min: isPercentile ? null : Number(coherence),
    direction_lookback: Number(lookback),
    dir_threshold_bps: Number(threshold),
    entry_cooldown_sec: Number(entry),
    exit_cooldown_sec: Number(exit),
    c_percentile: isPercentile ? Number(coherence) / 100 : null,
  };
}
