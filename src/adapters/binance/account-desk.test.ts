import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderRequest } from '../../../tests/support/binance-adapter-scene.ts';
import {
  accountUpdate,
  algoRow,
  orderRow,
  submit,
  tradeRow,
  tradeUpdate,
} from '../../../tests/support/scripted-binance.ts';
import { openedDesk, passLively } from '../../../tests/support/scripted-binance-desk.ts';

const instrument = 'BTCUSDT-PERP.BINANCE';

test('the end of the key is heard whichever way its time is written, and leads to another key (F27, F28)', async () => {
  for (const E of [1_736_996_475_556, '1736996475556']) {
    const desk = await openedDesk();
    desk.server.on('POST /fapi/v1/listenKey', () => ({ body: { listenKey: 'key-2' } }));
    desk.server.carry('/private/', { e: 'listenKeyExpired', E, listenKey: 'key-1' });
    await passLively(desk, 10);
    assert.deepEqual(desk.server.openUrls('/private/'), ['wss://stream.binance.test/private/ws?listenKey=key-2']);
    const account = desk.inputs.flatMap((input) => ('part' in input && input.part === 'account' ? [input.type] : []));
    assert.deepEqual(account, ['venue.impaired', 'venue.restored', 'venue.impaired', 'venue.restored']);
    await desk.venue.close();
  }
});

test('a trade that was announced and never told is asked for (F10)', async () => {
  const desk = await openedDesk();
  desk.server.on('GET /fapi/v1/order', () => ({ body: orderRow({ status: 'FILLED', executedQty: '0.010' }) }));
  desk.server.on('GET /fapi/v1/userTrades', () => ({ body: [tradeRow()] }));
  desk.server.carry('/private/', { e: 'TRADE_LITE', E: 1, T: 1, s: 'BTCUSDT', c: 'tw-run-1', t: 698759, i: 22542179 });
  await desk.clock.pass(6_000);
  assert.deepEqual(
    desk.told('order.filled').map(({ fillId }) => fillId),
    ['698759'],
  );
  desk.server.carry('/private/', tradeUpdate());
  assert.equal(desk.told('order.filled').length, 1);
  await desk.venue.close();
});

test('a funding of crossed positions is told of the instrument that it was for (F58)', async () => {
  const desk = await openedDesk();
  const at = desk.clock.now();
  desk.server.on('GET /fapi/v1/income', () => ({
    body: [{ symbol: 'BTCUSDT', incomeType: 'FUNDING_FEE', income: '-0.5', asset: 'USDT', time: at, tranId: 1 }],
  }));
  desk.server.carry('/private/', accountUpdate('FUNDING_FEE', { wb: '999.50000000', bc: '-0.5' }, [], at));
  await desk.clock.pass(10);
  assert.deepEqual(desk.told('financing.charged'), [
    { type: 'financing.charged', instrument, amount: -50_000_000, days: 0, balance: 99_950_000_000 },
  ]);
  await desk.venue.close();
});

test('another leverage is read back and told as another margin rate (F63)', async () => {
  const desk = await openedDesk();
  desk.server.on('GET /fapi/v1/symbolConfig', () => ({
    body: [{ symbol: 'BTCUSDT', marginType: 'isolated', leverage: 10 }],
  }));
  desk.server.carry('/private/', { e: 'ACCOUNT_CONFIG_UPDATE', E: 1, T: 1, ac: { s: 'BTCUSDT', l: 10 } });
  await desk.clock.pass(10);
  assert.equal(desk.told('instrument.changed')[0]?.instrument.marginRate, 0.1);
  await desk.venue.close();
});

test('a call for margin counts for some minutes', async () => {
  const desk = await openedDesk();
  desk.server.carry('/private/', { e: 'MARGIN_CALL', E: 1, p: [{ s: 'BTCUSDT' }] });
  await passLively(desk, 290);
  const margin = () => desk.inputs.flatMap((input) => ('part' in input && input.part === 'margin' ? [input.type] : []));
  assert.deepEqual(margin(), ['venue.impaired']);
  await passLively(desk, 20);
  assert.deepEqual(margin(), ['venue.impaired', 'venue.restored']);
  await desk.venue.close();
});

test('an order that the venue does not know is unresolved, never rejected by us (I-06)', async () => {
  const desk = await openedDesk();
  desk.server.refuse('GET /fapi/v1/order', -2013);
  desk.server.refuse('GET /fapi/v1/algoOrder', -2013);
  desk.server.on('POST /fapi/v1/order', () => ({ body: orderRow({ status: 'FILLED', executedQty: '0.010' }) }));
  desk.venue.send(submit(orderRequest(), desk.clock.now()));
  await desk.clock.pass(6_000);
  const kinds = desk.inputs.flatMap((input) => ('clientOrderId' in input ? [input.type] : []));
  assert.deepEqual(kinds, ['order.accepted', 'order.unresolved']);
  await desk.venue.close();
});

test('an order taken over from an earlier process is cancelled in its own family (F89)', async () => {
  const desk = await openedDesk();
  desk.server.on('GET /fapi/v1/openAlgoOrders', () => ({ body: [algoRow()] }));
  desk.server.on('DELETE /fapi/v1/algoOrder', () => ({
    body: { algoId: 2146760, clientAlgoId: 'tw-run-1-s', code: '200', msg: 'success' },
  }));
  desk.venue.send({
    type: 'order.cancelRequested',
    at: desk.clock.now(),
    clientOrderId: 'tw-run-1-s',
    reason: 'asked',
  });
  await desk.clock.pass(10);
  assert.equal(desk.server.askedOf('DELETE /fapi/v1/algoOrder')[0]?.query.get('clientAlgoId'), 'tw-run-1-s');
  await desk.venue.close();
});

test('an order whose sending is not over is not looked for before it is (F07)', async () => {
  const desk = await openedDesk();
  desk.server.on('POST /fapi/v1/order', () => 'silence');
  desk.server.on('GET /fapi/v1/order', () => ({ body: orderRow() }));
  desk.venue.send(submit(orderRequest(), desk.clock.now()));
  await desk.clock.pass(10);
  const asked = desk.venue.findOrder('tw-run-1', instrument);
  await passLively(desk, 5);
  assert.equal(desk.server.askedOf('GET /fapi/v1/order').length, 0);
  await passLively(desk, 10);
  assert.equal((await asked).type, 'found');
  await desk.venue.close();
});
