import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { modeProblem, readAccountMode, readKeyRights } from './account-mode.ts';

test('the short answer is enough where it is whole', async () => {
  const scene = restScene();
  assert.deepEqual(await scene.settled(readAccountMode(scene.rest)), {
    canTrade: true,
    isHedged: false,
    isMultiAssets: false,
  });
  assert.equal(scene.server.asked.length, 1);
});

test('what it leaves out is asked for by itself, and a failure there is one', async () => {
  const scene = restScene();
  scene.server.on('GET /fapi/v1/accountConfig', () => ({ body: {} }));
  scene.server.on('GET /fapi/v1/positionSide/dual', () => ({ body: { dualSidePosition: true } }));
  scene.server.on('GET /fapi/v1/multiAssetsMargin', () => ({ body: { multiAssetsMargin: false } }));
  assert.deepEqual(await scene.settled(readAccountMode(scene.rest)), {
    canTrade: undefined,
    isHedged: true,
    isMultiAssets: false,
  });
  scene.server.refuse('GET /fapi/v1/positionSide/dual', -2015);
  await assert.rejects(scene.settled(readAccountMode(scene.rest)), { code: '-2015' });
});

test('hedge mode and margin in several assets are not traded in (F59, F62)', () => {
  assert.equal(modeProblem({ canTrade: true, isHedged: false, isMultiAssets: false }), undefined);
  assert.match(modeProblem({ canTrade: true, isHedged: true, isMultiAssets: false }) ?? '', /hedge/);
  assert.match(modeProblem({ canTrade: true, isHedged: false, isMultiAssets: true }) ?? '', /several/);
});

test('what a key may do is told by the wallet', async () => {
  const scene = restScene();
  assert.deepEqual(await scene.settled(readKeyRights(scene.rest)), {
    canWithdraw: false,
    canTradeFutures: true,
    isBoundToAddress: true,
  });
});
