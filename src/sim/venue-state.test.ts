import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { hourOfWeek } from '#domain/costs.ts';
import { noonAt, plainCosts, venueRequest } from '../../tests/support/venue-scene.ts';
import { createVenueState, emit, QUEUE_MAX } from './venue-state.ts';

test('books stand in ascending order of id, however the instruments were listed', () => {
  const request = venueRequest();
  const turned = createVenueState({ ...request, instruments: request.instruments.toReversed() });
  assert.deepEqual([...turned.books.keys()], ['EURJPY.OANDA', 'EURUSD.OANDA', 'USDJPY.OANDA']);
});

test('the state is plain data: a snapshot holds all of it', () => {
  const state = createVenueState(venueRequest());
  assert.deepEqual(deserialize(serialize(state)), state);
});

test('the spread of each hour of the week is worked out once from the cost table', () => {
  const spreadPips = Array.from({ length: 168 }, (_, hour) => hour / 10);
  const costs = { ...plainCosts, otherwise: { ...plainCosts.otherwise, spreadPips, slippagePips: 0.2 } };
  const book = createVenueState(venueRequest({ costs })).books.get('EURUSD.OANDA');
  assert.equal(book?.spreadByHour[hourOfWeek(noonAt)], 60);
  assert.equal(book?.spreadByHour[167], 167);
  assert.equal(book?.slippage, 2);
});

test('an instrument that is listed twice is our own mistake', () => {
  const { instruments } = venueRequest();
  assert.throws(
    () => createVenueState(venueRequest({ instruments: [...instruments, ...instruments] })),
    /listed twice/,
  );
});

test('events that nobody polls do not pile up without bound', () => {
  const state = createVenueState(venueRequest());
  const event = { type: 'account.closedOut', at: noonAt, reason: 'test' } as const;
  for (let count = 0; count < QUEUE_MAX; count += 1) emit(state, event);
  assert.throws(() => emit(state, event), /wait to be polled/);
});
