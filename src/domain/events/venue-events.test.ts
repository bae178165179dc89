import assert from 'node:assert/strict';
import { test } from 'node:test';
import { venueEventSchemas } from './venue-events.ts';

const at = 1;
const instrument = 'BTCUSDT-PERP.BINANCE';

function isTaken(type: keyof typeof venueEventSchemas, fields: object): boolean {
  return venueEventSchemas[type].safeParse({ type, at, ...fields }).success;
}

test('a venue is opened in one of three environments', () => {
  const opening = { venue: 'BINANCE', account: '1', hasNativeBrackets: false };
  for (const environment of ['simulated', 'practice', 'live'])
    assert.equal(isTaken('venue.opened', { ...opening, environment }), true);
  assert.equal(isTaken('venue.opened', { ...opening, environment: 'production' }), false);
});

test('a part of the venue is named, for one instrument or for all', () => {
  assert.equal(isTaken('venue.impaired', { part: 'orders', instrument: null, reason: 'silent' }), true);
  assert.equal(isTaken('venue.impaired', { part: 'depth', instrument, reason: 'a gap' }), true);
  assert.equal(isTaken('venue.impaired', { part: '', instrument, reason: 'a gap' }), false);
  assert.equal(isTaken('venue.restored', { part: 'depth', instrument: null }), true);
});

test('of what was put aside at most 500 characters are kept', () => {
  const excerptOf = (length: number) => ({ part: 'orders', reason: 'not JSON', excerpt: 'x'.repeat(length) });
  assert.equal(isTaken('message.quarantined', excerptOf(500)), true);
  assert.equal(isTaken('message.quarantined', excerptOf(501)), false);
});

test('a mark is a price above zero, and the index may be unknown', () => {
  const mark = { instrument, markPrice: 500, indexPrice: null, fundingRate: -0.0001, nextFundingAt: 2 };
  assert.equal(isTaken('mark.updated', mark), true);
  assert.equal(isTaken('mark.updated', { ...mark, markPrice: 0 }), false);
  assert.equal(isTaken('mark.updated', { ...mark, indexPrice: 0 }), false);
  assert.equal(isTaken('mark.updated', { ...mark, fundingRate: Number.NaN }), false);
});

test('a book has at most twenty levels a side, none of them empty', () => {
  const levels = (count: number) => Array.from({ length: count }, (_, index) => [100 - index, 5]);
  assert.equal(isTaken('depth.updated', { instrument, bids: levels(20), asks: [] }), true);
  assert.equal(isTaken('depth.updated', { instrument, bids: levels(21), asks: [] }), false);
  assert.equal(isTaken('depth.updated', { instrument, bids: [[100, 0]], asks: [] }), false);
});

test('a movement of money has a reason', () => {
  assert.equal(isTaken('balance.changed', { amount: -5, balance: 10, reason: 'WITHDRAW' }), true);
  assert.equal(isTaken('balance.changed', { amount: -5, balance: 10, reason: '' }), false);
});
