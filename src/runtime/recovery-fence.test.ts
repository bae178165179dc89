import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeaseLostError } from './lease-keeper.ts';
import { recoveryFence } from './recovery-fence.ts';

const lost = {
  require: (): void => {
    throw new LeaseLostError('it is over');
  },
};

test('the lease is asked for from the end of the recovery on', () => {
  const fence = recoveryFence(lost);
  fence.require();
  fence.raise();
  assert.throws(() => fence.require(), LeaseLostError);
});

test('where there is no lease everything passes', () => {
  const fence = recoveryFence(undefined);
  fence.raise();
  fence.require();
});
