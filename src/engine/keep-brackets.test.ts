import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { euro, fillOf, requestOf, yen } from '../../tests/support/desk-events.ts';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { cancelledIds, type OpenedDesk, openedDesk, sentOrders } from '../../tests/support/opened-desk.ts';

const bracket = { stopPrice: 109_900, targetPrice: null };

function submit(desk: OpenedDesk, clientOrderId: string, changes: Parameters<typeof requestOf>[0] = {}): void {
  desk.tell({ type: 'order.submitted', at: desk.at(), order: requestOf({ clientOrderId, bracket, ...changes }) });
}

test('in the very step of the fill the stop is sent', () => {
  const desk = openedDesk();
  submit(desk, 'entry');
  assert.deepEqual(sentOrders(desk.fill('entry')), ['sell 1000 stopLoss at 109900']);
});

test('in a simulated run nothing is sent', () => {
  const fixture = createDeskFixture([]);
  fixture.send({ type: 'order.submitted', at: fixture.at, order: requestOf({ bracket }) });
  assert.deepEqual(sentOrders(fixture.send(fillOf(fixture.at))), []);
});

test('what the market tells is passed over', () => {
  const desk = openedDesk();
  submit(desk, 'entry');
  desk.fill('entry');
  desk.cancel(desk.newest().clientOrderId);
  const market: readonly Event[] = [
    { type: 'quote.updated', at: desk.at(), instrument: euro, bidPrice: 1, askPrice: 2 },
    {
      type: 'mark.updated',
      at: desk.at(),
      instrument: euro,
      markPrice: 1,
      indexPrice: null,
      fundingRate: 0,
      nextFundingAt: 0,
    },
    { type: 'depth.updated', at: desk.at(), instrument: euro, bids: [], asks: [] },
  ];
  for (const event of market) assert.deepEqual(desk.tell(event), [event]);
});

test('a close counts what is on its way already', () => {
  const desk = openedDesk();
  submit(desk, 'entry');
  desk.fill('entry');
  submit(desk, 'leaving', { side: 'sell', quantity: 400, purpose: 'exit', isReduceOnly: true });
  assert.deepEqual(sentOrders(desk.pass(5_000)), ['sell 600 exit']);
  assert.equal(desk.newest().reason, 'unprotected: its stop did not stand in time');
});

test('each instrument is looked at', () => {
  const desk = openedDesk();
  submit(desk, 'euros');
  submit(desk, 'yens', { instrument: yen, side: 'sell', quantity: 500, bracket: { ...bracket, stopPrice: 151_000 } });
  desk.fill('euros');
  assert.deepEqual(sentOrders(desk.fill('yens')), ['buy 500 stopLoss at 151000']);
});

test('under an engaged switch an entry that the venue took late is cancelled again', () => {
  const desk = openedDesk();
  submit(desk, 'entry');
  desk.tell({ type: 'kill.engaged', at: desk.at(), actor: 'operator', reason: 'news' });
  assert.deepEqual(cancelledIds(desk.events), ['entry']);
  assert.deepEqual(cancelledIds(desk.accept('entry')), ['entry']);
  assert.deepEqual(cancelledIds(desk.fixture.tick()), []);
  desk.cancel('entry');
  assert.deepEqual(cancelledIds(desk.accept('entry')), []);
});

test('under an engaged switch, orders of other hands are cancelled with the switch and not as they come', () => {
  const desk = openedDesk();
  const order = requestOf({ clientOrderId: 'by-hand', bracket: null });
  const adopted: Event = {
    type: 'order.adopted',
    at: desk.at(),
    order,
    venueOrderId: '1',
    venueAt: desk.at(),
    reason: '',
  };
  desk.tell(adopted);
  const kill: Event = { type: 'kill.engaged', at: desk.at(), actor: 'operator', reason: 'news' };
  assert.deepEqual(cancelledIds(desk.tell(kill)), ['by-hand']);
  assert.deepEqual(cancelledIds(desk.tell(adopted)), []);
});
