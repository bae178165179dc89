import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, followOanda, openOanda } from '../../../tests/support/oanda-scene.ts';

const market = { order: { type: 'MARKET', instrument: 'EUR_USD', units: '100' } };

test('transactions come as they are written, between heartbeats that tell the last id', async () => {
  const scene = openOanda();
  const stream = await followOanda(scene, 'transactions/stream');
  await scene.clock.pass(5_000);
  await askOanda(scene, 'POST', 'orders', market);
  await scene.clock.pass(5_000);
  assert.deepEqual(
    stream.lines.map(({ type, id, lastTransactionID }) => [type, id ?? lastTransactionID]),
    [
      ['HEARTBEAT', '2'],
      ['HEARTBEAT', '2'],
      ['MARKET_ORDER', '3'],
      ['ORDER_FILL', '4'],
      ['HEARTBEAT', '4'],
    ],
  );
});

test('a fill is on the stream before the answer that was held back', async () => {
  const scene = openOanda({
    script: { faults: [{ at: 0, match: { method: 'POST' }, fault: { type: 'delayAnswer', ms: 2_000 } }] },
  });
  const stream = await followOanda(scene, 'transactions/stream');
  const asked = askOanda(scene, 'POST', 'orders', market);
  await scene.clock.pass(100);
  assert.equal(stream.lines.at(-1)?.['type'], 'ORDER_FILL');
  await scene.clock.pass(2_000);
  assert.equal((await asked).status, 201);
});

test('an order whose answer is lost has filled all the same', async () => {
  const scene = openOanda({
    script: { faults: [{ at: 0, match: { method: 'POST' }, fault: { type: 'loseAnswer' } }] },
  });
  await assert.rejects(askOanda(scene, 'POST', 'orders', market), { name: 'NetworkError', mayHaveArrived: true });
  assert.equal(scene.floor.ledger().positions[0]?.signedQuantity, 100);
});

test('lines in pieces, with carriage returns and empty lines, are the same lines', async () => {
  const fault = { type: 'chop', bytesMax: 5, hasCarriageReturns: true, hasEmptyLines: true } as const;
  const plain = openOanda();
  const chopped = openOanda({ script: { faults: [{ at: 0, for: 60_000, fault }] } });
  const told: Record<string, unknown>[][] = [];
  for (const scene of [plain, chopped]) {
    const stream = await followOanda(scene, 'transactions/stream');
    await askOanda(scene, 'POST', 'orders', market);
    await scene.clock.pass(5_000);
    told.push(stream.lines);
  }
  assert.deepEqual(told[1], told[0]);
  assert.equal(told[0]?.length, 4);
});
