import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { dataFolder } from './data-folder.ts';

test('a folder that was chosen wins', () => {
  assert.equal(dataFolder('x/y', { TRADEWIND_DATA_DIR: 'z' }), 'x/y');
});

test('each market has a folder of its own in the data folder', () => {
  assert.equal(dataFolder(undefined, {}), join('data', 'synthetic'));
  assert.equal(dataFolder(undefined, { TRADEWIND_DATA_DIR: 'z' }, 'data:a/fx/'), join('z', 'data-fx'));
});
