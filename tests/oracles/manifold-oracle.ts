// The manifold of FX desk specification a.1 to a.9, written down line by line and as slowly as the page reads.
// Nothing here is shared with the kernel: only so can the two disagree.

export interface OracleCandle {
  openAt: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export interface OracleMetrics {
  coherence: number;
  stability: number;
  entropy: number;
  rupture: number;
  patternCoherence: number;
}

export interface OracleExtras {
  coherenceTau1: number;
  coherenceTau4: number;
  coherenceTauSlope: number;
  domainWallRatio: number;
  domainWallSlope: number;
  spectralLowShare: number;
  reynoldsRatio: number;
  temporalHalfLife: number;
  spatialCorrelationLength: number;
}

export interface OracleTrace {
  quiet: number;
  flips: number;
  persisting: number;
  entropyBits: number;
  pattern: number;
  headDisorder: number;
  decayRate: number;
  last: number;
  cosines: [number, number, number];
}

export interface OracleSignal extends OracleMetrics, OracleExtras {
  start: number;
  end: number;
  stampAt: number;
  price: number;
  endPrice: number;
  windowEndAt: number;
  downRunRatio: number;
  signature: string;
  repetitions: number;
  firstSeenAt: number;
}

export type PairState = 'NULL' | 'FLIP' | 'RUPTURE';

const f32 = Math.fround;

function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no value at ${index} of ${values.length}`);
  return value;
}

/** a.1 */
export function oracleBits(candles: readonly OracleCandle[]): number[] {
  const bits: number[] = [];
  candles.forEach((candle, index) => {
    const previous = candles[index - 1];
    if (previous === undefined) return;
    const up = candle.close >= previous.close;
    const range = candle.high - candle.low >= previous.high - previous.low;
    const volume = candle.volume >= previous.volume;
    bits.push(up && (range || volume) ? 1 : 0);
  });
  return bits;
}

/** The mirror of a.1 on falling closes. */
export function oracleDownBits(candles: readonly OracleCandle[]): number[] {
  const negated = candles.map((candle) => ({ ...candle, close: -candle.close }));
  return oracleBits(negated);
}

/** a.2 */
export function mapEvents(bits: readonly number[]): PairState[] {
  if (bits.some((bit) => bit !== 0 && bit !== 1)) return [];
  return bits.slice(1).map((bit, index) => {
    const ones = bit + at(bits, index);
    return ones === 2 ? 'RUPTURE' : ones === 1 ? 'FLIP' : 'NULL';
  });
}

function shares(bits: readonly number[]): { Z: number; F: number; R: number } {
  const events = mapEvents(bits);
  const share = (state: PairState): number => f32(events.filter((event) => event === state).length / events.length);
  return { Z: share('NULL'), F: share('FLIP'), R: share('RUPTURE') };
}

function entropyBits({ Z, F, R }: { Z: number; F: number; R: number }): number {
  const g = (p: number): number => (p > 0 ? f32(Math.log2(p)) : 0);
  return f32(-f32(f32(f32(Z * g(Z)) + f32(F * g(F))) + f32(R * g(R))));
}

/** a.3 and a.4 with everything in between. */
export function oracleTrace(bits: readonly number[]): OracleMetrics & OracleTrace {
  const events = mapEvents(bits);
  const { Z, F, R } = shares(bits);
  const Hs = entropyBits({ Z, F, R });
  const H = Math.max(f32(0.05), Math.min(1, Hs / f32(1.585)));
  const p = f32(1 - H);
  const s = f32(1 - R);
  const q = f32(1 - F);
  let C0 = f32(f32(f32(p * f32(0.6)) + f32(s * f32(0.3))) + f32(q * f32(0.1)));
  C0 = Math.max(f32(0.01), Math.min(f32(0.99), C0));
  const blend = trajectory(bits, C0);
  return {
    quiet: events.filter((event) => event === 'NULL').length,
    flips: events.filter((event) => event === 'FLIP').length,
    persisting: events.filter((event) => event === 'RUPTURE').length,
    entropyBits: Hs,
    pattern: C0,
    patternCoherence: C0,
    stability: 1 - R,
    entropy: H,
    rupture: R,
    ...blend,
    coherence: bits.length > 10 ? blend.coherence : C0,
  };
}

function trajectory(bits: readonly number[], C0: number) {
  const L = bits.length;
  const loc = bits.slice(0, Math.min(20, L));
  const headDisorder = Math.max(0.05, Math.min(1, entropyBits(shares(loc)) / 1.585));
  const cLoc = 1 - headDisorder;
  const decayRate = Math.max(0.01, Math.min(1, 0.3 * headDisorder + 0.2 * (1 - cLoc)));
  const first = at(bits, 0);
  const path = [first];
  let A = 0;
  for (let j = 1; j < L; j += 1) {
    A = A + (at(bits, j) - first) * Math.exp(-decayRate * j);
    path.push(A);
  }
  const last = A;
  const n = L;
  const slope = (last - first) / (n - 1);
  const amp = (last - first) / 2;
  const mu = (last + first) / 2;
  const E = path.map((_, i) => first * Math.exp(-0.1 * i));
  const Lin = path.map((_, i) => first + slope * i);
  const Osc = path.map((_, i) => mu + amp * Math.sin((2 * Math.PI * i) / n));
  const cosines: [number, number, number] = [cosine(path, E), cosine(path, Lin), cosine(path, Osc)];
  const T = Math.max(0, Math.min(1, Math.max(0, ...cosines)));
  const C1 = f32(f32(f32(0.3) * f32(T)) + f32(f32(0.7) * f32(C0)));
  let C = C1;
  if (Math.abs(A) < 2) {
    const d = f32(1 / f32(1 + f32(f32(0.1) * Math.abs(f32(A)))));
    C = C1 * d;
  }
  return { coherence: Math.max(0, Math.min(1, C)), headDisorder, decayRate, last, cosines };
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i += 1) {
    dot += at(a, i) * at(b, i);
    aa += at(a, i) * at(a, i);
    bb += at(b, i) * at(b, i);
  }
  const rootA = Math.sqrt(aa);
  const rootB = Math.sqrt(bb);
  return rootA === 0 || rootB === 0 ? 0 : dot / (rootA * rootB);
}

/** a.3 and a.4: the five numbers of a window. */
export function oracleMetrics(bits: readonly number[]): OracleMetrics {
  const { coherence, stability, entropy, rupture, patternCoherence } = oracleTrace(bits);
  return { coherence, stability, entropy, rupture, patternCoherence };
}

/** Share of pairs 1-1, as rupture counts them. */
export function oracleRunRatio(bits: readonly number[]): number {
  return shares(bits).R;
}

/** a.9 */
export function oracleExtras(bits: readonly number[], rupture: number): OracleExtras {
  const L = bits.length;
  const tau = (lag: number): number => {
    if (L <= lag) return 1;
    return bits.filter((bit, i) => i >= lag && bit === at(bits, i - lag)).length / (L - lag);
  };
  const walls = (from: number, to: number): number => {
    const part = bits.slice(from, to);
    return part.length < 2 ? 0 : part.filter((bit, i) => i >= 1 && bit !== at(part, i - 1)).length / (part.length - 1);
  };
  const mid = Math.floor(L / 2);
  const tauSlope = (tau(4) - tau(1)) / 3;
  const wallSlope = L < 3 ? 0 : walls(mid, L) - walls(0, mid);
  const over = (top: number, slope: number): number =>
    Math.abs(slope) > 1e-6 ? top / Math.max(1e-6, Math.abs(slope)) : 0;
  return {
    coherenceTau1: tau(1),
    coherenceTau4: tau(4),
    coherenceTauSlope: tauSlope,
    domainWallRatio: walls(0, L),
    domainWallSlope: wallSlope,
    spectralLowShare: lowShare(bits),
    reynoldsRatio: over(rupture, wallSlope),
    temporalHalfLife: over(Math.LN2, tauSlope),
    spatialCorrelationLength: over(1, wallSlope),
  };
}

function lowShare(bits: readonly number[]): number {
  const L = bits.length;
  if (L < 4) return 0;
  const mean = bits.reduce((sum, bit) => sum + bit, 0) / L;
  const K = Math.floor(L / 2);
  const cut = Math.max(1, Math.floor(K / 4));
  const a = (2 * Math.PI) / L;
  let low = 0;
  let total = 0;
  for (let k = 1; k <= K; k += 1) {
    let real = 0;
    let imaginary = 0;
    for (let t = 0; t < L; t += 1) {
      real += (at(bits, t) - mean) * Math.cos(a * (k * t));
      imaginary += (at(bits, t) - mean) * Math.sin(a * (k * t));
    }
    const power = real * real + imaginary * imaginary;
    total += power;
    if (k <= cut) low += power;
  }
  return total <= 1e-12 ? 0 : Math.max(0, Math.min(1, low / total));
}

/** a.5: first bit and end (exclusive) of each window. */
export function oracleWindows(N: number, uncapped: boolean): { w: number; step: number; windows: [number, number][] } {
  let w = Math.min(N, 128);
  if (w >= N) {
    if (N > 24) w = N - Math.min(8, Math.floor(N / 4));
    else if (N > 12) w = 12;
    else if (N > 8) w = 9;
    else w = N;
  }
  const step = Math.max(1, Math.floor(w / 32));
  const windows: [number, number][] = [];
  if (w < 8 || N < 2) return { w, step, windows };
  let i0 = w;
  if (!uncapped && N - w > 512) i0 = N - 512;
  for (let i = i0; i <= N; i += step) {
    const g = i - w;
    if (g >= N) break;
    windows.push([g, i]);
  }
  return { w, step, windows };
}

/** a.5 to a.7 over a whole series. */
export function oracleSignals(
  candles: readonly OracleCandle[],
  options: { uncapped: boolean; precision: number; lookbackMinutes: number },
): OracleSignal[] {
  const bits = oracleBits(candles);
  const downs = oracleDownBits(candles);
  const history = new Map<string, number[]>();
  return oracleWindows(bits.length, options.uncapped).windows.map(([g, i]) => {
    const window = bits.slice(g, i);
    const metrics = oracleMetrics(window);
    const stamp = candles[g + 1];
    const end = candles[i];
    if (stamp === undefined || end === undefined) throw new RangeError('a window beyond the candles');
    const signature = oracleSignature(metrics, options.precision);
    const stamps = history.get(signature) ?? [];
    history.set(signature, stamps);
    const span = options.lookbackMinutes * 60_000;
    while (stamps.length > 0 && stamp.openAt > at(stamps, 0) && stamp.openAt - at(stamps, 0) > span) stamps.shift();
    stamps.push(stamp.openAt);
    return {
      ...metrics,
      ...oracleExtras(window, metrics.rupture),
      start: g,
      end: i,
      stampAt: stamp.openAt,
      price: stamp.close,
      endPrice: end.close,
      windowEndAt: end.openAt,
      downRunRatio: oracleRunRatio(downs.slice(g, i)),
      signature,
      repetitions: stamps.length,
      firstSeenAt: at(stamps, 0),
    };
  });
}

function oracleSignature(metrics: OracleMetrics, precision: number): string {
  const scale = Number(`1e${precision}`);
  const bucket = (x: number): string => {
    const scaled = Math.max(0, Math.min(1, x)) * scale;
    const below = Math.floor(scaled);
    return ((scaled - below >= 0.5 ? below + 1 : below) / scale).toFixed(precision);
  };
  return `c${bucket(metrics.coherence)}_s${bucket(metrics.stability)}_e${bucket(metrics.entropy)}`;
}

/** a.8 */
export function oracleSigma(closes: readonly number[]): number {
  const returns: number[] = [];
  for (let i = 1; i < closes.length; i += 1) {
    if (at(closes, i - 1) > 0 && at(closes, i) > 0) returns.push(Math.log(at(closes, i) / at(closes, i - 1)));
  }
  if (closes.length < 3 || returns.length < 2) return 0;
  const mean = returns.reduce((sum, x) => sum + x, 0) / returns.length;
  const squares = returns.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  return Math.sqrt(squares / (returns.length - 1));
}

/** a.8 */
export function oracleLambda(signals: readonly { stampAt: number; rupture: number }[]): number {
  if (signals.length < 2) return 0;
  let ruptures = 0;
  let seconds = 0;
  signals.forEach((signal, i) => {
    const before = signals[i - 1];
    if (before === undefined) return;
    ruptures += signal.rupture;
    seconds += Math.max(1e-6, (signal.stampAt * 1e6) / 1e9 - (before.stampAt * 1e6) / 1e9);
  });
  const perMinute = (60 * ruptures) / seconds;
  return Math.max(0, Math.min(1, 1 - Math.exp(-Math.max(0, perMinute))));
}
