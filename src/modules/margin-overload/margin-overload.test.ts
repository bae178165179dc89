import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { marginOverload } from './margin-overload.ts';

const yen = 'USDJPY.OANDA';

/** An account of 100 000 dollars; a unit of USD_JPY takes 0.02 of margin. */
function createScene(): DeskFixture {
  const scene = createDeskFixture([marginOverload]);
  scene.send({ type: 'quote.updated', at: scene.at, instrument: yen, bidPrice: 150_000, askPrice: 150_000 });
  return scene;
}

function hold(scene: DeskFixture, signedQuantity: number): void {
  scene.send({
    type: 'venue.reconciled',
    at: scene.at,
    balance: 100_000_000_000,
    positions: [{ instrument: yen, signedQuantity, cost: Math.abs(signedQuantity) * 150_000 }],
    openOrderIds: [],
    differences: [],
  });
}

test('eighty percent of the margin in use engages the kill switch, once', () => {
  const scene = createScene();
  hold(scene, -4_000_000);
  scene.tick();
  scene.tick();
  const engaged = scene.events.filter((event) => event.type === 'kill.engaged');
  assert.deepEqual(
    engaged.map(({ actor, reason }) => [actor, reason]),
    [['protection', 'margin-overload']],
  );
  assert.equal(scene.engine.state.positions[yen]?.signedQuantity, -4_000_000);
});

test('less than that does not', () => {
  const scene = createScene();
  hold(scene, 3_999_999);
  scene.tick();
  assert.ok(!scene.engine.state.kill.isEngaged);
});

test('a fill that overloads the account is noticed at once', () => {
  const scene = createScene();
  scene.send({
    type: 'order.filled',
    at: scene.at,
    clientOrderId: 'by-hand',
    venueOrderId: '1',
    fillId: '1',
    instrument: yen,
    side: 'buy',
    quantity: 4_500_000,
    price: 150_000,
    fee: 0,
    realizedPnl: 0,
    spreadCost: 0,
    balance: 100_000_000_000,
    venueAt: scene.at,
    isPessimistic: false,
  });
  assert.deepEqual(scene.engine.state.kill.reason, 'margin-overload');
});

test('a switch released while the account is still overloaded is engaged again', () => {
  const scene = createScene();
  hold(scene, 4_500_000);
  scene.tick();
  scene.send({ type: 'kill.released', at: scene.at, actor: 'operator', reason: 'too early' });
  scene.tick();
  assert.ok(scene.engine.state.kill.isEngaged);
});

test('without a position there is nothing to say', () => {
  const scene = createScene();
  scene.tick();
  assert.ok(!scene.engine.state.kill.isEngaged);
  assert.deepEqual(
    scene.decisions().flatMap(({ entries }) => entries),
    [],
  );
});
