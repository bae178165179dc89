import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument, type Instrument } from '#domain/instrument.ts';
import { euro, yen } from '../../tests/support/desk-events.ts';
import { createMarket } from './market.ts';
import { createState, type EngineState } from './state.ts';
import {
  arm,
  changeInstrument,
  endReported,
  evolveDepth,
  evolveMark,
  impair,
  impairmentOf,
  restore,
  venueMarketOf,
} from './venue-life.ts';

const at = 1_000;
const instrument = fxInstrument('EUR_USD');

function listed(): EngineState {
  const state = createState();
  state.markets[euro] = createMarket({
    type: 'instrument.listed',
    at,
    instrument,
    hasVolume: true,
    priceBasis: 'bid',
  });
  return state;
}

function change(state: EngineState, changes: Partial<Instrument>, isTrading = true): void {
  const changed = { ...instrument, ...changes };
  changeInstrument(state, { type: 'instrument.changed', at, instrument: changed, isTrading, reason: 'a new filter' });
}

test('an impairment keeps its first time and takes its newest reason', () => {
  const state = createState();
  impair(state, { at, part: 'orders', instrument: null, reason: 'silent' });
  impair(state, { at: at + 5, part: 'orders', instrument: null, reason: 'still silent' });
  assert.deepEqual(Object.values(state.impairments), [
    { part: 'orders', instrument: null, reason: 'still silent', at },
  ]);
});

test('an impairment of one instrument and of all are two, and each is restored by itself', () => {
  const state = createState();
  impair(state, { at, part: 'depth', instrument: euro, reason: 'a gap' });
  impair(state, { at, part: 'depth', instrument: null, reason: 'silent' });
  assert.equal(impairmentOf(state, yen)?.reason, 'silent');
  restore(state, 'depth', null);
  assert.equal(impairmentOf(state, yen), undefined);
  assert.equal(impairmentOf(state, euro)?.reason, 'a gap');
  restore(state, 'depth', yen);
  restore(state, 'prices', euro);
  assert.equal(impairmentOf(state, euro)?.reason, 'a gap');
  restore(state, 'depth', euro);
  assert.deepEqual(state.impairments, {});
});

test("other hands are forgiven with the venue's books, an overfill when the desk is armed, nothing else by either", () => {
  const state = createState();
  for (const part of ['external', 'overfill', 'orders']) impair(state, { at, part, instrument: euro, reason: '' });
  endReported(state);
  assert.deepEqual(
    Object.values(state.impairments).map(({ part }) => part),
    ['overfill', 'orders'],
  );
  assert.equal(state.isArmed, false);
  arm(state);
  assert.equal(state.isArmed, true);
  assert.deepEqual(
    Object.values(state.impairments).map(({ part }) => part),
    ['orders'],
  );
});

test('a market at the venue trades and has no mark until something else is told', () => {
  const state = createState();
  assert.deepEqual(venueMarketOf(state, euro), {
    markPrice: 0,
    indexPrice: 0,
    fundingRate: 0,
    nextFundingAt: 0,
    isTrading: true,
    bids: [],
    asks: [],
  });
  assert.equal(venueMarketOf(state, euro), state.venueMarkets[euro]);
});

test('mark and depth are those told last, and an unknown index is zero', () => {
  const state = createState();
  const marked = { type: 'mark.updated', at, instrument: euro, fundingRate: 0.0001, nextFundingAt: 9 } as const;
  evolveMark(state, { ...marked, markPrice: 7, indexPrice: 8 });
  evolveMark(state, { ...marked, markPrice: 6, indexPrice: null });
  evolveDepth(state, { type: 'depth.updated', at, instrument: euro, bids: [[5, 1]], asks: [[6, 2]] });
  const { markPrice, indexPrice, fundingRate, nextFundingAt, bids, asks } = venueMarketOf(state, euro);
  assert.deepEqual(
    [markPrice, indexPrice, fundingRate, nextFundingAt, bids, asks],
    [6, 0, 0.0001, 9, [[5, 1]], [[6, 2]]],
  );
  evolveDepth(state, { type: 'depth.updated', at, instrument: euro, bids: [], asks: [] });
  assert.deepEqual([venueMarketOf(state, euro).bids, venueMarketOf(state, euro).asks], [[], []]);
});

test('new limits and steps of an instrument hold at once', () => {
  const state = listed();
  change(state, { tickSize: 10, maximumQuantity: 5, marginRate: 0.05 }, false);
  assert.deepEqual(state.markets[euro]?.instrument, {
    ...instrument,
    tickSize: 10,
    maximumQuantity: 5,
    marginRate: 0.05,
  });
  assert.equal(venueMarketOf(state, euro).isTrading, false);
  assert.deepEqual(state.impairments, {});
  change(state, {});
  assert.equal(venueMarketOf(state, euro).isTrading, true);
});

test('an instrument that is counted otherwise is impaired and keeps its old figures', () => {
  for (const changes of [{ priceDecimals: 4 }, { quantityDecimals: 1 }, { contractSize: 2 }]) {
    const state = listed();
    change(state, changes);
    assert.deepEqual(state.markets[euro]?.instrument, instrument);
    assert.equal(impairmentOf(state, euro)?.reason, 'it is counted otherwise: a new filter');
  }
});

test('an instrument that is not listed is not changed', () => {
  const state = createState();
  change(state, {}, false);
  assert.deepEqual([state.venueMarkets, state.impairments], [{}, {}]);
});
