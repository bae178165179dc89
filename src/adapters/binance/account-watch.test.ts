import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { sentOrder } from '../../../tests/support/binance-adapter-scene.ts';
import { balanceRow, orderRow, positionRow, tradeRow } from '../../../tests/support/scripted-binance.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { isNewTrade, noteOrder, setPosition, setWallet } from './account-book.ts';
import { AccountWatch, checkEveryMs } from './account-watch.ts';
import { Impairments } from './impairments.ts';

function scene() {
  const rest = restScene();
  const inputs: VenueInput[] = [];
  const rotations: string[] = [];
  const stream = { messages: 0, isUp: true };
  const tell = (input: VenueInput): void => void inputs.push(input);
  const watch = new AccountWatch({
    ...rest,
    time: rest.clock,
    impairments: new Impairments(tell),
    tell,
    symbols: ['BTCUSDT'],
    messages: () => stream.messages,
    isStreamUp: () => stream.isUp,
    rotate: (reason) => rotations.push(reason),
  });
  const kinds = () => inputs.map(({ type }) => type);
  return { ...rest, watch, inputs, rotations, stream, kinds };
}

async function sound() {
  const desk = scene();
  desk.watch.lost('not open yet');
  await desk.settled(desk.watch.recover());
  desk.watch.open();
  desk.inputs.length = 0;
  return desk;
}

test('the account is held until it has been read', async () => {
  const { watch, kinds, settled, book } = scene();
  watch.lost('not open yet');
  await settled(watch.recover());
  assert.deepEqual(kinds(), ['venue.impaired', 'venue.restored']);
  assert.equal(book.wallet.balance, 100_000_000_000);
  watch.close();
});

test('a quiet stream of a quiet account is trusted', async () => {
  const { watch, kinds, clock, rotations } = await sound();
  await clock.pass(10 * checkEveryMs);
  assert.deepEqual([kinds(), rotations], [[], []]);
  watch.close();
});

test('a stream that has silently died is found within ninety seconds, and its key is given up (F27)', async () => {
  const { watch, inputs, clock, rotations, server } = await sound();
  server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow('0.010')] }));
  await clock.pass(90_000);
  assert.deepEqual(rotations, ['the account is not what its stream told']);
  assert.equal(inputs[0]?.type, 'venue.impaired');
  watch.close();
});

test('a difference that the stream clears up in the meantime is none', async () => {
  const { watch, kinds, clock, rotations, server, book, stream } = await sound();
  server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow('0.010')] }));
  await clock.pass(checkEveryMs);
  setPosition(book, 'BTCUSDT', 10);
  stream.messages += 1;
  await clock.pass(20_000);
  assert.deepEqual([kinds(), rotations], [[], []]);
  watch.close();
});

test('after a break what happened meanwhile is told, each trade once, and then the account is trusted (F31)', async () => {
  const { watch, inputs, settled, server, clock, book } = await sound();
  await clock.pass(1_000);
  isNewTrade(book, 'BTCUSDT', '1');
  noteOrder(book, sentOrder(), true);
  server.on('GET /fapi/v3/balance', () => ({ body: [balanceRow('999.60000000', clock.now())] }));
  server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow('0.010')] }));
  server.on('GET /fapi/v1/allOrders', () => ({
    body: [orderRow({ status: 'FILLED', time: 1, updateTime: clock.now() })],
  }));
  server.on('GET /fapi/v1/userTrades', () => ({
    body: [tradeRow({ id: 1, qty: '0.004', time: clock.now() }), tradeRow({ id: 2, qty: '0.006', time: clock.now() })],
  }));
  server.on('GET /fapi/v1/openOrders', () => ({
    body: [orderRow({ orderId: 9, clientOrderId: 'web_1', type: 'LIMIT', price: '49000.0' })],
  }));
  watch.lost('the socket ended');
  await settled(watch.recover());
  assert.deepEqual(
    inputs.map((input) => (input.type === 'order.filled' ? input.fillId : input.type)),
    ['venue.impaired', '2', 'order.adopted', 'venue.restored'],
  );
  assert.equal(book.positions.get('BTCUSDT'), 10);
  watch.close();
});

test('an account that cannot be read after a break stays held until it can', async () => {
  const { watch, kinds, server, clock } = await sound();
  server.refuse('GET /fapi/v3/balance', -2019);
  watch.lost('the socket ended');
  void watch.recover();
  await clock.pass(0);
  await clock.pass(30_000);
  assert.deepEqual(kinds(), ['venue.impaired']);
  server.on('GET /fapi/v3/balance', () => ({ body: [balanceRow('1000', 1)] }));
  await clock.pass(10_000);
  assert.deepEqual(kinds(), ['venue.impaired', 'venue.restored']);
  watch.close();
});

test('an account that cannot be looked at for ninety seconds is not known', async () => {
  const { watch, kinds, server, clock } = await sound();
  server.refuse('GET /fapi/v3/balance', -2019);
  await clock.pass(70_000);
  assert.deepEqual(kinds(), []);
  await clock.pass(60_000);
  assert.deepEqual(kinds(), ['venue.impaired']);
  server.on('GET /fapi/v3/balance', () => ({ body: [balanceRow('1000', 1)] }));
  await clock.pass(checkEveryMs);
  assert.deepEqual(kinds(), ['venue.impaired', 'venue.restored']);
  watch.close();
});

test('what is odd about an instrument holds it until the account has been compared (F11)', async () => {
  const { watch, inputs, clock } = await sound();
  watch.doubt('another hand traded', 'BTCUSDT-PERP.BINANCE');
  await clock.pass(10_000);
  assert.deepEqual(inputs, [
    { type: 'venue.impaired', part: 'account', instrument: 'BTCUSDT-PERP.BINANCE', reason: 'another hand traded' },
    { type: 'venue.restored', part: 'account', instrument: 'BTCUSDT-PERP.BINANCE' },
  ]);
  watch.close();
});

test('a balance that is older than the last word of the stream says nothing', async () => {
  const { watch, clock, rotations, book } = await sound();
  setWallet(book, 1, clock.now());
  await clock.pass(90_000);
  assert.deepEqual(rotations, []);
  watch.close();
});

test('nothing is looked at while the stream is down, or after the end', async () => {
  const { watch, clock, server, stream } = await sound();
  const asked = server.asked.length;
  stream.isUp = false;
  await clock.pass(2 * checkEveryMs);
  watch.close();
  stream.isUp = true;
  await clock.pass(2 * checkEveryMs);
  assert.equal(server.asked.length, asked);
});
