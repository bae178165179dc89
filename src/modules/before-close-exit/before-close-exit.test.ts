import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import type { EventByType } from '#domain/events.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { beforeCloseExit } from './before-close-exit.ts';

const euro = 'EURUSD.OANDA';
const minuteMs = 60_000;

/** A desk that holds 1000 EUR; its first tick is at the time given. Nothing fills, so that each test decides what becomes of orders. */
function fixtureOf(startAt: number, strategy: Record<string, unknown> = {}): DeskFixture {
  const fixture = createDeskFixture([beforeCloseExit], { startAt, symbols: ['EUR_USD'], policies: { strategy } });
  const position = present(fixture.engine.state.positions[euro], 'position');
  position.signedQuantity = 1000;
  position.cost = 110_000_000;
  position.strategy = 'combined';
  return fixture;
}

function propose({ engine }: DeskFixture) {
  const state = engine.state.modules['before-close-exit'];
  return present(beforeCloseExit.propose.protection, 'protection')([], state, contextFor(engine, 'before-close-exit'));
}

function orders(fixture: DeskFixture): EventByType['order.submitted'][] {
  return fixture.events.filter((event) => event.type === 'order.submitted');
}

/** Orders submitted at each tick of 30 s over so many minutes, as times of the day. */
function closesOver(fixture: DeskFixture, minutes: number): string[] {
  for (let tick = 0; tick < minutes * 2; tick += 1) fixture.tick();
  return orders(fixture).map(({ at }) => new Date(at).toISOString().slice(11, 19));
}

// New York is at UTC-5 in January: its session ends at 22:00 UTC, the daily break is 21:58 to 22:03.
test('a position is closed once as the session comes near its close', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 14, 21, 50));
  assert.deepEqual(closesOver(fixture, 20), ['21:55:00']);
  const { order } = present(orders(fixture)[0], 'order');
  assert.deepEqual(
    [order.side, order.quantity, order.isReduceOnly, order.purpose, order.reason],
    ['sell', 1000, true, 'exit', 'exit-before-close'],
  );
});

test('the kill switch does not stop it', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 14, 21, 54));
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'test', reason: 'test' });
  assert.deepEqual(closesOver(fixture, 3), ['21:55:00']);
});

test('a desk without a position does and says nothing', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 14, 21, 55));
  present(fixture.engine.state.positions[euro], 'position').signedQuantity = 0;
  fixture.tick();
  assert.deepEqual(propose(fixture), { value: [], entries: [] });
  assert.deepEqual(closesOver(fixture, 5), []);
});

test('inside the sessions nothing is closed', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 14, 12));
  assert.deepEqual(closesOver(fixture, 5), []);
  assert.deepEqual(propose(fixture), { value: [], entries: [] });
});

test('a position found after the session is closed while the market is open', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 15, 3));
  fixture.tick();
  assert.deepEqual(orders(fixture).length, 1);
  assert.equal(propose(fixture).entries[0]?.code, 'exit-working');
  assert.deepEqual(
    fixture.decisions().map(({ entries }) => entries[0]?.code),
    ['closed'],
  );
});

test('while the market is shut it waits for the opening', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 14, 21, 58));
  fixture.tick();
  assert.deepEqual(propose(fixture).entries, [{ subject: euro, code: 'waiting-open', value: 2 }]);
  assert.deepEqual(closesOver(fixture, 10), ['22:03:00']);
});

test('over the weekend it waits for Sunday', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 18, 21, 50));
  assert.deepEqual(closesOver(fixture, 30), ['22:03:00']);
});

test('without session trading only the end of the week counts', () => {
  const strategy = { sessionTradingEnabled: false, sessionExitMinutes: 10 };
  assert.deepEqual(closesOver(fixtureOf(Date.UTC(2026, 0, 14, 21, 30), strategy), 60), []);
  assert.deepEqual(closesOver(fixtureOf(Date.UTC(2026, 0, 16, 21, 30), strategy), 60), ['21:50:00']);
});

test('an exit of anyone that is under way is not doubled', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 14, 21, 54));
  fixture.send({ type: 'flatten.requested', at: fixture.at, actor: 'test', reason: 'test' });
  assert.equal(orders(fixture).length, 1);
  assert.equal(closesOver(fixture, 4).length, 1);
  assert.equal(propose(fixture).entries[0]?.code, 'exit-working');
});

test('a close that came to nothing is sent again after a minute', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 14, 21, 55));
  fixture.tick();
  const { clientOrderId } = present(orders(fixture)[0], 'order').order;
  fixture.send({ type: 'order.rejected', at: fixture.at, clientOrderId, code: 'HALTED', reason: 'test' });
  assert.equal(propose(fixture).entries[0]?.code, 'waiting-retry');
  assert.deepEqual(closesOver(fixture, 4), ['21:55:00', '21:56:00']);
});

test('a filled close leaves nothing to do', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 14, 21, 55));
  fixture.tick();
  const { order } = present(orders(fixture)[0], 'order');
  fixture.send({
    type: 'order.filled',
    at: fixture.at,
    clientOrderId: order.clientOrderId,
    venueOrderId: 'venue-1',
    fillId: 'fill-1',
    instrument: euro,
    side: 'sell',
    quantity: 1000,
    price: 110_000,
    fee: 0,
    realizedPnl: 0,
    spreadCost: 0,
    balance: 100_000_000_000,
    venueAt: fixture.at,
    isPessimistic: false,
  });
  assert.equal(closesOver(fixture, 10).length, 1);
  assert.deepEqual(propose(fixture), { value: [], entries: [] });
});

test('without a calendar nothing is known and nothing is closed', () => {
  const fixture = fixtureOf(Date.UTC(2026, 0, 15, 3));
  fixture.engine.state.calendar = null;
  fixture.tick();
  assert.deepEqual(propose(fixture), { value: [], entries: [{ subject: euro, code: 'no-calendar', value: null }] });
});

test('two positions close together', () => {
  const startAt = Date.UTC(2026, 0, 14, 21, 55);
  const fixture = createDeskFixture([beforeCloseExit], { startAt, symbols: ['EUR_USD', 'GBP_USD'] });
  for (const id of [euro, 'GBPUSD.OANDA']) {
    const position = present(fixture.engine.state.positions[id], 'position');
    position.signedQuantity = -500;
    position.cost = 500 * 110_000;
  }
  fixture.tick(30_000 + minuteMs);
  assert.deepEqual(
    orders(fixture).map(({ order }) => `${order.instrument} ${order.side} ${order.quantity}`),
    [`${euro} buy 500`, 'GBPUSD.OANDA buy 500'],
  );
});
