// The recorded figures of FX desk specification l.1 to l.4, for the production kernel and the slow oracle alike.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { encodeBits } from '#metrics/candle-bits.ts';
import { buildManifoldDocument, type ManifoldDocument, type ManifoldSignal } from '#metrics/manifold-document.ts';
import { serializeManifold } from '#metrics/manifold-json.ts';
import { type KernelMetrics, measureBits } from '#metrics/manifold-kernel.ts';
import { countPairs } from '#metrics/pair-counts.ts';
import { goldenSeries } from '../oracles/golden-series.ts';
import { mapEvents, oracleBits, oracleMetrics, oracleTrace } from '../oracles/manifold-oracle.ts';

const SHORT_TOLERANCE = 2e-7;
const EXTRAS_TOLERANCE = 1e-12;
const LAMBDA_TOLERANCE = 1e-12;
const SIGMA_TOLERANCE = 1e-15;
const COSINE_TOLERANCE = 5.1e-5;

const candles = goldenSeries();
const document = build(2000);

test('l.1: the generator gives the published candles', () => {
  assert.deepEqual(candles[0], { openAt: 1704067200000, open: 1.1, high: 1.10011, low: 1.1, close: 1.10004, volume: 86 });
  const checks: [number, number, number][] = [
    [999, 1.09981, 481],
    [1872, 1.10003, 82],
    [1999, 1.10095, 256],
  ];
  for (const [index, close, volume] of checks) {
    assert.equal(candles[index]?.close, close);
    assert.equal(candles[index]?.volume, volume);
    assert.equal(candles[index]?.openAt, 1704067200000 + 60_000 * index);
  }
});

test('l.1: the generator gives the published bits, in both encoders', () => {
  for (const bits of [[...encodeBits(candles).ups], oracleBits(candles)]) {
    assert.equal(bits.length, 1999);
    assert.equal(bits.filter((bit) => bit === 1).length, 794);
    assert.equal(bits.slice(0, 64).join(''), '1111000010001011100111111101010100011100100011000001000011100001');
    assert.equal(fnv1a(bits.join('')), 0x62570261);
  }
});

test('l.1: the kernel gives the published signals and totals', () => {
  const { signals, coeffs } = document;
  assert.equal(signals.length, 129);
  for (const [index, signal] of signals.entries()) assert.equal(signal.window_end_ms, candles[1487 + 4 * index]?.openAt);
  near(coeffs.sigma_eff, 5.9200991885300717e-5, SIGMA_TOLERANCE);
  near(coeffs.lambda, 0.027362283286482159, LAMBDA_TOLERANCE);
  const coherences = signals.map((signal) => signal.coherence);
  near(coherences.reduce((sum, value) => sum + value, 0) / 129, 0.4635574569565401, 1e-15);
  assert.equal(Math.min(...coherences), 0.19939915777023831);
  assert.equal(Math.max(...coherences), 0.6272743935307652);
  assert.equal(signals.filter((signal) => signal.repetition.count_1h === 1).length, 114);
  assert.equal(signals.filter((signal) => signal.repetition.count_1h === 2).length, 15);
  assert.ok(signals.every((signal) => signal.state === 'live'));
});

interface GoldenRow {
  signal: number;
  timestampNs: string;
  price: number;
  coherence: number;
  stability: number;
  entropy: number;
  rupture: number;
  signature: string;
  /** tau 1, tau 4, tau slope, wall ratio, wall slope, low spectrum, reynolds, half-life, length */
  extras: [number, number, number, number, number, number, number, number, number];
}

const ROWS: GoldenRow[] = [
  {
    signal: 0,
    timestampNs: '1704148800000000000',
    price: 1.10928,
    coherence: 0.23794994625372468,
    stability: 0.84251968562602997,
    entropy: 0.88613745665595467,
    rupture: 0.15748031437397003,
    signature: 'c0.24_s0.84_e0.89',
    extras: [
      0.44094488188976377, 0.50806451612903225, 0.022373211413089494, 0.55905511811023623, -0.031746031746031744,
      0.19266931099257645, 4.960629902780056, 30.981121474336852, 31.5,
    ],
  },
  {
    signal: 32,
    timestampNs: '1704156480000000000',
    price: 1.1101099999999999,
    coherence: 0.52900876381075435,
    stability: 0.96062992140650749,
    entropy: 0.7541739044628949,
    rupture: 0.039370078593492508,
    signature: 'c0.53_s0.96_e0.75',
    extras: [
      0.55905511811023623, 0.62096774193548387, 0.020637541275082549, 0.44094488188976377, -0.19047619047619047,
      0.15139610851120378, 0.20669291261583567, 33.586713229101598, 5.25,
    ],
  },
  {
    signal: 64,
    timestampNs: '1704164160000000000',
    price: 1.1057900000000001,
    coherence: 0.60100041221232203,
    stability: 0.94488188996911049,
    entropy: 0.73112078390221857,
    rupture: 0.055118110030889511,
    signature: 'c0.60_s0.94_e0.73',
    extras: [
      0.70078740157480313, 0.66129032258064513, -0.013165692998052666, 0.29921259842519687, 0.031746031746031744,
      0.26945531284059226, 1.7362204659730196, 52.647982955585285, 31.5,
    ],
  },
  {
    signal: 96,
    timestampNs: '1704171840000000000',
    price: 1.1005199999999999,
    coherence: 0.33072751330502115,
    stability: 0.84251968562602997,
    entropy: 0.92386918897973702,
    rupture: 0.15748031437397003,
    signature: 'c0.33_s0.84_e0.92',
    extras: [
      0.53543307086614178, 0.4838709677419355, -0.017187367708068762, 0.46456692913385828, -0.015873015873015872,
      0.32584944656930803, 9.921259805560112, 40.32887364331777, 63,
    ],
  },
  {
    signal: 128,
    timestampNs: '1704179520000000000',
    price: 1.1000300000000001,
    coherence: 0.21395720368458626,
    stability: 0.77952755987644196,
    entropy: 0.94908996307445337,
    rupture: 0.22047244012355804,
    signature: 'c0.21_s0.78_e0.95',
    extras: [
      0.51181102362204722, 0.54838709677419351, 0.012192024384048761, 0.48818897637795278, 0.047619047619047616,
      0.3032478661843831, 4.6299212425947189, 56.852509372177217, 21,
    ],
  },
];

test('l.2: the five golden rows are exact, their extras within 1e-12', () => {
  for (const row of ROWS) {
    const signal = document.signals[row.signal];
    assert.ok(signal);
    assert.equal(signal.timestamp_ns, row.timestampNs);
    assert.equal(signal.price, row.price);
    assert.equal(signal.coherence, row.coherence);
    assert.equal(signal.stability, row.stability);
    assert.equal(signal.entropy, row.entropy);
    assert.equal(signal.rupture, row.rupture);
    assert.equal(signal.lambda_hazard, row.rupture);
    assert.deepEqual(signal.repetition, { count_1h: 1, first_seen_ms: signal.ts_ms, signature: row.signature });
    for (const [index, value] of extrasOf(signal).entries()) near(value, row.extras[index], EXTRAS_TOLERANCE);
  }
});

interface IntermediateRow {
  signal: number;
  firstBit: number;
  counts: [number, number, number];
  entropyBits: number;
  pattern: number;
  headDisorder: number;
  decayRate: number;
  last: number;
  cosines: [number, number, number];
}

const INTERMEDIATES: IntermediateRow[] = [
  {
    signal: 0,
    firstBit: 1,
    counts: [36, 71, 20],
    entropyBits: 1.4045279026031494,
    pattern: 0.3651679456233978,
    headDisorder: 0.925841015596119,
    decayRate: 0.4629205077980595,
    last: -0.7424926492716394,
    cosines: [-0.2474, -0.1829, -0.2018],
  },
  {
    signal: 32,
    firstBit: 0,
    counts: [66, 56, 5],
    entropyBits: 1.1953656673431396,
    pattern: 0.4915901720523834,
    headDisorder: 0.7800545226136216,
    decayRate: 0.3900272613068108,
    last: 1.4636703531508417,
    cosines: [0, 0.8744, 0.8111],
  },
  {
    signal: 64,
    firstBit: 0,
    counts: [82, 38, 7],
    entropyBits: 1.158826470375061,
    pattern: 0.514870822429657,
    headDisorder: 0.8350356520162396,
    decayRate: 0.4175178260081198,
    last: 0.3991074939396455,
    cosines: [0, 0.8819, 0.7994],
  },
  {
    signal: 96,
    firstBit: 1,
    counts: [48, 59, 20],
    entropyBits: 1.4643326997756958,
    pattern: 0.35197770595550537,
    headDisorder: 0.8580394347759451,
    decayRate: 0.42901971738797257,
    last: -1.8272372742038772,
    cosines: [-0.2905, 0.4826, 0.3755],
  },
  {
    signal: 128,
    firstBit: 1,
    counts: [37, 62, 28],
    entropyBits: 1.5043076276779175,
    pattern: 0.3155854046344757,
    headDisorder: 0.904090321778499,
    decayRate: 0.4520451608892495,
    last: -0.3249514599703815,
    cosines: [-0.1115, -0.522, -0.5457],
  },
];

test('l.2: the intermediates of the slow kernel are the published ones', () => {
  const bits = oracleBits(candles);
  for (const row of INTERMEDIATES) {
    const end = 1487 + 4 * row.signal;
    const window = bits.slice(end - 128, end);
    const trace = oracleTrace(window);
    assert.equal(window[0], row.firstBit);
    assert.deepEqual([trace.quiet, trace.flips, trace.persisting], row.counts);
    assert.equal(trace.entropyBits, row.entropyBits);
    assert.equal(trace.pattern, row.pattern);
    assert.equal(trace.headDisorder, row.headDisorder);
    assert.equal(trace.decayRate, row.decayRate);
    near(trace.last, row.last, 1e-15);
    for (const [index, cosine] of trace.cosines.entries()) near(cosine, row.cosines[index], COSINE_TOLERANCE);
    assert.equal(document.signals[row.signal]?.coherence_pattern, row.pattern);
  }
});

/** candles, signals, first and last stamp index, last coherence, entropy, rupture, sigma, lambda */
const EDGES: [number, number, number, number, number, number, number, number, number][] = [
  [1, 0, -1, -1, 0, 0, 0, 0, 0],
  [2, 0, -1, -1, 0, 0, 0, 0, 0],
  [8, 0, -1, -1, 0, 0, 0, 5.9933208796205616e-5, 0],
  [9, 1, 1, 1, 0.30869528651237488, 0.91407928613417744, 0.4285714328289032, 5.88945031896588e-5, 0],
  [10, 1, 1, 1, 0.27147990465164185, 0.98503348088710363, 0.375, 5.8633391498185642e-5, 0],
  [13, 4, 1, 4, 0.60120010375976562, 0.60216657049698763, 0, 5.4000537448448631e-5, 0.11750309741540454],
  [14, 2, 1, 2, 0.34030240824183977, 0.94316650250632827, 0.18181818723678589, 5.2558653832032218e-5, 0.16624708644259645],
  [25, 13, 1, 13, 0.27278047953984697, 0.83418258981836868, 0.54545456171035767, 5.4397823971844369e-5, 0.20329653550281424],
  [26, 7, 1, 7, 0.44013357476806902, 0.97285939230790985, 0.3888888955116272, 5.402143095381711e-5, 0.24253487599246526],
  [33, 9, 1, 9, 0.30446256277961936, 0.88513203725888134, 0.34782609343528748, 4.9419180850599066e-5, 0.30141307030073494],
  [100, 5, 1, 9, 0.27189637966706925, 0.93729591520541899, 0.26666668057441711, 5.7325898372737703e-5, 0.12117252423756331],
  [129, 3, 1, 7, 0.45696406604971429, 0.94362438650463631, 0.25210085511207581, 5.5488708992187965e-5, 0.079311073245912356],
  [130, 1, 1, 1, 0.20250446135989186, 0.95307358394409603, 0.26771652698516846, 5.5274987273740557e-5, 0],
  [200, 18, 1, 69, 0.29230746999610346, 0.86980465621696357, 0.23622047901153564, 5.5072995344119921e-5, 0.058981079753980703],
  [641, 129, 1, 513, 0.54844528436660767, 0.74008464536252561, 0.039370078593492508, 5.9766464835777444e-5, 0.04183766773405484],
  [642, 129, 2, 514, 0.60611246169045785, 0.73710501488273417, 0.039370078593492508, 5.9884019392219795e-5, 0.041660825255282141],
  [1000, 129, 360, 872, 0.49752019335392106, 0.8954266052865445, 0.14173229038715363, 5.8732380169472731e-5, 0.024981029844527547],
];

test('l.3: short series give the published edges, exactly from 129 bits on', () => {
  for (const [count, signals, first, last, coherence, entropy, rupture, sigma, lambda] of EDGES) {
    const edge = build(count);
    const tolerance = count - 1 >= 129 ? 0 : SHORT_TOLERANCE;
    assert.equal(edge.signals.length, signals, `${count} candles`);
    assert.equal(stampIndex(edge.signals[0]), first, `${count} candles`);
    assert.equal(stampIndex(edge.signals.at(-1)), last, `${count} candles`);
    near(edge.metrics.coherence, coherence, tolerance);
    near(edge.metrics.entropy, entropy, tolerance);
    near(edge.metrics.rupture, rupture, tolerance);
    near(edge.coeffs.sigma_eff, sigma, SIGMA_TOLERANCE);
    near(edge.coeffs.lambda, lambda, LAMBDA_TOLERANCE);
  }
});

const zeros = (): number => 0;
const ones = (): number => 1;
const zeroFirst = (index: number): number => index % 2;
const oneFirst = (index: number): number => (index + 1) % 2;

/** pattern, bits, coherence, rupture */
const PATTERNS: [(index: number) => number, number, number, number][] = [
  [zeros, 32, 0.6790000200271606, 0],
  [zeros, 256, 0.6790000200271606, 0],
  [ones, 32, 0.5968334674835205, 1],
  [ones, 256, 0.596727192401886, 1],
  [zeroFirst, 32, 0.9078678488731384, 0],
  [zeroFirst, 256, 0.8913545608520508, 0],
  [zeros, 8, 0.9700000286102295, 0],
  [ones, 8, 0.6700000166893005, 1],
  [zeroFirst, 8, 0.8700000047683716, 0],
  [ones, 128, 0.596727192401886, 1],
  [zeroFirst, 128, 0.9007030725479126, 0],
  [oneFirst, 128, 0.897675633430481, 0],
];

test('l.4: the pattern windows give the published figures, in both kernels', () => {
  for (const [pattern, length, coherence, rupture] of PATTERNS) {
    const bits = Uint8Array.from({ length }, (_, index) => pattern(index));
    for (const metrics of [measure(bits), oracleMetrics([...bits])]) {
      assert.equal(metrics.coherence, coherence, `${pattern.name} ${length}`);
      assert.equal(metrics.rupture, rupture);
      assert.equal(metrics.entropy, 0.05000000074505806);
    }
  }
});

test('l.4: pairs of bits map to their events and a bit that is none empties the list', () => {
  assert.deepEqual(mapEvents([0, 0, 1, 1, 0]), ['NULL', 'FLIP', 'RUPTURE', 'FLIP']);
  assert.deepEqual(mapEvents([0, 1, 1, 0, 0, 1]), ['FLIP', 'RUPTURE', 'FLIP', 'NULL', 'FLIP']);
  assert.deepEqual(mapEvents([0, 1, 2, 0]), []);
});

test('the parity text of the golden series hashes to that of the reference document', () => {
  const text = serializeManifold(document, { parity: true });
  assert.equal(createHash('sha256').update(text).digest('hex'), '196381a16a0d04f8d7e081e2b7515f4d58fa0ad1fca90889c34fbf8b3358771d');
});

function build(count: number): ManifoldDocument {
  const options = { instrument: '', uncapped: false, precision: 2, lookbackMinutes: 60 };
  return buildManifoldDocument(candles.slice(0, count), options);
}

function measure(bits: Uint8Array): KernelMetrics {
  const metrics: KernelMetrics = { coherence: 0, stability: 0, entropy: 0, rupture: 0, patternCoherence: 0 };
  measureBits(bits, 0, countPairs(bits, 0, bits.length), metrics);
  return metrics;
}

function stampIndex(signal: ManifoldSignal | undefined): number {
  return candles.findIndex((candle) => candle.openAt === signal?.ts_ms);
}

function extrasOf({ metrics }: ManifoldSignal): number[] {
  return [
    metrics.coherence_tau_1,
    metrics.coherence_tau_4,
    metrics.coherence_tau_slope,
    metrics.domain_wall_ratio,
    metrics.domain_wall_slope,
    metrics.spectral_lowf_share,
    metrics.reynolds_ratio,
    metrics.temporal_half_life,
    metrics.spatial_corr_length,
  ];
}

function near(actual: number, expected: number | undefined, tolerance: number): void {
  assert.ok(Math.abs(actual - (expected ?? Number.NaN)) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
