import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addIncome,
  bookPosition,
  createLedger,
  HISTORY_ROWS_MAX,
  type IncomeRow,
  moveBalance,
  moveOtherAsset,
  positionOf,
} from './account-ledger.ts';

function ledger() {
  return createLedger({ asset: 'USDT', moneyDecimals: 8, balance: 100 });
}

test('a position is flat until something fills, and follows what does', () => {
  const account = ledger();
  assert.equal(positionOf(account, 'X').signedQuantity, 0);
  bookPosition(account, 'X', { side: 'buy', quantity: 10, price: 500, at: 1 });
  bookPosition(account, 'X', { side: 'sell', quantity: 15, price: 510, at: 2 });
  assert.equal(positionOf(account, 'X').signedQuantity, -5);
  assert.equal(account.positionUpdatedAt.get('X'), 2);
});

test('a balance moves by whole steps', () => {
  const account = ledger();
  moveBalance(account, -30, 5);
  assert.deepEqual([account.balance, account.updatedAt], [70, 5]);
  assert.throws(() => moveBalance(account, 0.5, 6), /whole number of steps/);
});

test('other assets are kept apart', () => {
  const account = ledger();
  assert.equal(moveOtherAsset(account, 'BNB', 5), 5);
  assert.equal(moveOtherAsset(account, 'BNB', -7), -2);
});

test('histories have an end: the oldest rows go', () => {
  const account = ledger();
  const row: IncomeRow = {
    symbol: '',
    incomeType: 'TRANSFER',
    income: '1',
    asset: 'USDT',
    at: 0,
    transactionId: 0,
    tradeId: '',
  };
  for (let index = 0; index < HISTORY_ROWS_MAX + 10_000; index += 1) addIncome(account, { ...row, at: index });
  assert.equal(account.incomes.length, HISTORY_ROWS_MAX);
  assert.equal(account.incomes[0]?.at, 10_000);
});
