import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenSeries } from '../../tests/oracles/golden-series.ts';
import { buildManifoldDocument, type ManifoldOptions } from './manifold-document.ts';
import { serializeManifold } from './manifold-json.ts';

const OPTIONS: ManifoldOptions = { instrument: 'EUR_USD', uncapped: false, precision: 2, lookbackMinutes: 60 };

test('a document without candles has three keys', () => {
  const document = buildManifoldDocument([], { ...OPTIONS, instrument: '' });
  for (const parity of [true, false]) {
    assert.equal(serializeManifold(document, { parity }), '{"count":0,"instrument":"UNKNOWN","signals":[]}\n');
  }
});

test('a document without signals shows whole doubles with a point and whole numbers without', () => {
  const text = serializeManifold(buildManifoldDocument(goldenSeries(2), OPTIONS), { parity: true });
  const metrics = [
    '"coherence":0.0,"coherence_tau_1":0.0,"coherence_tau_4":0.0,"coherence_tau_slope":0.0,"domain_wall_ratio":0.0',
    '"domain_wall_slope":0.0,"entropy":0.0,"pinned_alignment":1.0,"reynolds_ratio":0.0,"rupture":0.0',
    '"spatial_corr_length":0.0,"spectral_lowf_share":0.0,"stability":0.0,"temporal_half_life":0.0',
  ].join(',');
  const expected = `{"coeffs":{"lambda":0.0,"sigma_eff":0.0},"count":2,"instrument":"EUR_USD","metrics":{${metrics}},"signals":[],"t0_ms":1704067200000,"t1_ms":1704067260000}\n`;
  assert.equal(text, expected);
});

test('keys stand in alphabetical order at every depth', () => {
  const text = serializeManifold(buildManifoldDocument(goldenSeries(200), OPTIONS), { parity: false });
  assert.ok(allKeysSorted(JSON.parse(text)));
});

test('the stamp is written as a whole number and the window end as text, each with all its digits', () => {
  const text = serializeManifold(buildManifoldDocument(goldenSeries(130), OPTIONS), { parity: false });
  assert.match(text, /"timestamp_ns":1704067260000000000,/);
  assert.match(text, /"window_end_ns":"1704074880000000000"/);
});

test('the full text gives the document back, its big stamp apart', () => {
  const document = buildManifoldDocument(goldenSeries(200), OPTIONS);
  const stamped = document.signals.map((signal) => ({ ...signal, timestamp_ns: Number(signal.timestamp_ns) }));
  assert.deepEqual(JSON.parse(serializeManifold(document, { parity: false })), { ...document, signals: stamped });
});

test('the parity text has the reference fields only', () => {
  const text = serializeManifold(buildManifoldDocument(goldenSeries(130), OPTIONS), { parity: true });
  assert.deepEqual(Object.keys(JSON.parse(text)), [
    'coeffs',
    'count',
    'instrument',
    'metrics',
    'signals',
    't0_ms',
    't1_ms',
  ]);
  for (const field of [
    'ts_ms',
    'window_end_ms',
    'window_end_ns',
    'price_end',
    'coherence_pattern',
    'down_run_ratio',
    'hazard_',
  ]) {
    assert.ok(!text.includes(`"${field}`), field);
  }
});

test('an instrument name with quotes stays one text', () => {
  const document = buildManifoldDocument([], { ...OPTIONS, instrument: 'a"b' });
  assert.equal(serializeManifold(document, { parity: true }), '{"count":0,"instrument":"a\\"b","signals":[]}\n');
});

function allKeysSorted(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(allKeysSorted);
  if (typeof value !== 'object' || value === null) return true;
  const keys = Object.keys(value);
  return keys.join() === keys.toSorted().join() && Object.values(value).every(allKeysSorted);
}
