import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ToldDesk, toldDesk } from '../../../tests/support/told-desk.ts';
import { FlattenDrill, flattenTriesMax } from './flatten-drill.ts';

async function holding(): Promise<ToldDesk> {
  const scene = toldDesk();
  scene.venue.quote('EURUSD.OANDA', 110_000, 110_010);
  scene.submit();
  scene.venue.quote('EURUSD.OANDA', 110_000, 110_010);
  await scene.clock.pass(100);
  assert.equal(scene.desk.engine.state.positions['EURUSD.OANDA']?.signedQuantity, 1_000);
  return scene;
}

const closings = ({ venue }: ToldDesk): string[] => venue.calls.filter((call) => call.startsWith('close '));

test('what is still held after five seconds is closed by the venue itself', async () => {
  const scene = await holding();
  const drill = new FlattenDrill(scene.desk);
  drill.begin(false);
  await scene.clock.pass(4_900);
  assert.deepEqual(closings(scene), []);
  await scene.clock.pass(200);
  assert.deepEqual(closings(scene), ['close EURUSD.OANDA']);
  assert.equal(scene.desk.engine.state.positions['EURUSD.OANDA']?.signedQuantity, 0);
  await scene.clock.pass(60_000);
  assert.deepEqual([closings(scene).length, drill.isOn], [1, false]);
});

test('where the journal keeps nothing the venue closes at once', async () => {
  const scene = await holding();
  const drill = new FlattenDrill(scene.desk);
  drill.begin(true);
  await scene.clock.pass(0);
  assert.deepEqual(closings(scene), ['close EURUSD.OANDA']);
  await drill.stop();
});

test('a venue that does not close is tried a number of times, and then somebody is woken up', async () => {
  const scene = await holding();
  scene.venue.fault = 'silent';
  const drill = new FlattenDrill(scene.desk);
  drill.begin(false);
  await scene.clock.pass(120_000);
  assert.equal(closings(scene).length, flattenTriesMax);
  assert.deepEqual(scene.problems, [`still held after ${flattenTriesMax} attempts to close: EURUSD.OANDA`]);
  assert.equal(scene.notices[0], "'EURUSD.OANDA' was not closed: the venue does not answer");
});
