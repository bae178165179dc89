import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRunFolder, hasRun, type RunManifest, readManifest } from './run-folder.ts';

const manifest: RunManifest = {
  format: 1,
  runId: 'abc',
  kind: 'backtest',
  desk: 'fx',
  seed: 1,
  market: 'synthetic',
  instruments: ['EUR_USD'],
  startAt: 0,
  startBalance: 100_000,
  codeVersion: 'x',
  dataHash: 'y',
};

test('a run folder says what it holds', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-run-'));
  context.after(() => rmSync(folder, { recursive: true }));
  assert.equal(hasRun(folder), false);
  createRunFolder(folder, manifest);
  assert.deepEqual(readManifest(folder), manifest);
});

test('a folder without a run, or with a broken one, is named', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-run-'));
  context.after(() => rmSync(folder, { recursive: true }));
  assert.throws(() => readManifest(folder), /holds no run/);
  writeFileSync(join(folder, 'run.json'), '{');
  assert.throws(() => readManifest(folder), /is not JSON/);
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...manifest, seed: 'one' }));
  assert.throws(() => readManifest(folder), /field 'seed'/);
});
