import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationRowsSocial } from './configuration-rows-social.ts';

test('keys are secrets, and nothing is sent to an address in the open by default', () => {
  const secrets = configurationRowsSocial.filter(({ kind }) => kind === 'secret').map(({ name }) => name);
  assert.deepEqual(secrets, ['COINGECKO_API_KEY', 'X_BEARER_TOKEN']);
  for (const { type, default: text } of configurationRowsSocial) {
    if (type === 'url') assert.match(text, /^https:\/\/[a-z.]+$/);
  }
});
