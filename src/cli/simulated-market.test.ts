import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedMarket } from './simulated-market.ts';

const usual = { seed: 3, speed: 1, balance: 50_000, quotesPerMinute: 60 } as const;

test('a currency market has an account in dollars and five weeks of bars behind it', () => {
  const { floor, time, symbols } = simulatedMarket({ ...usual, venue: 'oanda', symbols: ['EUR_USD', 'USD_JPY'] });
  floor.start();
  floor.stop();
  const now = time.now();
  const bars = floor.history('EURUSD.OANDA', 0, now);
  assert.ok(bars.length > 30_000, String(bars.length));
  assert.ok(bars.every(({ low, high, spread }) => low > 90_000 && high < 140_000 && spread > 0));
  assert.deepEqual(symbols, ['EUR_USD', 'USD_JPY']);
  assert.deepEqual([floor.state.accountCurrency, floor.ledger().balance], ['USD', 500_000_000]);
  assert.ok((floor.book('USDJPY.OANDA')?.bidPrice ?? 0) > 100_000);
});

test('a perpetual market never closes, and its prices are in the decimals of the coins', () => {
  const { floor, time } = simulatedMarket({ ...usual, venue: 'binance', symbols: ['BTCUSDT', 'XRPUSDT'] });
  floor.start();
  floor.stop();
  const bars = floor.history('BTCUSDT-PERP.BINANCE', 0, time.now());
  assert.equal(bars.length, 35 * 1_440);
  assert.equal(bars[0]?.open, 620_000);
  assert.equal(floor.history('XRPUSDT-PERP.BINANCE', 0, time.now())[0]?.open, 5_500);
  assert.equal(floor.state.calendar, null);
  assert.equal(floor.ledger().balance, 50_000_00_000_000);
});

test('the same seed makes the same market of an hour', () => {
  const closes = (seed: number): number[] => {
    const market = simulatedMarket({ ...usual, seed, venue: 'binance', symbols: ['BTCUSDT'] });
    market.floor.start();
    market.floor.stop();
    return market.floor
      .history('BTCUSDT-PERP.BINANCE', 0, Infinity)
      .slice(0, 60)
      .map(({ close }) => close);
  };
  assert.deepEqual(closes(3), closes(3));
  assert.notDeepEqual(closes(3), closes(4));
});
