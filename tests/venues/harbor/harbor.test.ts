import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { type HarborWire, openHarborWire } from '../../support/harbor-wire.ts';
import { type OpenScene, openScene, settle } from '../../support/live-venue-scene.ts';
import { sceneOver } from '../../support/wire-floor.ts';

const startAt = Date.UTC(2026, 0, 14, 9);
const hourMs = 3_600_000;
const euro = 'EURUSD.HARBOR';

function wireWith(faults: FaultScriptInput['faults'], adapterToken?: string): { wire: HarborWire; clock: HandClock } {
  const clock = new HandClock(startAt);
  const wire = openHarborWire({
    ...{ clock, symbols: ['EUR_USD'], historyMs: hourMs, untilAt: startAt + hourMs, quotesPerMinute: 12 },
    ...{ script: { faults }, ...(adapterToken === undefined ? {} : { adapterToken }) },
  });
  return { wire, clock };
}

async function withScene(
  faults: FaultScriptInput['faults'],
  act: (scene: OpenScene, wire: HarborWire) => Promise<void>,
) {
  const { wire, clock } = wireWith(faults);
  const parts = { port: wire.openPort(), clock, symbols: ['EUR_USD'], close: wire.close };
  const scene = await openScene(sceneOver(wire.floor, { ...parts, tradeByOtherHands: () => undefined }));
  try {
    await act(scene, wire);
  } finally {
    await scene.close();
  }
}

test('a fill whose message is lost is missed by its number, asked for and told once', async () => {
  const lost = { at: 70_100, fault: { type: 'drop', count: 1, only: '"type":"fill"' } } as const;
  await withScene([lost], async (scene) => {
    const id = scene.send({ instrument: euro, side: 'buy', quantity: 100 });
    await scene.pass(60_000);
    assert.deepEqual(
      scene.of('order.filled', id).map(({ quantity, fillId }) => [quantity, fillId]),
      [[100, '1']],
    );
    const reasons = scene.of('venue.impaired').map(({ reason }) => reason);
    assert.equal(reasons.filter((reason) => /^messages from \d+ to \d+ are missing$/.test(reason)).length, 1);
    assert.equal(scene.of('venue.restored').length, 2);
  });
});

test('an answer that is lost leaves the order open, and the stream tells what became of it', async () => {
  const lost = { at: 70_000, match: { method: 'POST' }, fault: { type: 'loseAnswer' } } as const;
  await withScene([lost], async (scene, wire) => {
    const id = scene.send({ instrument: euro, side: 'buy', quantity: 100 });
    await scene.pass(5_000);
    assert.equal(scene.of('order.unresolved', id).length, 1);
    assert.equal(scene.of('order.accepted', id).length, 1);
    assert.equal(scene.of('order.filled', id).length, 1);
    assert.equal(wire.sentById.get(id), 1);
  });
});

test('an answer that comes late does not take an order back to how it was', async () => {
  const late = { at: 74_000, match: { method: 'POST' }, fault: { type: 'delayAnswer', ms: 5_000 } } as const;
  await withScene([late], async (scene, wire) => {
    scene.send({ instrument: euro, side: 'buy', quantity: 100 });
    await scene.pass(5_000);
    const stopPrice = scene.quote(euro).bidPrice - 2_000;
    const stop = scene.send({
      ...{ instrument: euro, side: 'sell', quantity: 100, orderType: 'stop', stopPrice, isReduceOnly: true },
      ...{ timeInForce: 'goodTillCancel', purpose: 'stopLoss' },
    });
    await scene.pass(1_000);
    wire.floor.resize('H2', 60);
    await scene.pass(10_000);
    assert.equal(scene.of('order.accepted', stop).length, 1);
    assert.deepEqual(
      scene.of('order.amended', stop).map(({ quantity }) => quantity),
      [60],
    );
  });
});

test('an order whose end is lost is asked for by name', async () => {
  const lost = { at: 72_000, fault: { type: 'drop', count: 1, only: '"state":"expired"' } } as const;
  await withScene([lost], async (scene) => {
    const id = scene.send({
      ...{ instrument: euro, side: 'buy', quantity: 100, orderType: 'limit' },
      limitPrice: scene.quote(euro).bidPrice - 2_000,
      ...{ timeInForce: 'goodTillTime', expiresAt: startAt + 90_000 },
    });
    await scene.pass(60_000);
    assert.equal(scene.of('order.expired', id).length, 1);
    assert.match(scene.of('venue.impaired').at(-1)?.reason ?? '', /are missing$/);
  });
});

test('an id that is taken already leaves the order open', async () => {
  await withScene([], async (scene, wire) => {
    const id = scene.send({ instrument: euro, side: 'buy', quantity: 100 });
    await scene.pass(5_000);
    const again = wire.openPort();
    const told: VenueInput[] = [];
    const parts = { clock: scene.clock, symbols: ['EUR_USD'], close: () => undefined };
    const other = await openScene(sceneOver(wire.floor, { ...parts, port: again, tradeByOtherHands: () => undefined }));
    assert.equal(other.send({ instrument: euro, side: 'buy', quantity: 100 }), id);
    await scene.pass(5_000);
    told.push(...other.of('order.unresolved', id), ...other.of('order.rejected', id));
    assert.deepEqual(
      told.map(({ type }) => type),
      ['order.unresolved'],
    );
    assert.equal(wire.floor.ledger().positions[0]?.signedQuantity, 100);
    await again.close();
  });
});

test('money that comes in is told with the balance after it', async () => {
  await withScene([], async (scene, wire) => {
    wire.server.act('transfer', { amount: '250.5' });
    await scene.pass(1_000);
    assert.deepEqual(
      scene.of('balance.changed').map(({ amount, balance }) => [amount, balance]),
      [[250_500_000, 100_250_500_000]],
    );
  });
});

test('what cannot be read is put aside, and what repeats a number is not heard', async () => {
  const inject = (text: string) => ({ at: 75_000, fault: { type: 'inject', text } }) as const;
  const quote = '{"n":1,"type":"quote","symbol":"EUR_USD","bid":"9.00000","ask":"9.00001"}';
  await withScene([inject('no JSON canary-harbor-token'), inject(quote)], async (scene) => {
    await scene.pass(10_000);
    assert.deepEqual(
      scene.of('message.quarantined').map(({ part, excerpt }) => [part, excerpt]),
      [['stream', 'no JSON [secret]']],
    );
    assert.deepEqual(
      scene.of('quote.updated').filter(({ bidPrice }) => bidPrice === 900_000),
      [],
    );
  });
});

test('a wrong key is refused by name', async () => {
  const { wire, clock } = wireWith([], 'another-key');
  const port = wire.openPort();
  await assert.rejects(settle(clock, port.preflight()), { name: 'VenueError', kind: 'refused', code: 'UNAUTHORIZED' });
  wire.close();
  wire.floor.stop();
});

test('actions that Harbor does not know are named', () => {
  const { wire } = wireWith([]);
  assert.throws(() => wire.server.act('explode', {}), /found 'explode'/);
  wire.close();
  wire.floor.stop();
});
