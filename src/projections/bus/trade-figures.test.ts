import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatPosition } from '#domain/position.ts';
import type { BusInstrument, OpenTrade } from './bus-state.ts';
import { closedFigures, endFigures, moneyOf, openedFigures, updatedFigures } from './trade-figures.ts';

const instrument: BusInstrument = {
  symbol: 'EUR_USD',
  quoteCurrency: 'USD',
  priceDecimals: 5,
  quantityDecimals: 0,
  contractSize: 1,
  lastPrice: 109_950,
  lastOpenAt: 0,
};
const money = { currency: 'EUR', decimals: 6 };
const trade: OpenTrade = {
  tradeId: 'trade-1',
  position: {
    ...flatPosition('EURUSD.OANDA'),
    signedQuantity: -1_000,
    cost: 110_000_000,
    openedAt: 1_000,
    strategy: 's',
  },
  openedQuantity: 1_000,
  openedCost: 110_000_000,
  closedQuantity: 1_000,
  closedValue: 109_900_000,
  realizedPnl: 900_000,
  fees: 0,
  funding: 0,
  stopPrice: 110_050,
  targetPrice: null,
  firstStopPrice: 110_100,
  lowestPrice: 109_800,
  highestPrice: 110_050,
};
const end = { sign: -1, at: 61_000, reason: 'takeProfit' };

test('a short trade gains where the price falls', () => {
  const figures = closedFigures({ trade, instrument, money }, end);
  assert.deepEqual([figures.R, figures.mae_R, figures.mfe_R], [1, -0.5, 2]);
  assert.equal(figures.pnl_frac, 100 / 110_000);
  assert.equal(figures.duration_s, 60);
});

test('profit in dollars is told only by an account in dollars', () => {
  const figures = closedFigures({ trade, instrument, money }, end);
  assert.deepEqual([figures.pnl, figures.currency, figures.pnl_usd], [0.9, 'EUR', null]);
  const dollars = closedFigures({ trade, instrument, money: { ...money, currency: 'USD' } }, end);
  assert.equal(dollars.pnl_usd, 0.9);
});

test('without a stop there is no R', () => {
  const bare = { ...trade, firstStopPrice: null };
  const figures = closedFigures({ trade: bare, instrument, money }, end);
  assert.deepEqual([figures.R, figures.mae_R, figures.mfe_R], [null, null, null]);
  assert.equal(updatedFigures({ trade: bare, instrument, money }).R, null);
});

test('an open trade is told with its size, its stop and where it stands', () => {
  assert.partialDeepStrictEqual(openedFigures({ trade, instrument, money }), {
    side: 'SHORT',
    qty: 1_000,
    sl: 1.1005,
    tp: [],
  });
  assert.equal(updatedFigures({ trade, instrument, money }).R, 0.5);
});

test('what ended out of sight has no figures of its end', () => {
  const figures = endFigures({ trade, instrument, money: null }, end);
  assert.deepEqual([figures.exit_price, figures.pnl, figures.R, figures.fees], [null, null, null, null]);
  assert.equal(moneyOf(null, 1), null);
  assert.equal(moneyOf(money, 1_500_000), 1.5);
});
