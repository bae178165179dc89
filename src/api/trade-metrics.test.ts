import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import { requestOf } from '../../tests/support/desk-events.ts';
import { exampleScene } from '../../tests/support/example-metrics.ts';
import { scrape } from '../../tests/support/prometheus-text.ts';
import { TradeMetrics, type TradeScene } from './trade-metrics.ts';

const at = Date.UTC(2026, 0, 13, 8);
const hourMs = 3_600_000;

/** What stands in the text after some events: each series with its labels, and its value. */
async function toldOf(events: readonly Event[], scene: Partial<TradeScene> = {}): Promise<Record<string, number>> {
  const metrics = new TradeMetrics({ ...exampleScene, ...scene });
  for (const event of events) metrics.observe(event);
  const told: Record<string, number> = {};
  for (const { samples } of scrape(await metrics.registry.metrics()).values()) {
    for (const { series, labels, value } of samples) {
      told[
        [
          series,
          ...Object.keys(labels)
            .sort()
            .map((label) => labels[label]),
        ].join(' ')
      ] = value;
    }
  }
  return told;
}

function tripOf(changed: Partial<EventByType['roundTrip.closed']> = {}): Event {
  return {
    type: 'roundTrip.closed',
    at,
    instrument: 'EURUSD.OANDA',
    direction: 'long',
    openedAt: at - 90_000,
    quantity: 1000,
    entryPrice: 110_000,
    exitPrice: 110_500,
    realizedPnl: 5_000_000,
    fees: 0,
    financing: 0,
    spreadCost: 0,
    maximumAdverse: 0,
    maximumFavorable: 8_000_000,
    reason: 'exit',
    ...changed,
  };
}

function barOf(openAt: number): Event {
  const prices = { open: 110_000, high: 110_000, low: 110_000, close: 110_000, volume: 1, spread: 10 };
  return { type: 'bar.closed', at: openAt + 60_000, instrument: 'EURUSD.OANDA', openAt, ...prices };
}

test('a round trip is counted with its profit, its size in dollars, its duration and how much of it was brought home', async () => {
  const told = await toldOf([
    tripOf(),
    tripOf({ direction: 'short', realizedPnl: -2_500_000, maximumFavorable: 2_000_000 }),
  ]);
  assert.equal(told['quantum_trader_trade_total long EUR_USD'], 1);
  assert.equal(told['quantum_trader_trade_total short EUR_USD'], 1);
  assert.equal(told['quantum_trader_trade_pnl_sum EUR_USD'], 2.5);
  assert.equal(told['quantum_trader_trade_pnl_bucket EUR_USD -3'], 0);
  assert.equal(told['quantum_trader_trade_pnl_bucket EUR_USD 0'], 1);
  assert.equal(told['quantum_trader_trade_pnl_bucket EUR_USD 10'], 2);
  assert.equal(told['quantum_trader_trade_size_usd_sum EUR_USD'], 2200);
  assert.equal(told['quantum_trader_trade_duration_sec_sum EUR_USD'], 180);
  assert.equal(told['sep_exit_efficiency EUR_USD'], 0.25);
});

test('a size in another currency comes to dollars by the price of the moment, and is left out without one', async () => {
  const trip = tripOf({ instrument: 'USDJPY.OANDA', entryPrice: 150_000 });
  assert.equal((await toldOf([trip]))['quantum_trader_trade_size_usd_sum USD_JPY'], 1000);
  const unpriced = await toldOf([trip], { midPriceOf: () => undefined });
  assert.equal(unpriced['quantum_trader_trade_size_usd_count USD_JPY'], undefined);
  assert.equal(unpriced['quantum_trader_trade_duration_sec_count USD_JPY'], 1);
});

test('before the desk has a policy its money cannot be counted', async () => {
  const told = await toldOf([tripOf()], { moneyDecimals: () => undefined });
  assert.equal(told['quantum_trader_trade_pnl_count EUR_USD'], undefined);
  assert.equal(told['quantum_trader_trade_total long EUR_USD'], 1);
});

test('entries, rejections and differences with the venue are counted', async () => {
  const told = await toldOf([
    { type: 'order.submitted', at, order: requestOf() },
    { type: 'order.submitted', at, order: requestOf({ purpose: 'exit' }) },
    { type: 'order.rejected', at, clientOrderId: 'o1', code: 'MARKET_HALTED', reason: '' },
    { type: 'venue.reconciled', at, balance: 0, positions: [], openOrderIds: [], differences: ['a', 'b'] },
  ]);
  assert.equal(told['sep_strategy_entry_total'], 1);
  assert.equal(told['sep_order_reject_total MARKET_HALTED'], 1);
  assert.equal(told['tradewind_reconcile_differences_total'], 2);
});

test('codes of a venue are bounded', async () => {
  const codes = Array.from({ length: 100 }, (_, place) => `CODE_${place}`);
  const told = await toldOf(
    codes.map((code) => ({ type: 'order.rejected', at, clientOrderId: 'o', code, reason: '' })),
  );
  const series = Object.keys(told).filter((name) => name.startsWith('sep_order_reject_total'));
  assert.equal(series.length, 65);
  assert.equal(told['sep_order_reject_total other'], 36);
});

test('a gate that begins to block is counted under its reason', async () => {
  const gate = { module: 'spread-gate', slot: 'gate', mode: 'ACTIVE', outcome: 'changed', reason: '' } as const;
  const entries = [{ subject: 'EURUSD.OANDA', code: 'spread-wide', value: 3 }];
  const told = await toldOf([{ type: 'module.decided', at, ...gate, entries }]);
  assert.equal(told['sep_guard_block_total EUR_USD spread-wide'], 1);
});

test('more than an hour between two bars is a gap', async () => {
  const told = await toldOf([barOf(at), barOf(at + hourMs), barOf(at + 2 * hourMs + 60_000)]);
  assert.equal(told['sep_candle_gap_total'], 1);
});

test('the change of equity over a week follows the clock', () => {
  let equity: number | undefined;
  const metrics = new TradeMetrics({ ...exampleScene, equity: () => equity });
  metrics.observe({ type: 'time.ticked', at: at - hourMs });
  for (let hour = 0; hour <= 168; hour += 1) {
    equity = 1000 + hour;
    metrics.observe({ type: 'time.ticked', at: at + hour * hourMs });
    metrics.observe({ type: 'time.ticked', at: at + hour * hourMs + 30_000 });
    assert.equal(metrics.navChange(), hour < 168 ? undefined : 168);
  }
});
