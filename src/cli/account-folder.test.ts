import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRunFolder, type RunManifest } from '#runtime/run-folder.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { accountFolder } from './account-folder.ts';

function manifest(kind: RunManifest['kind'], market: string): RunManifest {
  return {
    ...{ format: 1, runId: 'r', kind, desk: 'fx', seed: 0, market, instruments: [], startAt: 0, startBalance: 0 },
    ...{ codeVersion: '', dataHash: '' },
  };
}

test('a live desk is found by its account where there is one', (t) => {
  const root = temporaryFolder(t);
  assert.throws(() => accountFolder(join(root, 'nowhere'), 'main'), /found none/);
  createRunFolder(join(root, 'a'), manifest('live', 'oanda:practice:main'));
  createRunFolder(join(root, 'b'), manifest('live', 'oanda:practice:other'));
  createRunFolder(join(root, 'c'), manifest('paper', 'x:main'));
  assert.equal(accountFolder(root, 'main'), join(root, 'a'));
  createRunFolder(join(root, 'd'), manifest('live', 'binance:practice:main'));
  assert.throws(() => accountFolder(root, 'main'), /name it with --data-dir/);
});
