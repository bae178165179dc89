import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eurUsdId, followOanda, openOanda } from '../../../tests/support/oanda-scene.ts';

const path = 'pricing/stream?instruments=EUR_USD,USD_JPY';

test('a stream begins with a snapshot, unless that is not wanted', async () => {
  const scene = openOanda();
  const stream = await followOanda(scene, `${path}&`);
  assert.deepEqual(
    stream.lines.map(({ type, instrument }) => [type, instrument]),
    [['PRICE', 'EUR_USD']],
  );
  assert.deepEqual((await followOanda(scene, `${path}&snapshot=false`)).lines, []);
  assert.equal((await followOanda(scene, 'pricing/stream?instruments=ABC_DEF')).status, 400);
});

test('of the prices in a quarter of a second the first and the last are told', async () => {
  const scene = openOanda();
  const stream = await followOanda(scene, `${path}&snapshot=false`);
  const startAt = scene.clock.now();
  for (let index = 1; index <= 20; index += 1) {
    scene.floor.quote(eurUsdId, 110_000 + index, 110_010 + index);
    await scene.clock.pass(50);
  }
  await scene.clock.pass(250);
  const told = stream.lines.filter(({ type }) => type === 'PRICE') as { bids: { price: string }[]; time: string }[];
  assert.deepEqual(
    told.map(({ bids }) => bids[0]?.price),
    ['1.10001', '1.10005', '1.10010', '1.10015', '1.10020'],
  );
  assert.deepEqual(
    told.map(({ time }) => Date.parse(time) - startAt),
    [0, 200, 450, 700, 950],
  );
});

test('a heartbeat comes every five seconds whether there are prices or not', async () => {
  const scene = openOanda();
  const stream = await followOanda(scene, path);
  await scene.clock.pass(17_000);
  const beats = stream.lines.filter(({ type }) => type === 'HEARTBEAT');
  assert.equal(beats.length, 3);
  stream.close();
  await scene.clock.pass(60_000);
  assert.equal(stream.lines.length, 4);
});

test('a market that closes tells it with its last price', async () => {
  const scene = openOanda();
  const stream = await followOanda(scene, path);
  scene.server.act('halt', { instrument: 'EUR_USD' });
  await scene.clock.pass(5_001);
  assert.deepEqual(
    stream.lines.map(({ type, tradeable }) => [type, tradeable]),
    [
      ['PRICE', true],
      ['PRICE', false],
      ['HEARTBEAT', undefined],
    ],
  );
  scene.server.act('resume', { instrument: 'EUR_USD' });
  await scene.clock.pass(5_000);
  assert.equal(stream.lines.at(-2)?.['tradeable'], true);
});

test('heartbeats may go on while no price comes, and a stream may fall silent alone', async () => {
  const scene = openOanda({
    script: {
      faults: [
        { at: 1_000, for: 60_000, fault: { type: 'stall', stream: 'pricing', except: 'HEARTBEAT' } },
        { at: 100_000, for: 60_000, fault: { type: 'stall', stream: 'pricing' } },
      ],
    },
  });
  const pricing = await followOanda(scene, path);
  const transactions = await followOanda(scene, 'transactions/stream');
  await scene.clock.pass(2_000);
  scene.floor.quote(eurUsdId, 110_001, 110_011);
  await scene.clock.pass(10_000);
  assert.deepEqual(
    pricing.lines.map(({ type }) => type),
    ['PRICE', 'HEARTBEAT', 'HEARTBEAT'],
  );
  await scene.clock.pass(90_000);
  const before = [pricing.lines.length, transactions.lines.length] as const;
  await scene.clock.pass(50_000);
  assert.equal(pricing.lines.length, before[0]);
  assert.equal(transactions.lines.length, before[1] + 10);
});
