import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import type { KeptTrade } from './keys-state.ts';
import { openFields, protectionFields, reachFields } from './trade-fields.ts';

const euro = fxInstrument('EUR_USD');
const trade: KeptTrade = {
  id: 'trade-a',
  direction: 'long',
  strategy: 'combined',
  traceId: '0'.repeat(32),
  openedAt: 1_000,
  version: 3,
  peakPrice: 110_300,
  troughPrice: 109_900,
  protection: {
    a: { kind: 'stop', price: 109_500 },
    b: { kind: 'stop', price: 109_600 },
    c: { kind: 'target', price: 110_700 },
    d: { kind: 'target', price: 110_600 },
  },
  orderIds: ['tw-1', 'tw-2'],
};
const position = {
  instrument: euro.id,
  signedQuantity: 3,
  // Bought at 1.10000, 1.10001 and 1.10001: 1.100006666… each.
  cost: 330_002,
  openedAt: 1_000,
  increasedAt: 2_000,
  strategy: 'combined',
};

test('an average has two decimals more than its instrument, and every field is text', () => {
  assert.deepEqual(openFields(trade, position, euro, 5_000), {
    trade_id: 'trade-a',
    instrument: 'EUR_USD',
    lifecycle: 'open',
    version: '3',
    side: 'long',
    qty: '3',
    avg_entry: '1.1000067',
    peak: '1.10300',
    trough: '1.09900',
    sl: '1.09600',
    tp: '1.10600',
    strategy: 'combined',
    orders: '["tw-1","tw-2"]',
    trace_id: '0'.repeat(32),
    opened_ms: '1000',
    updated_ms: '5000',
  });
});

test('of several stops and targets those count that are reached first, and none is an empty text', () => {
  assert.deepEqual(protectionFields({ ...trade, direction: 'short' }, euro), { sl: '1.09500', tp: '1.10700' });
  assert.deepEqual(protectionFields({ ...trade, protection: {} }, euro), { sl: '', tp: '' });
});

test('prices have the decimals of their instrument', () => {
  assert.deepEqual(reachFields(trade, fxInstrument('USD_JPY')), { peak: '110.300', trough: '109.900' });
});
