import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { createRecordsState, learnFigures, moneyOf, priceOf, quantityOf } from './records-state.ts';

const listed = { type: 'instrument.listed', at: 1, hasVolume: true, priceBasis: 'bid' } as const;

test('figures are decimals of what was listed, and unknown before', () => {
  const state = createRecordsState();
  assert.deepEqual(
    [priceOf(state, 'USDJPY.OANDA', 1), quantityOf(state, 'USDJPY.OANDA', 1), moneyOf(state, 1)],
    [null, null, null],
  );
  learnFigures(state, { ...listed, instrument: fxInstrument('USD_JPY') });
  state.money = { accountCurrency: 'USD', decimals: 6 };
  assert.equal(priceOf(state, 'USDJPY.OANDA', 150_123), 150.123);
  assert.equal(priceOf(state, 'USDJPY.OANDA', null), null);
  assert.equal(quantityOf(state, 'USDJPY.OANDA', -7), -7);
  assert.equal(moneyOf(state, -1_500_000), -1.5);
});

test('an instrument is listed once', () => {
  const state = createRecordsState();
  learnFigures(state, { ...listed, instrument: fxInstrument('EUR_USD') });
  learnFigures(state, { ...listed, instrument: { ...fxInstrument('EUR_USD'), priceDecimals: 2 } });
  assert.equal(priceOf(state, 'EURUSD.OANDA', 110_000), 1.1);
});

test('a new state is plain data', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(createRecordsState())), createRecordsState());
});
