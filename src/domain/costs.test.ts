import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Costs, costsSchema, hourOfWeek, medianSpreadBps, slippageTicks, spreadTicksAt } from './costs.ts';
import { fxInstrument } from './instrument.ts';

const hours = Array.from({ length: 168 }, (_, hour) => (hour === 21 ? 5 : 1.2));
const costs: Costs = costsSchema.parse({
  instruments: { EUR_USD: { spreadPips: hours, slippagePips: 0.2, commissionPerMillion: 0 } },
  otherwise: { spreadPips: [2], slippagePips: 0.2, commissionPerMillion: 0 },
  financingRates: { EUR: 0, USD: 0.02 },
  financingMarkup: 0.025,
  latencyMs: 250,
  closeOutFraction: 0.5,
});
const eurUsd = fxInstrument('EUR_USD');

test('the week begins on Monday 00:00 UTC', () => {
  assert.equal(hourOfWeek(Date.UTC(2026, 10, 16)), 0);
  assert.equal(hourOfWeek(Date.UTC(2026, 10, 22, 23, 59)), 167);
});

test('the spread follows the hour of the week', () => {
  assert.equal(spreadTicksAt(costs, eurUsd, Date.UTC(2026, 10, 16, 20, 59)), 12);
  assert.equal(spreadTicksAt(costs, eurUsd, Date.UTC(2026, 10, 16, 21)), 50);
});

test('an instrument outside the table pays the common figure in its own pips', () => {
  assert.equal(spreadTicksAt(costs, fxInstrument('USD_JPY'), 0), 20);
  assert.equal(slippageTicks(costs, fxInstrument('USD_JPY')), 2);
});

test('the median spread is a fraction of the price in basis points', () => {
  assert.equal(medianSpreadBps(costs, eurUsd, 120_000), 1);
});

test('a curve of another length is refused', () => {
  assert.throws(
    () => costsSchema.parse({ ...costs, otherwise: { ...costs.otherwise, spreadPips: [1, 2] } }),
    /one figure or 168/,
  );
});
