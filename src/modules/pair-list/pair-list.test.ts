import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { pairList } from './pair-list.ts';

const symbols = ['EUR_USD', 'GBP_USD', 'USD_JPY'];
const ids = ['EURUSD.OANDA', 'GBPUSD.OANDA', 'USDJPY.OANDA'];

function propose({ engine }: DeskFixture, value: readonly string[] = engine.state.instrumentIds) {
  return present(pairList.propose.universe, 'universe')(value, {}, contextFor(engine, 'pair-list'));
}

test('pairs without a bar are dropped as no-data', () => {
  const fixture = createDeskFixture([pairList], { symbols });
  fixture.minute({ EUR_USD: 110_000 });
  assert.deepEqual(propose(fixture), {
    value: ['EURUSD.OANDA'],
    entries: [
      { subject: 'GBPUSD.OANDA', code: 'no-data', value: null },
      { subject: 'USDJPY.OANDA', code: 'no-data', value: null },
    ],
  });
});

test('excluded pairs are dropped although they have data', () => {
  const fixture = createDeskFixture([pairList], { symbols, policies: { 'pair-list': { excluded: ['USD_JPY'] } } });
  fixture.minute({ EUR_USD: 110_000, GBP_USD: 130_000, USD_JPY: 150_000 });
  assert.deepEqual(propose(fixture), {
    value: ['EURUSD.OANDA', 'GBPUSD.OANDA'],
    entries: [{ subject: 'USDJPY.OANDA', code: 'excluded', value: null }],
  });
});

test('the same list comes back where nothing is dropped, in the order it had', () => {
  const fixture = createDeskFixture([pairList], { symbols });
  fixture.minute({ EUR_USD: 110_000, GBP_USD: 130_000, USD_JPY: 150_000 });
  const value = [...ids].reverse();
  const proposal = propose(fixture, value);
  assert.equal(proposal.value, value);
  assert.deepEqual(proposal.entries, []);
});

test('an instrument that is not listed has no data', () => {
  const fixture = createDeskFixture([pairList], { symbols });
  assert.deepEqual(propose(fixture, ['AUDUSD.OANDA']).value, []);
});

test('a standing drop is journalled once', () => {
  const fixture = createDeskFixture([pairList], { symbols: ['EUR_USD', 'GBP_USD'] });
  for (let minute = 0; minute < 5; minute += 1) fixture.minute({ EUR_USD: 110_000 + minute });
  assert.deepEqual(
    fixture.decisions().map(({ module, outcome }) => `${module} ${outcome}`),
    ['pair-list changed'],
  );
});
