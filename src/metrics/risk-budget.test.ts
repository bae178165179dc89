import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marginOfBase, riskBudget } from './risk-budget.ts';

test('the budget is thirty percent of the smaller of balance and free margin', () => {
  assert.deepEqual(riskBudget({ balance: 120_000, marginUsed: 5_000, marginAvailable: 100_000 }, 0.3), {
    balance: 120_000,
    marginAvailable: 100_000,
    targetFraction: 0.3,
    budget: 30_000,
  });
  assert.equal(riskBudget({ balance: 80_000, marginUsed: 0, marginAvailable: 100_000 }, 0.3).budget, 24_000);
});

test('on the base of equity the margin in use counts as well', () => {
  const figures = { balance: 100_000, marginUsed: 10_000, marginAvailable: 90_000 };
  assert.equal(riskBudget(figures, 0.3, 'margin').budget, 27_000);
  assert.equal(riskBudget(figures, 0.3, 'equity').budget, 30_000);
  assert.equal(marginOfBase(figures, 'equity'), 100_000);
});

test('an account below zero has no budget', () => {
  assert.equal(riskBudget({ balance: -5, marginUsed: 0, marginAvailable: 0 }, 0.3).budget, 0);
  assert.equal(marginOfBase({ balance: 0, marginUsed: 0, marginAvailable: -1 }, 'margin'), 0);
});
