import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunManifest } from './run-folder.ts';
import { type AskedRun, requireSameRun } from './same-run.ts';

const asked: AskedRun = { market: 'walk', seed: 1, startBalance: 100_000, dataHash: 'abc', desk: 'fx' };
const held: RunManifest = {
  ...asked,
  format: 1,
  runId: 'run',
  kind: 'paper',
  instruments: ['EUR_USD'],
  startAt: 0,
  codeVersion: 'code',
};

test('the run that a folder holds is let through', () => {
  requireSameRun('data', held, asked);
});

test('every fact that makes a run tells two of them apart', () => {
  const rows: readonly (readonly [Partial<AskedRun>, string])[] = [
    [{ market: 'other' }, "market 'walk', asked for 'other'"],
    [{ seed: 2 }, "seed '1', asked for '2'"],
    [{ startBalance: 5 }, "start balance '100000', asked for '5'"],
    [{ dataHash: 'def' }, "data 'abc', asked for 'def'"],
    [{ desk: 'crypto' }, "desk 'fx', asked for 'crypto'"],
  ];
  for (const [changes, expected] of rows) {
    assert.throws(() => requireSameRun('data', held, { ...asked, ...changes }), {
      name: 'RunError',
      message: `'data' holds a run with ${expected}: choose another --data-dir`,
    });
  }
});
