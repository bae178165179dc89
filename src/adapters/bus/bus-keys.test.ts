import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busKeys, positionKey, processedKey } from './bus-keys.ts';

test('the keys of the bus do not stand among its streams', () => {
  const keys = [...Object.values(busKeys), positionKey('bus'), processedKey('monitoring')];
  assert.equal(new Set(keys).size, 7);
  assert.ok(keys.every((key) => !key.startsWith('quantum:stream:') && !key.startsWith('quantum:dlq:')));
  assert.equal(processedKey('monitoring'), 'processed:monitoring');
});
