import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument, fxInstrumentId, instrumentSchema, pipTicks } from './instrument.ts';

test('yen pairs carry three decimals and others five', () => {
  assert.equal(fxInstrument('USD_JPY').priceDecimals, 3);
  assert.equal(fxInstrument('EUR_JPY').pipDecimals, 2);
  assert.equal(fxInstrument('EUR_USD').priceDecimals, 5);
  assert.equal(pipTicks(fxInstrument('EUR_USD')), 10);
});

test('every listed pair satisfies the schema', () => {
  for (const symbol of ['EUR_USD', 'USD_JPY', 'EUR_JPY', 'NZD_USD']) instrumentSchema.parse(fxInstrument(symbol));
});

test('both spellings give one id', () => {
  assert.equal(fxInstrumentId('EUR_USD'), 'EURUSD.OANDA');
  assert.equal(fxInstrumentId('EURUSD.OANDA'), 'EURUSD.OANDA');
  assert.equal(fxInstrumentId('eurusd'), undefined);
});

test('a malformed pair is refused with what was found', () => {
  assert.throws(() => fxInstrument('EURUSD'), /found 'EURUSD'/);
});
