import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ToldDesk, toldDesk } from '../../../tests/support/told-desk.ts';
import { OrderChecks } from './order-checks.ts';

function checksOf(scene: ToldDesk): { readonly checks: OrderChecks; readonly verdicts: number[] } {
  const verdicts: number[] = [];
  const checks = new OrderChecks({
    desk: scene.desk,
    catchUp: () => scene.venue.catchUp('c0'),
    onVerdict: () => void verdicts.push(scene.clock.now()),
  });
  checks.start();
  scene.venue.quote('EURUSD.OANDA', 110_000, 110_010);
  return { checks, verdicts };
}

const asks = (scene: ToldDesk): number => scene.venue.calls.filter((call) => call.startsWith('find')).length;

test('an order on its way is asked about after five seconds, and what is found is told', async () => {
  const scene = toldDesk();
  scene.venue.quote('EURUSD.OANDA', 110_000, 110_010);
  await scene.clock.pass(100);
  const { checks } = checksOf(scene);
  scene.venue.isMute = true;
  scene.submit();
  scene.venue.quote('EURUSD.OANDA', 110_000, 110_010);
  await scene.clock.pass(5_000);
  assert.equal(asks(scene), 0);
  assert.equal(scene.desk.engine.state.orders.get('tw-1')?.state, 'submitted');
  await scene.clock.pass(2_000);
  assert.equal(asks(scene), 1);
  assert.equal(scene.desk.engine.state.orders.get('tw-1')?.state, 'filled');
  assert.equal(scene.desk.engine.state.positions['EURUSD.OANDA']?.signedQuantity, 1_000);
  await scene.clock.pass(20_000);
  assert.equal(asks(scene), 1);
  await checks.stop();
});

test('an order that never arrived is given up after five denials over ten seconds, and not before', async () => {
  const scene = toldDesk();
  const { checks, verdicts } = checksOf(scene);
  scene.venue.loseCommands = 1;
  scene.submit();
  scene.tell({ type: 'order.unresolved', clientOrderId: 'tw-1', reason: 'a test' });
  await scene.clock.pass(11_900);
  assert.equal(scene.desk.engine.state.orders.get('tw-1')?.state, 'submitted');
  await scene.clock.pass(2_100);
  assert.equal(scene.desk.engine.state.orders.get('tw-1')?.state, 'rejected');
  assert.deepEqual(verdicts.length, 1);
  const rejected = scene.told.find(({ type }) => type === 'order.rejected');
  assert.equal(rejected?.type === 'order.rejected' && rejected.code, 'NOT_FOUND');
  assert.equal(scene.venue.calls.at(-1), 'catchUp');
  assert.equal(scene.venue.received.length, 0);
  await checks.stop();
});

test('a venue that forgets an order for a while ends nothing', async () => {
  const scene = toldDesk();
  const { checks, verdicts } = checksOf(scene);
  scene.venue.isMute = true;
  scene.submit({ orderType: 'limit', limitPrice: 90_000, timeInForce: 'goodTillCancel' });
  scene.venue.fault = 'forgetful';
  await scene.clock.pass(12_000);
  scene.venue.fault = undefined;
  await scene.clock.pass(4_000);
  assert.equal(scene.desk.engine.state.orders.get('tw-1')?.state, 'accepted');
  assert.deepEqual(verdicts, []);
  await checks.stop();
});

test('a venue that does not answer is told once, and the order stays what it was', async () => {
  const scene = toldDesk();
  const { checks } = checksOf(scene);
  scene.venue.loseCommands = 1;
  scene.submit();
  scene.venue.fault = 'silent';
  await scene.clock.pass(60_000);
  assert.equal(scene.desk.engine.state.orders.get('tw-1')?.state, 'submitted');
  assert.deepEqual(scene.notices, ['orders on their way: the venue does not answer']);
  await checks.stop();
});

test('a cancellation on its way never ends an order by the time it takes', async () => {
  const scene = toldDesk();
  const { checks } = checksOf(scene);
  scene.submit({ orderType: 'limit', limitPrice: 90_000, timeInForce: 'goodTillCancel' });
  await scene.clock.pass(100);
  scene.tell({ type: 'order.cancelRequested', clientOrderId: 'tw-1', reason: 'a test' });
  await scene.clock.pass(600_000);
  assert.equal(scene.desk.engine.state.orders.get('tw-1')?.state, 'accepted');
  // An order that is said to work was not cancelled, so whoever wants that may ask again.
  assert.deepEqual([asks(scene), scene.desk.engine.state.orders.get('tw-1')?.cancelRequestedAt], [1, null]);
  await checks.stop();
});

test('an order that a report does not show is asked about, and is gone once the venue denies it', async () => {
  const scene = toldDesk();
  const { checks } = checksOf(scene);
  scene.submit({ orderType: 'limit', limitPrice: 90_000, timeInForce: 'goodTillCancel' });
  await scene.clock.pass(100);
  assert.equal(scene.desk.engine.state.orders.get('tw-1')?.state, 'accepted');
  checks.suspect(['tw-1']);
  await scene.clock.pass(4_000);
  assert.equal(scene.desk.engine.state.orders.get('tw-1')?.state, 'accepted');
  scene.venue.fault = 'forgetful';
  checks.suspect(['tw-1']);
  await scene.clock.pass(16_000);
  const canceled = scene.told.find(({ type }) => type === 'order.canceled');
  assert.equal(canceled?.type === 'order.canceled' && canceled.reason, 'NOT_AT_VENUE');
  await checks.stop();
});

test('an order that stays unresolved for a quarter of an hour is worth waking somebody up, once', async () => {
  const scene = toldDesk();
  const { checks } = checksOf(scene);
  scene.venue.loseCommands = 1;
  scene.submit();
  scene.tell({ type: 'order.unresolved', clientOrderId: 'tw-1', reason: 'a test' });
  scene.venue.fault = 'silent';
  await scene.clock.pass(899_000);
  assert.deepEqual(scene.problems, []);
  await scene.clock.pass(120_000);
  assert.deepEqual(scene.problems, ["order 'tw-1' on 'EURUSD.OANDA' is unresolved for more than 15 min"]);
  await checks.stop();
});
