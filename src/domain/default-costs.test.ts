import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfiguration } from './configuration/read-configuration.ts';
import { costsSchema, medianSpreadBps, spreadTicksAt } from './costs.ts';
import { defaultCosts } from './default-costs.ts';
import { fxInstrument } from './instrument.ts';

const universe = Object.keys(defaultCosts.instruments);

/** Spread in pips at a UTC time of the week of Monday 2018-06-04. */
function pips(symbol: string, day: number, hour: number): number {
  return spreadTicksAt(defaultCosts, fxInstrument(symbol), Date.UTC(2018, 5, 4 + day, hour)) / 10;
}

test('the table is a valid document with a week for each instrument of the default universe', () => {
  assert.deepEqual(costsSchema.parse(defaultCosts), defaultCosts);
  const pairs = readConfiguration({}).values.get('HOTBAND_PAIRS')?.value;
  assert.deepEqual(universe.slice().sort(), (pairs as readonly string[]).slice().sort());
  for (const symbol of universe) assert.equal(defaultCosts.instruments[symbol]?.spreadPips.length, 168, symbol);
});

test('recorded spreads stand as they were measured', () => {
  assert.equal(pips('EUR_USD', 1, 12), 1.3);
  assert.equal(pips('EUR_USD', 2, 22), 2.9);
  assert.equal(pips('EUR_USD', 4, 20), 3.7);
  assert.equal(pips('EUR_USD', 6, 22), 6.2);
  assert.equal(pips('NZD_USD', 0, 8), 1.7);
  assert.equal(pips('NZD_USD', 6, 21), 10.4);
});

test('scaled curves keep their shape around the usual spread', () => {
  assert.equal(pips('GBP_USD', 1, 17), 1.8);
  assert.equal(pips('GBP_USD', 1, 3), 2.3);
  assert.equal(pips('GBP_USD', 1, 21), 4.4);
  assert.equal(pips('USD_JPY', 1, 10), 1.4);
  assert.equal(pips('USD_JPY', 1, 22), 5.6);
  assert.equal(pips('USD_CHF', 1, 21), 3.4);
});

test('the hours around the New York close are dearer than the day', () => {
  for (const symbol of universe) {
    for (const hour of [21, 22]) assert.ok(pips(symbol, 2, hour) > 1.4 * pips(symbol, 2, 12), `${symbol} ${hour}`);
    assert.ok(pips(symbol, 6, 22) > 2 * pips(symbol, 2, 12), `${symbol} at the open of the week`);
  }
});

test('hours without a market do not move the median', () => {
  assert.equal(medianSpreadBps(defaultCosts, fxInstrument('EUR_USD'), 140_000), 1);
  assert.equal(Math.round(medianSpreadBps(defaultCosts, fxInstrument('GBP_USD'), 180_000) * 1e9), 1e9);
});

test('every figure is a tenth of a pip and no instrument is cheaper than EUR_USD', () => {
  for (const symbol of universe) {
    const { spreadPips = [] } = defaultCosts.instruments[symbol] ?? {};
    assert.ok(spreadPips.every((figure) => Math.round(figure * 10) / 10 === figure && figure >= 1));
    const median = spreadPips.slice().sort((a, b) => a - b)[83] ?? 0;
    assert.ok(median >= 1.4, `${symbol} ${median}`);
  }
});

test('an unlisted instrument costs more than any listed one by day', () => {
  const unlisted = pips('EUR_NZD', 1, 12);
  for (const symbol of universe) assert.ok(unlisted > pips(symbol, 1, 12), symbol);
});

test('every currency of the universe has a rate', () => {
  for (const symbol of universe) {
    for (const currency of symbol.split('_')) assert.ok(currency in defaultCosts.financingRates, currency);
  }
});
