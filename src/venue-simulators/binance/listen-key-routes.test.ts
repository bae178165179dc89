import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';

test('a key is made, extended and ended', () => {
  const scene = new BinanceScene();
  const path = '/fapi/v1/listenKey';
  const { listenKey } = scene.request('POST', path).body;
  assert.match(listenKey, /^[0-9a-f]{64}$/);
  assert.deepEqual(scene.request('PUT', path).body, { listenKey });
  assert.deepEqual(scene.request('DELETE', path).body, {});
  assert.deepEqual(scene.request('PUT', path).body, { code: -1125, msg: 'This listenKey does not exist.' });
});
