import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import type { OrderRequest } from '#domain/order.ts';
import { orderBody, replacementBody, tradeOrderBody } from './mapper-orders.ts';

const euro = fxInstrument('EUR_USD');
const request: OrderRequest = {
  clientOrderId: 'tw-run-1',
  instrument: 'EURUSD.OANDA',
  side: 'sell',
  quantity: 100,
  orderType: 'market',
  limitPrice: null,
  stopPrice: null,
  timeInForce: 'fillOrKill',
  expiresAt: null,
  isReduceOnly: false,
  purpose: 'entry',
  bracket: { stopPrice: 110_000, targetPrice: 107_000 },
  strategy: 'strategy-a',
  reason: 'signal',
};

test('an entry at the market carries its bracket, our ids and the strategy', () => {
  assert.deepEqual(orderBody(request, euro), {
    order: {
      type: 'MARKET',
      instrument: 'EUR_USD',
      units: '-100',
      timeInForce: 'FOK',
      positionFill: 'DEFAULT',
      takeProfitOnFill: {
        timeInForce: 'GTC',
        price: '1.07000',
        clientExtensions: { id: 'tw-run-1-t', tag: 'strategy-a' },
      },
      stopLossOnFill: {
        timeInForce: 'GTC',
        price: '1.10000',
        clientExtensions: { id: 'tw-run-1-s', tag: 'strategy-a' },
      },
      clientExtensions: { id: 'tw-run-1', tag: 'strategy-a' },
      tradeClientExtensions: { id: 'tw-run-1', tag: 'strategy-a' },
    },
  });
});

test('a reduction at the market may only reduce, and is filled or killed whatever it asked for', () => {
  const body = orderBody(
    { ...request, side: 'buy', isReduceOnly: true, bracket: null, timeInForce: 'goodTillCancel', strategy: '' },
    euro,
  );
  assert.deepEqual(body['order'], {
    type: 'MARKET',
    instrument: 'EUR_USD',
    units: '100',
    timeInForce: 'FOK',
    positionFill: 'REDUCE_ONLY',
    clientExtensions: { id: 'tw-run-1' },
    tradeClientExtensions: { id: 'tw-run-1' },
  });
});

test('a limit order has its price and its end', () => {
  const body = orderBody(
    {
      ...request,
      orderType: 'limit',
      limitPrice: 108_500,
      timeInForce: 'goodTillTime',
      expiresAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
      bracket: { stopPrice: null, targetPrice: null },
    },
    euro,
  );
  assert.deepEqual(body['order'], {
    type: 'LIMIT',
    instrument: 'EUR_USD',
    units: '-100',
    price: '1.08500',
    timeInForce: 'GTD',
    gtdTime: '2026-01-02T03:04:05.006000000Z',
    positionFill: 'DEFAULT',
    clientExtensions: { id: 'tw-run-1', tag: 'strategy-a' },
    tradeClientExtensions: { id: 'tw-run-1', tag: 'strategy-a' },
  });
});

test('a stop order has its stop as its price', () => {
  const order = {
    ...request,
    orderType: 'stop',
    stopPrice: 107_500,
    bracket: null,
    timeInForce: 'goodTillCancel',
  } as const;
  const body = orderBody(order, euro)['order'] as Record<string, unknown>;
  assert.equal(body['type'], 'STOP');
  assert.equal(body['price'], '1.07500');
  assert.equal(body['timeInForce'], 'GTC');
});

test('a replacement keeps everything but the price', () => {
  const order = {
    id: '6372',
    type: 'LIMIT',
    state: 'PENDING',
    instrument: 'EUR_USD',
    units: '-100',
    price: '1.08500',
    timeInForce: 'GTC',
    positionFill: 'POSITION_DEFAULT',
    stopLossOnFill: { timeInForce: 'GTC', price: '1.10000' },
    clientExtensions: { id: 'tw-run-1' },
    createTime: '2016-10-28T15:11:58.023004583Z',
  };
  assert.deepEqual(replacementBody(order, '1.08600'), {
    order: {
      type: 'LIMIT',
      instrument: 'EUR_USD',
      units: '-100',
      price: '1.08600',
      timeInForce: 'GTC',
      positionFill: 'DEFAULT',
      stopLossOnFill: { timeInForce: 'GTC', price: '1.10000' },
      clientExtensions: { id: 'tw-run-1' },
    },
  });
});

test("moving a trade's stop leaves its target alone", () => {
  const stop = { id: '9', type: 'STOP_LOSS', tradeID: '8', timeInForce: 'GTC', clientExtensions: { id: 'tw-run-1-s' } };
  assert.deepEqual(tradeOrderBody(stop, '1.09000'), {
    stopLoss: { price: '1.09000', timeInForce: 'GTC', clientExtensions: { id: 'tw-run-1-s' } },
  });
  assert.deepEqual(tradeOrderBody({ id: '9', type: 'TAKE_PROFIT', tradeID: '8' }, '1.07000'), {
    takeProfit: { price: '1.07000', timeInForce: 'GTC' },
  });
});
