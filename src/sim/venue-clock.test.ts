import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CalendarDocument } from '#domain/calendar.ts';
import {
  brief,
  minuteMs,
  noonAt,
  openScene,
  plainCosts,
  showBar,
  showQuote,
  showTime,
  submit,
  venueRequest,
} from '../../tests/support/venue-scene.ts';
import { passTime } from './venue-clock.ts';
import { createVenueState } from './venue-state.ts';

const hourMs = 60 * minuteMs;

test('a bar that ends when an order expires still meets it, one that ends later does not', () => {
  const order = { orderType: 'limit', limitPrice: 109_950, timeInForce: 'goodTillTime' } as const;
  const bar = [110_000, 110_000, 109_900, 110_000] as const;
  const kept = openScene();
  showQuote(kept, noonAt, 110_000);
  submit(kept, { ...order, expiresAt: noonAt + minuteMs });
  assert.deepEqual(brief(showBar(kept, bar)), ['o1 accepted', 'o1 filled buy 1000 at 109950']);
  const over = openScene();
  showQuote(over, noonAt, 110_000);
  submit(over, { ...order, expiresAt: noonAt + minuteMs - 1 });
  assert.deepEqual(brief(showBar(over, bar)), ['o1 accepted', 'o1 expired']);
});

test('arrivals, expiries and the turn of the day come in the order of their times', () => {
  const scene = openScene({ costs: { ...plainCosts, latencyMs: 10 * hourMs } });
  showQuote(scene, noonAt, 110_000);
  submit(scene, {
    orderType: 'limit',
    limitPrice: 109_000,
    timeInForce: 'goodTillTime',
    expiresAt: noonAt + 11 * hourMs,
  });
  submit(scene, { clientOrderId: 'o2' });
  const events = showTime(scene, noonAt + 35 * hourMs);
  assert.deepEqual(brief(events), ['o1 accepted', 'o2 accepted', 'o1 expired']);
  showQuote(scene, noonAt + 36 * hourMs, 110_000);
  const later = showTime(scene, noonAt + 24 * 3 * hourMs);
  assert.deepEqual(
    later.map((event) => event.at - noonAt),
    [57 * hourMs],
  );
});

test('a day that turned before the venue began is none of its business', () => {
  const state = createVenueState(venueRequest());
  passTime(state, noonAt);
  assert.deepEqual([state.nextRolloverAt, state.previousRolloverAt], [noonAt + 9 * hourMs, noonAt - 15 * hourMs]);
  passTime(state, noonAt + 9 * hourMs);
  assert.equal(state.nextRolloverAt, noonAt + 9 * hourMs);
  passTime(state, noonAt + 9 * hourMs + 1);
  assert.equal(state.nextRolloverAt, noonAt + 33 * hourMs);
});

test('time does not run back', () => {
  const state = createVenueState(venueRequest());
  passTime(state, noonAt);
  passTime(state, noonAt - 1);
  assert.equal(state.at, noonAt);
});

test('nothing fills while the market is halted, and what waits meets the first open after it', () => {
  const calendar: CalendarDocument = {
    version: 'one-break',
    fromAt: noonAt - hourMs,
    untilAt: noonAt + hourMs,
    sessions: { tokyo: [], london: [], newYork: [], sydney: [] },
    breaks: [noonAt + minuteMs, noonAt + 2 * minuteMs],
    weeks: [noonAt - hourMs, noonAt + hourMs],
  };
  const scene = openScene({ calendar });
  showQuote(scene, noonAt - 1, 110_000);
  scene.at = noonAt;
  submit(scene, { clientOrderId: 'limit', orderType: 'limit', limitPrice: 109_000 });
  showBar(scene, [110_000, 110_000, 110_000, 110_000]);
  assert.deepEqual(brief(showBar(scene, [108_000, 108_000, 108_000, 108_000])), []);
  assert.deepEqual(brief(showBar(scene, [108_500, 108_500, 108_500, 108_500])), ['limit filled buy 1000 at 108510']);
});
