import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payloadsOf } from '../../../tests/support/bus-fold.ts';
import { euro } from '../../../tests/support/desk-events.ts';
import { barOf } from '../../../tests/support/desk-fixture.ts';
import { type FoldedDesk, foldedDesk } from '../../../tests/support/folded-desk.ts';
import { notionalOf, priceOf, quantityOf, timeframeOf } from './tell-market.ts';

function scene(): FoldedDesk {
  const made = foldedDesk();
  made.tell({ type: 'time.ticked', at: made.fixture.at });
  return made;
}

test('a bar is a tick of its close with the bar in it', () => {
  const desk = scene();
  const bar = barOf('EUR_USD', 110_005, desk.fixture.at);
  assert.deepEqual(payloadsOf(desk.send(bar), 'market.tick'), [
    {
      symbol: 'EUR_USD',
      price: 1.10005,
      volume_24h: null,
      change_24h_frac: null,
      bid: null,
      ask: null,
      ohlcv: { open_at: bar.openAt, open: 1.10005, high: 1.10015, low: 1.09995, close: 1.10005, volume: 100 },
      timeframe: 'M1',
    },
  ]);
});

test('a bar that is told again, or late, is no tick', () => {
  const desk = scene();
  const bar = barOf('EUR_USD', 110_005, desk.fixture.at);
  desk.send(bar);
  assert.deepEqual(payloadsOf(desk.send(bar, { ...bar, openAt: bar.openAt - 60_000 }), 'market.tick'), []);
});

test('a quote is a tick of its middle, and one with crossed sides is none', () => {
  const desk = scene();
  const quote = {
    type: 'quote.updated',
    at: desk.fixture.at,
    instrument: euro,
    bidPrice: 110_000,
    askPrice: 110_010,
  } as const;
  const [tick] = payloadsOf(desk.send(quote), 'market.tick');
  assert.partialDeepStrictEqual(tick, { price: 1.10005, bid: 1.1, ask: 1.1001, ohlcv: null, timeframe: null });
  assert.deepEqual(payloadsOf(desk.send({ ...quote, askPrice: 109_999 }), 'market.tick'), []);
});

test('what is not listed is not told', () => {
  const desk = scene();
  assert.deepEqual(desk.tell(barOf('GBP_USD', 125_000, desk.fixture.at)), []);
});

test('figures are decimal outside', () => {
  const instrument = scene().state.instruments['USDJPY.OANDA'];
  assert.ok(instrument !== undefined);
  assert.equal(priceOf(instrument, 150_250), 150.25);
  assert.equal(quantityOf(instrument, -1_000), -1_000);
  assert.equal(notionalOf(instrument, 2_000, 150_250), 300_500);
});

test('a timeframe without a name is not told', () => {
  assert.equal(timeframeOf({ barIntervalMs: 300_000 }), 'M5');
  assert.equal(timeframeOf({ barIntervalMs: 7 }), null);
  assert.equal(timeframeOf({ barIntervalMs: null }), null);
});
