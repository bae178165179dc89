import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { type ToldDesk, toldDesk } from '../../../tests/support/told-desk.ts';
import { accountNews } from './account-news.ts';

const never = (): boolean => false;

async function working(): Promise<ToldDesk> {
  const scene = toldDesk();
  scene.venue.quote('EURUSD.OANDA', 110_000, 110_010);
  scene.submit({ orderType: 'limit', limitPrice: 90_000, timeInForce: 'goodTillCancel' });
  await scene.clock.pass(100);
  return scene;
}

const amended = (limitPrice: number): VenueInput => ({
  ...{ type: 'order.amended', clientOrderId: 'tw-1', quantity: 1_000, stopPrice: null, limitPrice },
});

test('what the streams have told is no news', async () => {
  const scene = await working();
  const { state } = scene.desk.engine;
  const { events } = await scene.venue.catchUp('c0');
  assert.deepEqual(
    events.map(({ type }) => type),
    ['order.accepted'],
  );
  assert.deepEqual(accountNews(state, events, never), []);
  assert.deepEqual(accountNews(state, [amended(90_000)], never), []);
  const canceled: VenueInput = { type: 'order.canceled', clientOrderId: 'tw-1', reason: 'r' };
  assert.deepEqual(accountNews(state, [canceled], never), [canceled]);
  scene.tell(canceled);
  assert.deepEqual(accountNews(state, [canceled, ...events], never), []);
});

test('of several amendments only the last says how an order stands', async () => {
  const { state } = (await working()).desk.engine;
  assert.deepEqual(accountNews(state, [amended(91_000), amended(92_000)], never), [amended(92_000)]);
  assert.deepEqual(accountNews(state, [amended(91_000), amended(90_000)], never), []);
});

test('an order that begins in a history also ends in it', async () => {
  const { state } = (await working()).desk.engine;
  const child = {
    ...{ parentOrderId: 'tw-1', instrument: 'EURUSD.OANDA', side: 'sell' as const, quantity: 5 },
    ...{ purpose: 'stopLoss' as const },
    ...{ stopPrice: 1, limitPrice: null },
  } as const;
  const history: VenueInput[] = [
    { type: 'order.accepted', clientOrderId: 'tw-1-s', venueOrderId: '9', venueAt: 1, child },
    { type: 'order.canceled', clientOrderId: 'tw-1-s', reason: 'r' },
    { type: 'order.canceled', clientOrderId: 'nobody', reason: 'r' },
  ];
  assert.deepEqual(accountNews(state, history, never), history.slice(0, 2));
});

test('an order that nobody knew of is heard of, whatever was told of it', async () => {
  const scene = await working();
  scene.tell({ type: 'order.unresolved', clientOrderId: 'tw-1', reason: 'a test' });
  const accepted: VenueInput = {
    ...{ type: 'order.accepted', clientOrderId: 'tw-1', venueOrderId: '1', venueAt: 1 },
    child: null,
  };
  assert.deepEqual(accountNews(scene.desk.engine.state, [accepted], never), [accepted]);
});

test('a close-out is news with its fills, and not again once they are known', async () => {
  const scene = await working();
  const closedOut: VenueInput = { type: 'account.closedOut', reason: 'margin' };
  const fill: VenueInput = {
    ...{
      type: 'order.filled',
      clientOrderId: 'external-9',
      venueOrderId: '9',
      fillId: '9',
      instrument: 'EURUSD.OANDA',
    },
    ...{ side: 'buy', quantity: 5, price: 110_000, fee: 0, realizedPnl: 0, spreadCost: 0, balance: 1, venueAt: 1 },
    isPessimistic: false,
  };
  const history = [fill, closedOut];
  assert.deepEqual(accountNews(scene.desk.engine.state, history, never), history);
  scene.tell(fill);
  assert.deepEqual(accountNews(scene.desk.engine.state, history, never), []);
});

test('money that was told is left out', async () => {
  const { state } = (await working()).desk.engine;
  const charged: VenueInput = { ...{ type: 'financing.charged', instrument: 'A', amount: 1 }, days: 1, balance: 5 };
  assert.deepEqual(accountNews(state, [charged], never), [charged]);
  assert.deepEqual(
    accountNews(state, [charged], () => true),
    [],
  );
});
