import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BracketSettings, bracketDistances } from './bracket-levels.ts';

const settings: BracketSettings = {
  bracketMode: 'atr',
  bracketMultiple: 1.5,
  bracketRewardRisk: 2,
  stopLossPips: 15,
};

test('an atr bracket is a multiple of the average true range', () => {
  assert.deepEqual(bracketDistances(settings, 0.0004, 0.0001, 1.1), { stop: 1.5 * 0.0004, target: 2 * (1.5 * 0.0004) });
});

test('a fixed bracket counts pips, whatever the range', () => {
  const fixed: BracketSettings = { ...settings, bracketMode: 'fixed' };
  assert.deepEqual(bracketDistances(fixed, 0.0004, 0.01, 150), { stop: 15 * 0.01, target: 30 * 0.01 });
});

test('a range of zero, below zero or unknown falls back to pips', () => {
  for (const range of [0, -1, Number.NaN]) {
    assert.deepEqual(bracketDistances(settings, range, 10, 110_000), { stop: 150, target: 300 });
  }
});

test('a distance never exceeds half of the price', () => {
  assert.deepEqual(bracketDistances(settings, 1, 0.0001, 1.1), { stop: 0.55, target: 0.55 });
  assert.deepEqual(bracketDistances(settings, 0.3, 0.0001, 1.1), { stop: 1.5 * 0.3, target: 0.55 });
});

test('pips and prices above zero are asked for', () => {
  assert.throws(() => bracketDistances(settings, 1, 0, 1), /a pip is above 0/);
  assert.throws(() => bracketDistances(settings, 1, 1, 0), /a price is above 0/);
});

test('prices and ticks give the same bracket', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 50_000, max: 200_000 }), (range, price) => {
      const ticks = bracketDistances(settings, range, 10, price);
      const prices = bracketDistances(settings, range / 100_000, 0.0001, price / 100_000);
      assert.ok(Math.abs(ticks.stop - prices.stop * 100_000) < 1e-6);
      assert.ok(Math.abs(ticks.target - prices.target * 100_000) < 1e-6);
    }),
  );
});
