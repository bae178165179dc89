import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tradeRow } from '../../../tests/support/scripted-binance.ts';
import { type RestScene, restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { pageLimit, readPages, windowMs } from './history-pages.ts';
import { userTradeSchema } from './schema.ts';

const fromAt = 1_690_000_000_000;

function read(scene: RestScene, untilAt: number) {
  return scene.settled(
    readPages({
      rest: scene.rest,
      name: 'userTrades',
      parameters: { symbol: 'BTCUSDT' },
      schema: userTradeSchema,
      fromAt,
      untilAt,
      timeOf: ({ time }) => time,
      keyOf: ({ id }) => id,
    }),
  );
}

/** Serves the trades of a span, oldest first and no more than a page. */
function serve(scene: RestScene, trades: readonly { id: number; time: number }[]): void {
  scene.server.on('GET /fapi/v1/userTrades', (query) => {
    const [from, until] = [Number(query.get('startTime')), Number(query.get('endTime'))];
    const rows = trades.filter(({ time }) => time >= from && time <= until).slice(0, Number(query.get('limit')));
    return { body: rows.map((row) => tradeRow(row)) };
  });
}

test('no question spans more than the venue answers for', async () => {
  const scene = restScene();
  const untilAt = fromAt + 3 * windowMs;
  serve(scene, [
    { id: 1, time: fromAt },
    { id: 2, time: untilAt },
  ]);
  assert.deepEqual(
    (await read(scene, untilAt)).map(({ id }) => id),
    ['1', '2'],
  );
  for (const { query } of scene.server.askedOf('GET /fapi/v1/userTrades')) {
    assert.ok(Number(query.get('endTime')) - Number(query.get('startTime')) <= windowMs);
  }
});

test('a full page leads to the next, and nothing is lost or doubled between the two', async () => {
  const scene = restScene();
  const trades = Array.from({ length: 2 * pageLimit + 5 }, (_, id) => ({ id, time: fromAt + Math.floor(id / 3) }));
  serve(scene, trades);
  const ids = (await read(scene, fromAt + 1_000_000)).map(({ id }) => Number(id));
  assert.deepEqual(
    ids,
    trades.map(({ id }) => id),
  );
});

test('a history without an end is refused', async () => {
  const scene = restScene();
  let id = 0;
  scene.server.on('GET /fapi/v1/userTrades', (query) => ({
    body: Array.from({ length: pageLimit }, () => tradeRow({ id: id++, time: Number(query.get('startTime')) })),
  }));
  await assert.rejects(read(scene, fromAt + windowMs), { code: 'TOO_LONG' });
});
