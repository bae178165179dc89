import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeskFixture } from '../../../tests/support/desk-fixture.ts';
import { foldKeys, tailOf } from '../../../tests/support/key-fold.ts';
import { createKeysState, symbolOf } from './keys-state.ts';

test('a fresh state is plain JSON and knows nothing', () => {
  const state = createKeysState();
  assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
  assert.equal(symbolOf(state, 'EURUSD.OANDA'), undefined);
});

test('an instrument is called by its symbol once it is listed, and listed once', () => {
  const { setUpEvents } = createDeskFixture([]);
  const listings = setUpEvents.filter(({ type }) => type === 'instrument.listed');
  const { state } = foldKeys(tailOf([...setUpEvents, ...listings]));
  assert.equal(symbolOf(state, 'EURUSD.OANDA'), 'EUR_USD');
  assert.deepEqual(state.instrumentIds, ['EURUSD.OANDA', 'USDJPY.OANDA']);
});
