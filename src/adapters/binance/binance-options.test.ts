import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originsOf } from './binance-options.ts';

test('the hosts of the real venue are fixed (F65)', () => {
  assert.deepEqual(originsOf({ environment: 'live' }), {
    rest: 'https://fapi.binance.com',
    stream: 'wss://fstream.binance.com',
    wallet: 'https://api.binance.com',
  });
  assert.deepEqual(originsOf({ environment: 'practice' }), {
    rest: 'https://demo-fapi.binance.com',
    stream: 'wss://fstream.binancefuture.com',
    wallet: undefined,
  });
  const origins = { rest: 'http://127.0.0.1:1', stream: 'ws://127.0.0.1:1' };
  assert.throws(() => originsOf({ environment: 'practice', origins }), /fixed/);
});

test('a simulator stands where it is said to, and never at a real host', () => {
  const origins = { rest: 'http://127.0.0.1:1', stream: 'ws://127.0.0.1:1' };
  assert.deepEqual(originsOf({ environment: 'simulated', origins }), { ...origins, wallet: origins.rest });
  assert.throws(() => originsOf({ environment: 'simulated' }), /addresses/);
  for (const host of ['wss://fstream.binance.com', 'wss://fstream.binancefuture.com']) {
    assert.throws(() => originsOf({ environment: 'simulated', origins: { ...origins, stream: host } }), /real host/);
  }
});
