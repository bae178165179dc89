import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { compact, marketTerms, type OnFill, onFillPrice, orderBody, termsBody } from './account-order.ts';

const eurUsd = fxInstrument('EUR_USD');
const onFill: OnFill = { price: null, distance: 500, timeInForce: 'GTC', gtdAt: null, clientExtensions: { id: 's' } };

test('an order is told by its own fields alone', () => {
  assert.deepEqual(termsBody(marketTerms(eurUsd, -100)), {
    instrument: 'EUR_USD',
    units: '-100',
    timeInForce: 'FOK',
    positionFill: 'REDUCE_ONLY',
  });
  const limit = marketTerms(eurUsd, 100, {
    type: 'LIMIT',
    price: 109_000,
    timeInForce: 'GTD',
    gtdAt: Date.UTC(2026, 0, 8),
    positionFill: 'DEFAULT',
    stopLossOnFill: onFill,
    clientExtensions: { id: 'a' },
  });
  assert.deepEqual(termsBody(limit), {
    instrument: 'EUR_USD',
    units: '100',
    price: '1.09000',
    timeInForce: 'GTD',
    gtdTime: '2026-01-08T00:00:00.000000000Z',
    triggerCondition: 'DEFAULT',
    partialFill: 'DEFAULT',
    positionFill: 'DEFAULT',
    stopLossOnFill: { distance: '0.00500', timeInForce: 'GTC', clientExtensions: { id: 's' } },
    clientExtensions: { id: 'a' },
  });
});

test('what protects a trade is told by the trade, without units', () => {
  const stop = {
    ...marketTerms(eurUsd, 0),
    type: 'STOP_LOSS',
    units: null,
    price: 108_000,
    timeInForce: 'GTC',
    tradeId: '6',
  } as const;
  assert.deepEqual(termsBody(stop), {
    tradeID: '6',
    price: '1.08000',
    timeInForce: 'GTC',
    triggerCondition: 'DEFAULT',
  });
});

test('an order in a list has its state and what became of it', () => {
  const order = {
    id: '5',
    floorId: 'w1',
    terms: marketTerms(eurUsd, 100),
    reason: 'CLIENT_ORDER',
    createTime: 't',
    replacesOrderId: '4',
    shownFromAt: 0,
    clientExtensions: { id: 'later' },
    state: 'FILLED' as const,
    quantity: 100,
    filledQuantity: 100,
    fillTransactionId: '6',
    filledTime: 'f',
    cancelTransactionId: null,
    cancelledTime: null,
    replacedByOrderId: null,
    tradeOpenedId: '6',
    tradeReducedId: null,
    tradeClosedIds: ['2'],
  };
  assert.deepEqual(orderBody(order), {
    id: '5',
    createTime: 't',
    type: 'MARKET',
    instrument: 'EUR_USD',
    units: '100',
    timeInForce: 'FOK',
    positionFill: 'REDUCE_ONLY',
    clientExtensions: { id: 'later' },
    state: 'FILLED',
    fillingTransactionID: '6',
    filledTime: 'f',
    tradeOpenedID: '6',
    tradeClosedIDs: ['2'],
    replacesOrderID: '4',
  });
});

test('a stop at a distance lies on the losing side of where its trade opened', () => {
  assert.equal(onFillPrice(onFill, 110_000, 1), 109_500);
  assert.equal(onFillPrice(onFill, 110_000, -1), 110_500);
  assert.equal(onFillPrice({ ...onFill, price: 1, distance: null }, 110_000, 1), 1);
});

test('what is undefined is left out, what is null stays', () => {
  assert.deepEqual(compact({ a: undefined, b: null, c: 0 }), { b: null, c: 0 });
});
