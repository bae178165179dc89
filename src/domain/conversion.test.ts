import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversionRate, quoteToMoney } from './conversion.ts';
import { fxInstrument } from './instrument.ts';

const eurUsd = fxInstrument('EUR_USD');
const usdJpy = fxInstrument('USD_JPY');
const eurJpy = fxInstrument('EUR_JPY');
const all = [eurJpy, eurUsd, usdJpy];
const mids = new Map([
  [eurUsd.id, 110_000],
  [usdJpy.id, 110_000],
]);

test('a profit in dollars keeps its value in a dollar account', () => {
  const rate = conversionRate('USD', 'USD', all, () => undefined);
  assert.deepEqual(rate, { numerator: 1, denominator: 1 });
  assert.equal(quoteToMoney(100_000, eurUsd, { numerator: 1, denominator: 1 }, 6), 1_000_000);
});

test('a yen profit of a cross is divided by the dollar-yen price', () => {
  const rate = conversionRate('JPY', 'USD', all, (instrument) => mids.get(instrument.id));
  assert.deepEqual(rate, { numerator: 1000, denominator: 110_000 });
  if (rate === undefined) return;
  assert.equal(quoteToMoney(110_000_000, eurJpy, rate, 6), 1_000_000_000);
});

test('a currency without a price has no rate', () => {
  assert.equal(
    conversionRate('CHF', 'USD', all, () => undefined),
    undefined,
  );
});
