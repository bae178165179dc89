import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldDesk } from '../../../tests/support/told-desk.ts';
import { CancelDrill, cancelAllBut, cancelTriesMax } from './cancel-drill.ts';

test('a switch that is thrown cancels everything at once, and a stop that guards a position stays', async () => {
  const scene = toldDesk();
  scene.venue.quote('EURUSD.OANDA', 110_000, 110_010);
  scene.submit({ bracket: { stopPrice: 109_000, targetPrice: null } });
  scene.venue.quote('EURUSD.OANDA', 110_000, 110_010);
  await scene.clock.pass(100);
  scene.submit({ clientOrderId: 'tw-2', orderType: 'limit', limitPrice: 90_000, timeInForce: 'goodTillCancel' });
  await scene.clock.pass(100);
  const stops = [...scene.venue.state.workingById.keys()].filter((id) => id !== 'tw-2');
  assert.equal(stops.length, 1);
  const drill = new CancelDrill(scene.desk);
  drill.begin();
  await scene.clock.pass(0);
  assert.deepEqual([...scene.venue.state.workingById.keys()], stops);
  await scene.clock.pass(10_000);
  assert.equal(drill.isOn, false);
  assert.equal(scene.venue.calls.filter((call) => call.startsWith('cancelAll keep')).length, 1);
  assert.equal(scene.venue.calls.includes(`cancelAll keep ${stops[0]}`), true);
});

test('cancelling is tried again every two seconds until nothing is left', async () => {
  const scene = toldDesk();
  scene.venue.cancelProblems = [['tw-9 is stuck'], ['tw-9 is stuck']];
  const drill = new CancelDrill(scene.desk);
  drill.begin();
  await scene.clock.pass(10_000);
  assert.equal(scene.venue.calls.filter((call) => call === 'cancelAll').length, 3);
  assert.deepEqual(scene.problems, []);
});

test('attempts end with an alarm', async () => {
  const scene = toldDesk();
  scene.venue.fault = 'silent';
  const drill = new CancelDrill(scene.desk);
  drill.begin();
  await scene.clock.pass(120_000);
  assert.equal(scene.venue.calls.filter((call) => call === 'cancelAll').length, cancelTriesMax);
  assert.deepEqual(scene.problems, [
    `orders may still work at the venue after ${cancelTriesMax} attempts: the venue does not answer`,
  ]);
  drill.begin();
  await scene.clock.pass(1_000);
  assert.equal(scene.venue.calls.filter((call) => call === 'cancelAll').length, cancelTriesMax + 1);
  await drill.stop();
});

test('a venue that cannot be reached is a problem in words', async () => {
  const scene = toldDesk();
  scene.venue.fault = 'silent';
  assert.deepEqual(await cancelAllBut(scene.venue, new Set()), ['the venue does not answer']);
});
