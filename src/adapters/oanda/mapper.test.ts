import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { present } from '#base/assert.ts';
import { instrumentSchema } from '#domain/instrument.ts';
import {
  averagePriceOf,
  instrumentIdOf,
  mapInstrument,
  moneyOf,
  priceOf,
  priceText,
  unitsOf,
  unitsText,
} from './mapper.ts';

const listed = {
  name: 'EUR_USD',
  type: 'CURRENCY',
  displayPrecision: 5,
  pipLocation: -4,
  tradeUnitsPrecision: 0,
  minimumTradeSize: '1',
  maximumOrderUnits: '100000000',
  maximumPositionSize: '0',
  marginRate: '0.05',
  minimumTrailingStopDistance: '0.00050',
  maximumTrailingStopDistance: '1.00000',
};
const euro = present(mapInstrument(listed), 'EUR_USD');

test('a listed instrument keeps its decimals, sizes and margin', () => {
  assert.deepEqual(euro, {
    id: 'EURUSD.OANDA',
    symbol: 'EUR_USD',
    venue: 'OANDA',
    kind: 'fx',
    baseCurrency: 'EUR',
    quoteCurrency: 'USD',
    priceDecimals: 5,
    quantityDecimals: 0,
    tickSize: 1,
    lotSize: 1,
    minimumQuantity: 1,
    maximumQuantity: 100_000_000,
    pipDecimals: 4,
    contractSize: 1,
    marginRate: 0.05,
  });
  instrumentSchema.parse(euro);
});

test('an index with tenths of units keeps them', () => {
  const index = mapInstrument({
    ...listed,
    name: 'DE30_EUR',
    displayPrecision: 1,
    pipLocation: 0,
    tradeUnitsPrecision: 1,
    minimumTradeSize: '0.1',
    maximumOrderUnits: '2500',
  });
  assert.equal(index?.id, 'DE30EUR.OANDA');
  assert.equal(index?.minimumQuantity, 1);
  assert.equal(index?.maximumQuantity, 25_000);
  assert.equal(index?.pipDecimals, 0);
});

test('an instrument with a figure that cannot be is none', () => {
  for (const change of [
    { name: 'EURUSD' },
    { displayPrecision: 11 },
    { tradeUnitsPrecision: -1 },
    { minimumTradeSize: '0' },
    { minimumTradeSize: '0.5' },
    { maximumOrderUnits: 'many' },
    { marginRate: '0' },
    { marginRate: '1.5' },
    { marginRate: 'NaN' },
  ])
    assert.equal(mapInstrument({ ...listed, ...change }), undefined, JSON.stringify(change));
});

test('only a symbol of two currencies has an id', () => {
  assert.equal(instrumentIdOf('EUR_USD'), 'EURUSD.OANDA');
  for (const symbol of ['EURUSD', 'EUR/USD', 'eur_usd', '__proto__', ''])
    assert.equal(instrumentIdOf(symbol), undefined);
});

test('F74: a price is written from whole ticks, so that it never has more digits than the venue takes', () => {
  const yen = { ...euro, priceDecimals: 3 };
  assert.equal(priceText(110_800, yen), '110.800');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.integer({ min: 0, max: 6 }), (price, priceDecimals) => {
      const instrument = { ...euro, priceDecimals };
      const text = priceText(price, instrument);
      return (text.split('.')[1]?.length ?? 0) === priceDecimals && priceOf(text, instrument) === price;
    }),
  );
});

test('F76: units have the decimals of the instrument and the sign of the side', () => {
  assert.equal(unitsText('sell', 100, euro), '-100');
  assert.equal(unitsText('buy', 25, { ...euro, quantityDecimals: 1 }), '2.5');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 4 }), (quantity, quantityDecimals) => {
      const instrument = { ...euro, quantityDecimals };
      return (
        unitsOf(unitsText('buy', quantity, instrument), instrument) === quantity &&
        unitsOf(unitsText('sell', quantity, instrument), instrument) === -quantity
      );
    }),
  );
});

test('F78: what is no price is none', () => {
  for (const text of ['0', '0.00000', '-37.63', '1e12', 'NaN', '', '110.79999999999999', '9'.repeat(20)])
    assert.equal(priceOf(text, euro), undefined, text);
  assert.equal(priceOf('1.11914', euro), 111_914);
});

test('an average price is rounded to the nearest tick, money half to even', () => {
  assert.equal(averagePriceOf('1.119145', euro), 111_914);
  assert.equal(averagePriceOf('1.119155', euro), 111_916);
  const figures = { moneyDecimals: 2, instrumentOf: () => euro };
  assert.equal(moneyOf('33848.1250', figures), 3_384_812);
  assert.equal(moneyOf('-0.1455', figures), -15);
  assert.equal(moneyOf(undefined, figures), undefined);
});
