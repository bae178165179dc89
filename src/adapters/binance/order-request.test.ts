import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitcoin, bookOf, orderRequest, sentOrder } from '../../../tests/support/binance-adapter-scene.ts';
import { noteOrder } from './account-book.ts';
import { amendRequest, cancelRequest, familyOf, submitRequest } from './order-request.ts';

const { instrument } = bitcoin;
const now = 1_700_000_000_000;

test('a market order has no price and no life, and asks for its final state', () => {
  assert.deepEqual(submitRequest(orderRequest(), instrument, now), {
    name: 'newOrder',
    parameters: {
      symbol: 'BTCUSDT',
      side: 'BUY',
      quantity: '0.010',
      reduceOnly: undefined,
      newClientOrderId: 'tw-run-1',
      newOrderRespType: 'RESULT',
      type: 'MARKET',
    },
  });
});

test('a limit order is written with its price and its life', () => {
  const lives = { goodTillCancel: 'GTC', immediateOrCancel: 'IOC', fillOrKill: 'FOK' } as const;
  for (const life of ['goodTillCancel', 'immediateOrCancel', 'fillOrKill'] as const) {
    const { parameters } = submitRequest(
      orderRequest({ orderType: 'limit', limitPrice: 490_001, timeInForce: life, isReduceOnly: true }),
      instrument,
      now,
    );
    assert.deepEqual(
      [parameters['type'], parameters['price'], parameters['timeInForce'], parameters['reduceOnly']],
      ['LIMIT', '49000.1', lives[life], true],
    );
  }
});

test('an end nearer than the venue takes is sent as the nearest that it takes, a later one as it is', () => {
  const dated = (expiresAt: number) =>
    submitRequest(
      orderRequest({ orderType: 'limit', limitPrice: 490_000, timeInForce: 'goodTillTime', expiresAt }),
      instrument,
      now,
    ).parameters;
  assert.deepEqual([dated(now + 120_000)['timeInForce'], dated(now + 120_000)['goodTillDate']], ['GTD', now + 660_000]);
  assert.equal(dated(now + 3_600_001)['goodTillDate'], now + 3_601_000);
});

test('a stop goes to the conditional family under our own id (F21)', () => {
  const stop = orderRequest({
    orderType: 'stop',
    stopPrice: 490_000,
    side: 'sell',
    isReduceOnly: true,
    purpose: 'stopLoss',
  });
  assert.equal(familyOf(stop), 'conditional');
  assert.deepEqual(submitRequest(stop, instrument, now), {
    name: 'newAlgoOrder',
    parameters: {
      symbol: 'BTCUSDT',
      side: 'SELL',
      algoType: 'CONDITIONAL',
      type: 'STOP_MARKET',
      triggerPrice: '49000.0',
      workingType: 'CONTRACT_PRICE',
      quantity: '0.010',
      reduceOnly: true,
      clientAlgoId: 'tw-run-1',
    },
  });
});

test('an order is taken back by our id, one of another hand by the id of the venue', () => {
  assert.deepEqual(cancelRequest(sentOrder()), {
    name: 'cancelOrder',
    parameters: { symbol: 'BTCUSDT', origClientOrderId: 'tw-run-1' },
  });
  assert.deepEqual(cancelRequest(sentOrder({ clientOrderId: 'external-7', wireId: 'web_1' })), {
    name: 'cancelOrder',
    parameters: { symbol: 'BTCUSDT', orderId: '7' },
  });
  assert.deepEqual(cancelRequest(sentOrder({ family: 'conditional' })), {
    name: 'cancelAlgoOrder',
    parameters: { symbol: 'BTCUSDT', clientAlgoId: 'tw-run-1' },
  });
  assert.deepEqual(cancelRequest(sentOrder({ clientOrderId: 'external-algo-7', family: 'conditional' })).parameters, {
    symbol: 'BTCUSDT',
    algoId: '7',
  });
});

test('an amendment carries the whole quantity', () => {
  const known = noteOrder(bookOf(), sentOrder({ orderType: 'limit', limitPrice: 490_000 }), true);
  assert.deepEqual(amendRequest(known, 480_000, instrument), {
    name: 'modifyOrder',
    parameters: { symbol: 'BTCUSDT', side: 'BUY', origClientOrderId: 'tw-run-1', quantity: '0.010', price: '48000.0' },
  });
});
