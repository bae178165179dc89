import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitcoin, bookOf } from '../../../tests/support/binance-adapter-scene.ts';
import { algoRow, orderRow, orderUpdate } from '../../../tests/support/scripted-binance.ts';
import { algoFacts, algoUpdateFacts, orderFacts, updateFacts } from './order-facts.ts';
import { algoOrderSchema, algoUpdateSchema, orderSchema, orderTradeUpdateSchema } from './schema.ts';

const { instrument } = bitcoin;

test('a limit order is read in whole steps', () => {
  const row = orderSchema.parse(
    orderRow({ type: 'LIMIT', price: '49000.0', executedQty: '0.004', reduceOnly: true, side: 'SELL' }),
  );
  assert.deepEqual(orderFacts(row, instrument, bookOf()), {
    clientOrderId: 'tw-run-1',
    wireId: 'tw-run-1',
    venueOrderId: '22542179',
    family: 'ordinary',
    symbol: 'BTCUSDT',
    side: 'sell',
    quantity: 10,
    filledQuantity: 4,
    orderType: 'limit',
    limitPrice: 490_000,
    stopPrice: null,
    isReduceOnly: true,
    at: 1_700_000_000_000,
  });
});

test('the stream tells the same of an order as a question about it', () => {
  const update = orderTradeUpdateSchema.parse(
    orderUpdate({ o: 'LIMIT', p: '49000.0', z: '0.004', R: true, S: 'SELL' }),
  );
  const row = orderSchema.parse(
    orderRow({ type: 'LIMIT', price: '49000.0', executedQty: '0.004', reduceOnly: true, side: 'SELL' }),
  );
  assert.deepEqual(updateFacts(update, instrument, bookOf()), orderFacts(row, instrument, bookOf()));
});

test('a conditional order is a stop with its trigger', () => {
  const facts = algoFacts(algoOrderSchema.parse(algoRow()), instrument, bookOf());
  assert.deepEqual(
    [
      facts?.clientOrderId,
      facts?.venueOrderId,
      facts?.family,
      facts?.stopPrice,
      facts?.limitPrice,
      facts?.isReduceOnly,
    ],
    ['tw-run-1-s', '2146760', 'conditional', 490_000, null, true],
  );
});

test('the stream tells the same of a conditional order', () => {
  const o = {
    caid: 'tw-run-1-s',
    aid: 2146760,
    s: 'BTCUSDT',
    S: 'SELL',
    o: 'STOP_MARKET',
    q: '0.010',
    X: 'NEW',
    tp: '49000.0',
    p: '0',
    R: true,
  };
  const update = algoUpdateSchema.parse({ E: 1_700_000_000_000, T: 1_700_000_000_000, o });
  assert.deepEqual(
    algoUpdateFacts(update, instrument, bookOf()),
    algoFacts(algoOrderSchema.parse(algoRow()), instrument, bookOf()),
  );
});

test('one that closes whatever is held has no quantity and only reduces', () => {
  const facts = algoFacts(
    algoOrderSchema.parse(algoRow({ quantity: '', reduceOnly: false, closePosition: true })),
    instrument,
    bookOf(),
  );
  assert.deepEqual([facts?.quantity, facts?.isReduceOnly], [0, true]);
});

test('a quantity between two steps is not read', () => {
  assert.equal(orderFacts(orderSchema.parse(orderRow({ origQty: '0.0105' })), instrument, bookOf()), undefined);
  assert.equal(algoFacts(algoOrderSchema.parse(algoRow({ quantity: 'NaN' })), instrument, bookOf()), undefined);
});
