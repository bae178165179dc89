import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, type ScriptedOanda, scriptOanda, settle } from '../../../tests/support/scripted-oanda.ts';

const time = '2026-01-05T12:00:12.000000000Z';

async function opened(): Promise<ScriptedOanda> {
  const script = scriptOanda();
  await script.open();
  return script;
}

function pending(id: string, clientId?: string): object {
  return { id, type: 'LIMIT', instrument: 'EUR_USD', units: '1', price: '1.1', clientExtensions: { id: clientId } };
}

test('F23: everything that waits is cancelled, stops of trades too, but what is to be kept', async () => {
  const script = await opened();
  script.account['orders'] = [
    pending('101', 'tw-run-1'),
    { id: '102', type: 'STOP_LOSS', tradeID: '90', clientExtensions: { id: 'tw-run-0-s' } },
    { id: '103', type: 'STOP_LOSS', tradeID: '91', clientExtensions: { id: 'tw-run-9-s' } },
    pending('104', 'of another hand'),
    pending('105'),
  ];
  const cancel = {
    id: '106',
    type: 'ORDER_CANCEL',
    time,
    orderID: '101',
    clientOrderID: 'tw-run-1',
    reason: 'CLIENT_REQUEST',
  };
  script.on(/cancel$/, (asked) => {
    if (asked.includes('/101/')) return ok({ orderCancelTransaction: cancel });
    return asked.includes('/104/') ? ok({ errorCode: 'ORDER_DOESNT_EXIST' }, 404) : ok({});
  });
  const outcome = await settle(script.clock, script.venue.cancelAll(new Set(['tw-run-9-s', 'external-105'])));
  assert.deepEqual(outcome, { attempted: 3, problems: [] });
  const canceled = script.asked.filter((asked) => asked.startsWith('PUT'));
  assert.deepEqual(canceled, ['PUT orders/101/cancel', 'PUT orders/102/cancel', 'PUT orders/104/cancel']);
  assert.deepEqual(script.ofType('order.canceled'), [
    { type: 'order.canceled', clientOrderId: 'tw-run-1', reason: 'CLIENT_REQUEST' },
  ]);
});

test('an order that may still stand is a problem, and orders that cannot be listed are no success', async () => {
  const script = await opened();
  script.account['orders'] = [pending('101'), pending('102'), pending('103')];
  script.on(/101\/cancel$/, () => 'reset');
  script.on(/102\/cancel$/, () => ok({ errorMessage: 'no' }, 400));
  script.on(/103\/cancel$/, () => 'refused');
  const { attempted, problems } = await settle(script.clock, script.venue.cancelAll(new Set()));
  assert.equal(attempted, 3);
  assert.equal(problems.length, 3);
  script.on(/pendingOrders/, () => 'reset');
  await assert.rejects(settle(script.clock, script.venue.cancelAll(new Set())), { kind: 'unreachable' });
});

function position(long: string, short: string): object {
  return { position: { instrument: 'EUR_USD', long: { units: long }, short: { units: short } } };
}

const closingFill = {
  id: '102',
  type: 'ORDER_FILL',
  time,
  orderID: '101',
  instrument: 'EUR_USD',
  units: '30',
  price: '1.1',
  accountBalance: '999.0000',
};

test('a position is closed whole on the side that is held, and told as the fill of another hand', async () => {
  const script = await opened();
  script.on(/^GET positions/, () => ok(position('0', '-30')));
  script.on(/^PUT positions/, () => ok({ shortOrderFillTransaction: closingFill }));
  await settle(script.clock, script.venue.closePosition('EURUSD.OANDA'));
  assert.equal(script.requests.at(-1)?.body, '{"shortUnits":"ALL"}');
  assert.equal(script.ofType('order.filled')[0]?.clientOrderId, 'external-101');
});

test('where nothing is held nothing is sent, and that nothing was there to close is success', async () => {
  const script = await opened();
  script.on(/^GET positions/, () => ok(position('0', '0')));
  await settle(script.clock, script.venue.closePosition('EURUSD.OANDA'));
  assert.equal(
    script.asked.some((asked) => asked.startsWith('PUT')),
    false,
  );
  script.on(/^GET positions/, () => ok(position('5', '0')));
  const reject = { id: '101', type: 'MARKET_ORDER_REJECT', time, rejectReason: 'CLOSEOUT_POSITION_DOESNT_EXIST' };
  script.on(/^PUT positions/, () => ok({ longOrderRejectTransaction: reject, errorMessage: 'none' }, 404));
  await settle(script.clock, script.venue.closePosition('EURUSD.OANDA'));
});

test('I-12: where the position cannot be asked for both sides are closed', async () => {
  const script = await opened();
  script.on(/^GET positions/, () => 'reset');
  script.on(/^PUT positions/, (_, request) =>
    request.body === '{"longUnits":"ALL"}'
      ? ok({ errorCode: 'CLOSEOUT_POSITION_DOESNT_EXIST', errorMessage: 'none' }, 404)
      : ok({ shortOrderFillTransaction: closingFill }),
  );
  await settle(script.clock, script.venue.closePosition('EURUSD.OANDA'));
  assert.equal(script.asked.filter((asked) => asked.startsWith('PUT')).length, 2);
});

test('a close that was taken and not filled is no success', async () => {
  const script = await opened();
  script.on(/^GET positions/, () => ok(position('30', '0')));
  const cancel = { id: '102', type: 'ORDER_CANCEL', time, orderID: '101', reason: 'MARKET_HALTED' };
  script.on(/^PUT positions/, () => ok({ longOrderCancelTransaction: cancel }));
  const close = (): Promise<void> => settle(script.clock, script.venue.closePosition('EURUSD.OANDA'));
  await assert.rejects(close(), { kind: 'refused', code: 'MARKET_HALTED' });
  script.on(/^PUT positions/, () => ok({}));
  await assert.rejects(close(), { kind: 'refused', code: 'NOT_FILLED' });
  script.on(/^PUT positions/, () => 'reset');
  await assert.rejects(close(), { kind: 'unreachable' });
  await assert.rejects(settle(script.clock, script.venue.closePosition('GBPUSD.OANDA')), {
    code: 'UNKNOWN_INSTRUMENT',
  });
});
