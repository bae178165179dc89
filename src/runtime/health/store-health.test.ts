import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyStoreInfo } from '#domain/keys/key-value.ts';
import { clockDependency, keyStoreDependency } from './store-health.ts';

const well: Extract<KeyStoreInfo, { readonly isReachable: true }> = {
  isReachable: true,
  latencyMs: 1,
  version: '7.2.0',
  memoryBytes: 500,
  memoryLimitBytes: 1_000,
  keys: 12,
};

async function statusWith(changed: Partial<typeof well>): Promise<string | undefined> {
  return (await keyStoreDependency('valkey', async () => ({ ...well, ...changed })).check()).status;
}

test('a store is judged by how much of its memory is taken, where there is a limit', async () => {
  assert.equal(await statusWith({}), undefined, 'its latency decides');
  assert.equal(await statusWith({ memoryBytes: 810 }), 'DEGRADED');
  assert.equal(await statusWith({ memoryBytes: 960 }), 'CRITICAL');
  assert.equal(await statusWith({ memoryBytes: 960, memoryLimitBytes: null }), undefined);
});

test('a store that is away says why', async () => {
  const reading = await keyStoreDependency('valkey', async () => ({ isReachable: false, reason: 'refused' })).check();
  assert.equal(reading.status, 'CRITICAL');
  assert.equal(reading.error, 'refused');
});

test('the offset of the clock leaves out the way to the server and back', async () => {
  const at = async (offsetMs: number): Promise<string | undefined> => {
    let now = 1_000_000;
    const reading = await clockDependency({
      now: () => now,
      serverAt: async () => {
        now += 40;
        return 1_000_020 + offsetMs;
      },
    }).check();
    assert.deepEqual(reading.details, { offset_ms: offsetMs, uncertainty_ms: 20 });
    return reading.status;
  };
  assert.equal(await at(0), 'HEALTHY');
  assert.equal(await at(-501), 'DEGRADED');
  assert.equal(await at(5_001), 'CRITICAL');
});
