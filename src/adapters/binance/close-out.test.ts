import assert from 'node:assert/strict';
import { test } from 'node:test';
import { algoRow, orderRow, positionRow } from '../../../tests/support/scripted-binance.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { cancelAllOrders, closePosition, piecesMax, renewCountdowns } from './close-out.ts';

function scene() {
  const rest = restScene();
  rest.server.on('GET /fapi/v1/openOrders', () => ({
    body: [orderRow({ type: 'LIMIT', price: '49000.0' }), orderRow({ orderId: 8, clientOrderId: 'web_1' })],
  }));
  rest.server.on('GET /fapi/v1/openAlgoOrders', () => ({ body: [algoRow()] }));
  for (const path of ['order', 'algoOrder', 'allOpenOrders', 'algoOpenOrders']) {
    rest.server.on(`DELETE /fapi/v1/${path}`, () => ({ body: { code: '200', msg: 'success' } }));
  }
  return { ...rest, symbols: ['BTCUSDT'] };
}

const deletes = ({ server }: ReturnType<typeof scene>): string[] =>
  server.asked
    .filter(({ key }) => key.startsWith('DELETE'))
    .map(({ key, query }) => `${key.split('/').at(-1)} ${query.get('symbol')}`);

test('everything goes in both families, orders of other hands as well (F23)', async () => {
  const desk = scene();
  assert.deepEqual(await desk.settled(cancelAllOrders(new Set(), desk)), { attempted: 3, problems: [] });
  assert.deepEqual(deletes(desk), ['allOpenOrders BTCUSDT', 'algoOpenOrders BTCUSDT']);
});

test('what is to stay stays, the rest goes one by one', async () => {
  const desk = scene();
  assert.deepEqual(await desk.settled(cancelAllOrders(new Set(['tw-run-1-s']), desk)), { attempted: 2, problems: [] });
  const asked = desk.server
    .askedOf('DELETE /fapi/v1/order')
    .map(({ query }) => query.get('origClientOrderId') ?? query.get('orderId'));
  assert.deepEqual(asked, ['tw-run-1', '8']);
});

test('where the lists cannot be had every symbol of the desk is swept (I-10)', async () => {
  const desk = scene();
  desk.server.on('GET /fapi/v1/openOrders', () => 'reset');
  const { problems } = await desk.settled(cancelAllOrders(new Set(), desk));
  assert.deepEqual([problems, deletes(desk)], [[], ['allOpenOrders BTCUSDT', 'algoOpenOrders BTCUSDT']]);
  const keeping = scene();
  keeping.server.on('GET /fapi/v1/openOrders', () => 'reset');
  const outcome = await keeping.settled(cancelAllOrders(new Set(['x']), keeping));
  assert.equal(outcome.problems.length, 1);
  assert.deepEqual(deletes(keeping), []);
});

test('what did not go is said, what was gone already is not', async () => {
  const desk = scene();
  desk.server.refuse('DELETE /fapi/v1/order', -2011);
  assert.deepEqual((await desk.settled(cancelAllOrders(new Set(['tw-run-1-s']), desk))).problems, []);
  desk.server.refuse('DELETE /fapi/v1/order', -1000, 'x', 500);
  assert.equal((await desk.settled(cancelAllOrders(new Set(['tw-run-1-s']), desk))).problems.length, 2);
});

test('nothing open is nothing to do', async () => {
  const desk = { ...restScene(), symbols: ['BTCUSDT'] };
  assert.deepEqual(await desk.settled(cancelAllOrders(new Set(), desk)), { attempted: 0, problems: [] });
});

test('a position is closed by what the venue says is held, and only reduced (I-09)', async () => {
  const desk = scene();
  desk.server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow('-0.015')] }));
  desk.server.on('POST /fapi/v1/order', () => ({ body: orderRow() }));
  await desk.settled(closePosition('BTCUSDT-PERP.BINANCE', desk));
  const { query } = desk.server.askedOf('POST /fapi/v1/order')[0] ?? {};
  assert.deepEqual(
    [query?.get('side'), query?.get('quantity'), query?.get('reduceOnly'), query?.get('newClientOrderId')],
    ['BUY', '0.015', 'true', null],
  );
});

test('a position beyond the largest order goes in pieces, up to a bound (F77)', async () => {
  const desk = scene();
  desk.server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow('250.000')] }));
  desk.server.on('POST /fapi/v1/order', () => ({ body: orderRow() }));
  await desk.settled(closePosition('BTCUSDT-PERP.BINANCE', desk));
  assert.deepEqual(
    desk.server.askedOf('POST /fapi/v1/order').map(({ query }) => query.get('quantity')),
    ['120.000', '120.000', '10.000'],
  );
  desk.server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow(`${120 * piecesMax + 1}.000`)] }));
  await assert.rejects(desk.settled(closePosition('BTCUSDT-PERP.BINANCE', desk)), { code: 'TOO_LARGE' });
});

test('closing nothing is no failure, and a failure is told', async () => {
  const desk = scene();
  await desk.settled(closePosition('BTCUSDT-PERP.BINANCE', desk));
  assert.equal(desk.server.askedOf('POST /fapi/v1/order').length, 0);
  desk.server.on('GET /fapi/v3/positionRisk', () => ({ body: [positionRow('1.000')] }));
  desk.server.on('POST /fapi/v1/order', () => 'reset');
  await assert.rejects(desk.settled(closePosition('BTCUSDT-PERP.BINANCE', desk)), { kind: 'unreachable' });
  assert.equal(desk.server.askedOf('POST /fapi/v1/order').length, 1);
});

test('a countdown that the venue did not take is told', async () => {
  const desk = scene();
  desk.server.refuse('POST /fapi/v1/countdownCancelAll', -1121);
  await assert.rejects(desk.settled(renewCountdowns(new Set(['BTCUSDT']), 1, desk)), { code: '-1121' });
});
