import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseBarManifest, readBarManifest, seriesFolder } from './bar-manifest.ts';
import { ImportError } from './import-error.ts';

const manifest = {
  formatVersion: 1,
  instrumentId: 'EURUSD.OANDA',
  symbol: 'EUR_USD',
  interval: 'M1',
  revision: 1,
  rows: 2,
  firstOpenAt: 0,
  lastOpenAt: 60_000,
  priceDecimals: 5,
  priceBasis: 'bid',
  hasVolume: false,
  columnFile: 'columns-1.f64',
  sha256: '0'.repeat(64),
  sources: [],
};

function refused(run: () => unknown, code: string): void {
  assert.throws(run, (error) => error instanceof ImportError && error.code === code, code);
}

test('a sound manifest is read and its folder is named by symbol and interval', () => {
  assert.deepEqual(parseBarManifest(JSON.stringify(manifest), 'x'), manifest);
  assert.equal(seriesFolder('root', 'EUR_USD', 'M1'), join('root', 'EUR_USD_M1'));
});

test('a missing, foreign or doubtful field is refused', () => {
  for (const key of Object.keys(manifest))
    refused(() => parseBarManifest(JSON.stringify({ ...manifest, [key]: undefined }), 'x'), 'manifest');
  for (const change of [
    { more: 1 },
    { formatVersion: 2 },
    { columnFile: '../columns-1.f64' },
    { symbol: '../x' },
    { rows: -1 },
    { priceBasis: 'ask' },
  ]) {
    refused(() => parseBarManifest(JSON.stringify({ ...manifest, ...change }), 'x'), 'manifest');
  }
});

test('a symbol that could leave the store names no folder', () => {
  for (const symbol of ['', '..', 'a/b', 'EUR/USD', 'eur_usd', 'X'.repeat(41), '_X'])
    refused(() => seriesFolder('root', symbol, 'M1'), 'name');
});

test('no manifest is no series', () => {
  assert.equal(readBarManifest(join(tmpdir(), 'no-such-series')), undefined);
});

test('changed signs of a manifest give a sound manifest or a typed refusal', () => {
  const text = JSON.stringify(manifest);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (place, patch) => {
      try {
        parseBarManifest(text.slice(0, place) + patch + text.slice(place + 1), 'fuzz');
      } catch (error) {
        if (!(error instanceof ImportError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
