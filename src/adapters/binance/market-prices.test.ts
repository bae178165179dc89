import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { Impairments } from './impairments.ts';
import { MarketPrices, pricesStaleMs, quoteEveryMs } from './market-prices.ts';

function scene() {
  const rest = restScene();
  const inputs: VenueInput[] = [];
  const tell = (input: VenueInput): void => void inputs.push(input);
  const context = {
    time: rest.clock,
    rest: rest.rest,
    markets: rest.book.markets,
    impairments: new Impairments(tell),
    tell,
    onNotice: rest.onNotice,
  };
  const prices = new MarketPrices(context, ['BTCUSDT']);
  let id = 1;
  const quote = (b: string, a: string, u = id++) => prices.onBookTicker({ e: 'bookTicker', s: 'BTCUSDT', u, b, a });
  const mark = (p: string, E = rest.clock.now()) =>
    prices.onMarkPrice({ e: 'markPriceUpdate', E, s: 'BTCUSDT', p, r: '0.0001', T: E + 1 });
  const bids = () => inputs.flatMap((input) => (input.type === 'quote.updated' ? [input.bidPrice] : []));
  const kinds = () => inputs.map(({ type }) => type);
  rest.server.on('GET /fapi/v1/premiumIndex', () => ({
    body: { symbol: 'BTCUSDT', markPrice: '50000.0', lastFundingRate: '0.0001', nextFundingTime: 5 },
  }));
  rest.server.on('GET /fapi/v1/ticker/bookTicker', () => ({
    body: { symbol: 'BTCUSDT', bidPrice: '49000.0', askPrice: '49000.1' },
  }));
  return { ...rest, prices, inputs, quote, mark, bids, kinds };
}

test('one quote is told in a quarter of a second, and the last one wins', async () => {
  const { quote, bids, clock } = scene();
  quote('50000.0', '50000.1');
  quote('50001.0', '50001.1');
  quote('50002.0', '50002.1');
  assert.deepEqual(bids(), [500_000]);
  await clock.pass(quoteEveryMs);
  assert.deepEqual(bids(), [500_000, 500_020]);
  await clock.pass(10 * quoteEveryMs);
  assert.equal(bids().length, 2);
});

test('of two sockets side by side the one behind is not heard', () => {
  const { quote, bids } = scene();
  quote('50000.0', '50000.1', 10);
  quote('49000.0', '49000.1', 9);
  assert.deepEqual(bids(), [500_000]);
});

test('a quote that cannot be is put aside and proves no life (F78)', async () => {
  const { quote, kinds, prices, clock, inputs } = scene();
  await clock.pass(pricesStaleMs);
  quote('0', '50000.1');
  prices.watch();
  assert.deepEqual(kinds(), ['message.quarantined', 'venue.impaired']);
  assert.ok(!inputs.some(({ type }) => type === 'quote.updated'));
});

test('a quote far from the mark price is put aside, but not from a mark price that is old', async () => {
  const { quote, mark, bids, clock } = scene();
  mark('50000.0');
  quote('10.0', '10.1');
  assert.deepEqual(bids(), []);
  await clock.pass(61_000);
  quote('10.0', '10.1');
  assert.deepEqual(bids(), [100]);
});

test('either stream being silent for ten seconds is told, and its return as well (F32)', async () => {
  const { quote, mark, kinds, prices, clock } = scene();
  quote('50000.0', '50000.1');
  await clock.pass(pricesStaleMs - 1);
  prices.watch();
  assert.deepEqual(kinds(), ['quote.updated']);
  await clock.pass(1);
  quote('50000.0', '50000.1');
  prices.watch();
  assert.equal(kinds().includes('venue.impaired'), true);
  mark('50000.0');
  prices.watch();
  assert.equal(kinds().at(-1), 'venue.restored');
});

test('while the streams are silent prices are asked for, and that makes nothing whole again', async () => {
  const { prices, clock, bids, server, kinds } = scene();
  await clock.pass(pricesStaleMs);
  prices.watch();
  await clock.pass(10);
  assert.deepEqual(bids(), [490_000]);
  assert.equal(prices.markPriceOf('BTCUSDT'), 500_000);
  prices.watch();
  assert.equal(server.askedOf('GET /fapi/v1/premiumIndex').length, 1);
  await clock.pass(5_000);
  prices.watch();
  await clock.pass(10);
  assert.equal(server.askedOf('GET /fapi/v1/premiumIndex').length, 2);
  assert.equal(kinds().includes('venue.restored'), false);
});

test('a mark price that is late among its own is not told', () => {
  const { mark, kinds, prices, clock } = scene();
  mark('50000.0', clock.now());
  mark('49000.0', clock.now() - 1_000);
  assert.deepEqual(kinds(), ['mark.updated']);
  assert.equal(prices.markPriceOf('BTCUSDT'), 500_000);
  assert.equal(prices.markPriceOf('ETHUSDT'), undefined);
});

test('what cannot be read is put aside, what is of other symbols is not heard', () => {
  const { prices, kinds } = scene();
  prices.onBookTicker({ e: 'bookTicker' });
  prices.onMarkPrice({ e: 'markPriceUpdate' });
  prices.onBookTicker({ e: 'bookTicker', s: 'ETHUSDT', b: '1', a: '2' });
  assert.deepEqual(kinds(), ['message.quarantined', 'message.quarantined']);
});
