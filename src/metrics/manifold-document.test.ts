import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { candleSeries } from '../../tests/oracles/candle-arbitraries.ts';
import { goldenSeries } from '../../tests/oracles/golden-series.ts';
import { type OracleSignal, oracleLambda, oracleSigma, oracleSignals } from '../../tests/oracles/manifold-oracle.ts';
import type { Candle } from './candle.ts';
import { buildManifoldDocument, type ManifoldOptions, type ManifoldSignal } from './manifold-document.ts';
import { createManifoldTrack, createWindowMetrics, measureWindow, pushCandle } from './manifold-track.ts';

const OPTIONS: ManifoldOptions = { instrument: 'EUR_USD', uncapped: false, precision: 2, lookbackMinutes: 60 };

test('a document of any series equals the slow one', () => {
  const series = fc.oneof(candleSeries(0, 40), candleSeries(100, 260));
  fc.assert(
    fc.property(series, fc.boolean(), fc.nat({ max: 6 }), (candles, uncapped, precision) => {
      const document = buildManifoldDocument(candles, { ...OPTIONS, uncapped, precision });
      const slow = oracleSignals(candles, { uncapped, precision, lookbackMinutes: 60 });
      assert.equal(document.signals.length, slow.length);
      for (const [index, signal] of document.signals.entries()) compareSignal(signal, slow[index]);
      assert.equal(document.coeffs.sigma_eff, oracleSigma(candles.map((candle) => candle.close)));
      assert.equal(document.coeffs.lambda, oracleLambda(slow));
      assert.equal(document.count, candles.length);
    }),
    { numRuns: 25 },
  );
});

test('signals before an alteration stay as they were when later candles change', () => {
  fc.assert(
    fc.property(
      candleSeries(180, 180),
      candleSeries(180, 180),
      fc.integer({ min: 130, max: 179 }),
      (candles, others, cut) => {
        const altered = [...candles.slice(0, cut), ...others.slice(cut)];
        const known = (all: readonly Candle[]): ManifoldSignal[] =>
          buildManifoldDocument(all, { ...OPTIONS, uncapped: true }).signals.filter(
            (signal) => signal.window_end_ms <= (candles[cut - 1]?.openAt ?? 0),
          );
        assert.ok(known(candles).length > 0);
        assert.deepEqual(known(altered), known(candles));
      },
    ),
    { numRuns: 20 },
  );
});

test('the stamp lies 127 bars before the window end, and both are exact in nanoseconds', () => {
  const { signals } = buildManifoldDocument(goldenSeries(), OPTIONS);
  for (const signal of signals) {
    assert.equal(signal.window_end_ms - signal.ts_ms, 127 * 60_000);
    assert.equal(signal.timestamp_ns, `${signal.ts_ms}000000`);
    assert.equal(signal.window_end_ns, `${signal.window_end_ms}000000`);
  }
});

test('the windows of a document are those a track sees, at their ends', () => {
  const candles = goldenSeries(600);
  const { signals } = buildManifoldDocument(candles, { ...OPTIONS, uncapped: true });
  const track = createManifoldTrack();
  const metrics = createWindowMetrics();
  let found = 0;
  for (const candle of candles) {
    pushCandle(track, candle);
    const signal = signals.find((each) => each.window_end_ms === candle.openAt);
    if (!measureWindow(track, metrics) || signal === undefined) continue;
    found += 1;
    assert.deepEqual(metrics, {
      coherence: signal.coherence,
      stability: signal.stability,
      entropy: signal.entropy,
      rupture: signal.rupture,
      patternCoherence: signal.coherence_pattern,
      downRunRatio: signal.down_run_ratio,
      windowEndAt: signal.window_end_ms,
      endPrice: signal.price_end,
    });
  }
  assert.equal(found, signals.length);
});

test('a strong active up-run collapses and a fall does not', () => {
  const line = (slope: number): Candle[] =>
    Array.from({ length: 40 }, (_, index) => {
      const close = 100 + slope * index;
      return { openAt: index * 60_000, open: close, high: close + 1, low: close - 1, close, volume: 1 };
    });
  const rising = buildManifoldDocument(line(0.5), OPTIONS).signals;
  const falling = buildManifoldDocument(line(-0.5), OPTIONS).signals;
  assert.ok(rising.length > 0 && rising.every((signal) => signal.state === 'collapsed'));
  assert.ok(falling.length > 0 && falling.every((signal) => signal.state === 'live' && signal.down_run_ratio === 1));
});

test('the document repeats its last signal and names both hazards', () => {
  const document = buildManifoldDocument(goldenSeries(), OPTIONS);
  assert.deepEqual(document.metrics, document.signals.at(-1)?.metrics);
  assert.equal(document.hazard_lambda, document.coeffs.lambda);
  assert.equal(document.hazard_r, document.metrics.rupture);
  assert.equal(document.instrument, 'EUR_USD');
});

test('too few candles give no signal, zero measures and a pinned alignment of 1', () => {
  const document = buildManifoldDocument(goldenSeries(8), { ...OPTIONS, instrument: '' });
  assert.equal(document.instrument, 'UNKNOWN');
  assert.deepEqual(document.signals, []);
  assert.equal(document.metrics.coherence, 0);
  assert.equal(document.metrics.pinned_alignment, 1);
  assert.equal(document.hazard_r, 0);
});

function compareSignal(signal: ManifoldSignal, slow: OracleSignal | undefined): void {
  assert.ok(slow);
  const { spectral_lowf_share: share, ...metrics } = signal.metrics;
  assert.ok(Math.abs(share - slow.spectralLowShare) <= 1e-12);
  assert.deepEqual(metrics, {
    coherence: slow.coherence,
    coherence_tau_1: slow.coherenceTau1,
    coherence_tau_4: slow.coherenceTau4,
    coherence_tau_slope: slow.coherenceTauSlope,
    domain_wall_ratio: slow.domainWallRatio,
    domain_wall_slope: slow.domainWallSlope,
    entropy: slow.entropy,
    pinned_alignment: 1,
    reynolds_ratio: slow.reynoldsRatio,
    rupture: slow.rupture,
    spatial_corr_length: slow.spatialCorrelationLength,
    stability: slow.stability,
    temporal_half_life: slow.temporalHalfLife,
  });
  for (const [key, value] of Object.entries(signal.metrics)) {
    if (key !== 'coherence_tau_1' && key !== 'coherence_tau_4') assert.equal(Reflect.get(signal, key), value, key);
  }
  const { coeffs, lambda_hazard, price, price_end, coherence_pattern, down_run_ratio, hazard_r } = signal;
  assert.deepEqual(
    { coeffs, lambda_hazard, price, price_end, coherence_pattern, down_run_ratio, hazard_r },
    {
      coeffs: { lambda_hazard: slow.rupture },
      lambda_hazard: slow.rupture,
      price: slow.price,
      price_end: slow.endPrice,
      coherence_pattern: slow.patternCoherence,
      down_run_ratio: slow.downRunRatio,
      hazard_r: slow.rupture,
    },
  );
  assert.deepEqual([signal.ts_ms, signal.window_end_ms], [slow.stampAt, slow.windowEndAt]);
  assert.equal(signal.state, slow.rupture >= 0.5 ? 'collapsed' : 'live');
  assert.deepEqual(signal.repetition, {
    count_1h: slow.repetitions,
    first_seen_ms: slow.firstSeenAt,
    signature: slow.signature,
  });
}
