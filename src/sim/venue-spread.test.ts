import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PriceBasis } from '#domain/bar.ts';
import { askAround, bidAround } from '#domain/quote-around.ts';
import { eurUsd, noonAt, plainCosts, venueRequest } from '../../tests/support/venue-scene.ts';
import { barPrices, barSpread, basisOf, worsePrice } from './venue-spread.ts';
import { type Book, createVenueState } from './venue-state.ts';

const bar = {
  instrument: eurUsd,
  openAt: noonAt,
  open: 110_000,
  high: 110_020,
  low: 109_980,
  close: 110_010,
  volume: 1,
  spread: 0,
};

function book(basis: PriceBasis, tickSize = 1): Book {
  const request = venueRequest({ priceBasisOf: { [eurUsd]: basis } });
  const instruments = request.instruments.map((instrument) => ({ ...instrument, tickSize }));
  const found = createVenueState({ ...request, instruments }).books.get(eurUsd);
  assert.ok(found !== undefined);
  return found;
}

test('the recorded spread counts, and the table only where none was recorded', () => {
  assert.equal(barSpread(book('bid'), { ...bar, spread: 17 }), 17);
  assert.equal(barSpread(book('bid'), bar), 10);
});

test('the table is read at the hour in which the bar opened', () => {
  const spreadPips = Array.from({ length: 168 }, (_, hour) => hour);
  const costs = { ...plainCosts, otherwise: { ...plainCosts.otherwise, spreadPips } };
  const hourly = createVenueState(venueRequest({ costs })).books.get(eurUsd);
  assert.ok(hourly !== undefined);
  assert.deepEqual([barSpread(hourly, bar), barSpread(hourly, { ...bar, openAt: noonAt - 1 })], [600, 590]);
});

test('a bid series has the ask a spread above it', () => {
  const prices = barPrices(book('bid'), bar);
  assert.deepEqual(prices.sell, { open: 110_000, best: 110_020, worst: 109_980, close: 110_010 });
  assert.deepEqual(prices.buy, { open: 110_010, best: 109_990, worst: 110_030, close: 110_020 });
  assert.equal(prices.spread, 10);
});

test('around a mid the ask is rounded up and the bid down', () => {
  const mid = basisOf(book('mid'));
  assert.deepEqual([bidAround(mid, 110_000, 10), askAround(mid, 110_000, 10)], [109_995, 110_005]);
  assert.deepEqual([bidAround(mid, 110_000, 7), askAround(mid, 110_000, 7)], [109_996, 110_004]);
});

test('bid and ask lie on ticks, and never closer than the spread', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<PriceBasis>('bid', 'mid'),
      fc.constantFrom(1, 5, 10),
      fc.integer({ min: 1_000, max: 9_000 }),
      fc.nat(60),
      (basis, tick, steps, spread) => {
        const around = basisOf(book(basis, tick));
        const [bid, ask] = [bidAround(around, steps * tick, spread), askAround(around, steps * tick, spread)];
        assert.deepEqual([bid % tick, ask % tick], [0, 0]);
        assert.ok(ask - bid >= spread && ask - bid < spread + 2 * tick);
      },
    ),
  );
});

test('the worse price is the higher one for a buyer and the lower one for a seller', () => {
  assert.deepEqual([worsePrice('buy', 1, 2), worsePrice('sell', 1, 2)], [2, 1]);
});
