import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { Impairments } from './impairments.ts';
import { MarketDepth } from './market-depth.ts';

function scene() {
  const rest = restScene();
  const inputs: VenueInput[] = [];
  const tell = (input: VenueInput): void => void inputs.push(input);
  const context = {
    time: rest.clock,
    rest: rest.rest,
    markets: rest.book.markets,
    impairments: new Impairments(tell),
    tell,
    onNotice: rest.onNotice,
  };
  const depth = new MarketDepth(context, ['BTCUSDT', 'NOPEUSDT']);
  rest.server.on('GET /fapi/v1/depth', () => ({
    body: { lastUpdateId: 100, bids: [['50000.0', '1.000']], asks: [['50000.1', '2.000']] },
  }));
  const update = (U: number, u: number, pu: number) =>
    depth.onDepth({ e: 'depthUpdate', s: 'BTCUSDT', U, u, pu, b: [], a: [] });
  const books = () => inputs.flatMap((input) => (input.type === 'depth.updated' ? [input.bids.length] : []));
  return { ...rest, depth, inputs, update, books };
}

test('a book is told once a second from when it is known', async () => {
  const { depth, update, books, clock } = scene();
  depth.tell();
  update(95, 105, 94);
  await clock.pass(10);
  depth.tell();
  depth.tell();
  assert.deepEqual(books(), [1, 1]);
});

test('a gap empties the book at once and asks for a snapshot, but not too often (F39)', async () => {
  const { update, books, clock, server, depth } = scene();
  update(95, 105, 94);
  await clock.pass(10);
  update(110, 111, 109);
  assert.deepEqual(books(), [0]);
  update(112, 113, 111);
  await clock.pass(10);
  assert.equal(server.askedOf('GET /fapi/v1/depth').length, 1);
  await clock.pass(5_000);
  server.on('GET /fapi/v1/depth', () => ({
    body: { lastUpdateId: 113, bids: [['50000.0', '1.000']], asks: [['50000.1', '2.000']] },
  }));
  update(114, 115, 113);
  await clock.pass(10);
  update(116, 117, 115);
  depth.tell();
  assert.deepEqual(books(), [0, 1]);
  assert.equal(server.askedOf('GET /fapi/v1/depth').length, 2);
});

test('a connection that was lost empties the book', async () => {
  const { update, books, clock, depth } = scene();
  update(95, 105, 94);
  await clock.pass(10);
  depth.onDown();
  depth.onDown();
  assert.deepEqual(books(), [0]);
});

test('a snapshot that fails is noticed, a change that cannot be read is put aside', async () => {
  const { update, clock, server, depth, notices, inputs } = scene();
  server.refuse('GET /fapi/v1/depth', -1121);
  update(95, 105, 94);
  await clock.pass(10);
  assert.match(notices.join(), /snapshot/);
  depth.onDepth({ e: 'depthUpdate', s: 'BTCUSDT' });
  assert.deepEqual(
    inputs.map(({ type }) => type),
    ['message.quarantined'],
  );
});
