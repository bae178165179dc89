// Compares with the recorded files of the reference kernel themselves, where they are at hand: in the folder that TRADEWIND_SHARED names,
// else in `shared` beside the project.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { buildManifoldDocument } from '#metrics/manifold-document.ts';
import { serializeManifold } from '#metrics/manifold-json.ts';
import { goldenSeries } from '../oracles/golden-series.ts';

const folder = process.env['TRADEWIND_SHARED'] ?? resolve(import.meta.dirname, '../../../shared');
const candlesPath = join(folder, 'golden', 'candles_g2000.json');
const manifoldPath = join(folder, 'golden', 'manifold_v2_g2000.json');
const isAtHand = existsSync(candlesPath) && existsSync(manifoldPath);
const skip = isAtHand ? false : `THE REFERENCE FILES ARE NOT AT HAND in '${folder}': set TRADEWIND_SHARED to compare with them`;

test('the generated series is the recorded one, candle by candle', { skip }, () => {
  const recorded: unknown = JSON.parse(readFileSync(candlesPath, 'utf8'));
  const generated = goldenSeries().map(({ openAt, open, high, low, close, volume }) => ({
    t: openAt,
    o: open,
    h: high,
    l: low,
    c: close,
    v: volume,
  }));
  assert.deepEqual(generated, recorded);
});

test('the parity text is the recorded document byte for byte', { skip }, () => {
  const options = { instrument: '', uncapped: false, precision: 2, lookbackMinutes: 60 };
  const text = serializeManifold(buildManifoldDocument(goldenSeries(), options), { parity: true });
  assert.ok(Buffer.from(text).equals(readFileSync(manifoldPath)));
});
