import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExactJson } from '#adapters/wire/exact-json.ts';
import {
  algoOrderSchema,
  balanceSchema,
  listenKeyExpiredSchema,
  orderSchema,
  orderTradeUpdateSchema,
  positionRiskSchema,
  subscriptionAnswerSchema,
  userTradeSchema,
} from './schema.ts';

test('an acknowledgement without average price and quote sum is whole (F87)', () => {
  const text = `{"clientOrderId":"testOrder","cumQty":"0","executedQty":"0","orderId":22542179,"origQty":"10","price":"0","reduceOnly":false,"side":"SELL","positionSide":"SHORT","status":"NEW","stopPrice":"0","closePosition":false,"symbol":"BTCUSDT","timeInForce":"GTD","type":"LIMIT","origType":"LIMIT","updateTime":1566818724722,"workingType":"CONTRACT_PRICE","priceProtect":false,"priceMatch":"NONE","selfTradePreventionMode":"NONE","goodTillDate":1693207680000}`;
  const order = orderSchema.parse(parseExactJson(text));
  assert.deepEqual([order.orderId, order.status, order['avgPrice']], ['22542179', 'NEW', undefined]);
});

test('two ids beyond 2^53 stay exact and apart (F73)', () => {
  const ids = ['8389766145050669870', '8389766145050669871'].map(
    (id) =>
      userTradeSchema.parse(
        parseExactJson(
          `{"symbol":"A","id":${id},"orderId":${id},"side":"BUY","price":"1","qty":"1","realizedPnl":"0","time":1}`,
        ),
      ).id,
  );
  assert.deepEqual(ids, ['8389766145050669870', '8389766145050669871']);
});

test('the recorded trade, position and balance are read', () => {
  const trade = `{"symbol":"BTCUSDT","id":698759,"orderId":25851813,"side":"SELL","price":"7819.01","qty":"0.002","realizedPnl":"-0.91539999","commission":"0.07819010","commissionAsset":"USDT","time":1569514978020,"positionSide":"BOTH","buyer":false,"maker":false}`;
  assert.equal(userTradeSchema.parse(parseExactJson(trade)).realizedPnl, '-0.91539999');
  const position = `{"symbol":"ADAUSDT","positionSide":"BOTH","positionAmt":"30","entryPrice":"0.385","breakEvenPrice":"0.385077","markPrice":"0.41047590","unRealizedProfit":"0.76427700","liquidationPrice":"0","isolatedMargin":"0","notional":"12.31427700","marginAsset":"USDT","isolatedWallet":"0","initialMargin":"0.61571385","maintMargin":"0.08004280","positionInitialMargin":"0.61571385","openOrderInitialMargin":"0","adl":2,"bidNotional":"0","askNotional":"0","updateTime":1720736417660}`;
  assert.equal(positionRiskSchema.parse(parseExactJson(position)).positionAmt, '30');
  const balance = `{"accountAlias":"SgsR","asset":"USDT","balance":"122607.35137903","crossWalletBalance":"23.72469206","crossUnPnl":"0.00000000","availableBalance":"23.72469206","maxWithdrawAmount":"23.72469206","marginAvailable":true,"updateTime":1617939110373}`;
  assert.equal(balanceSchema.parse(parseExactJson(balance)).updateTime, 1_617_939_110_373);
});

test('a time is read as a number and as a text (F28)', () => {
  assert.equal(listenKeyExpiredSchema.parse({ e: 'listenKeyExpired', E: '1736996475556' }).E, 1_736_996_475_556);
  assert.equal(listenKeyExpiredSchema.parse({ e: 'listenKeyExpired', E: 1_736_996_475_556 }).E, 1_736_996_475_556);
});

test('a fee may be missing and unknown fields may be there (F66, F86)', () => {
  const update = {
    e: 'ORDER_TRADE_UPDATE',
    E: 1,
    T: 1,
    nq: 'new',
    o: {
      s: 'A',
      c: 'autoclose-1',
      S: 'SELL',
      o: 'LIQUIDATION',
      q: '1',
      x: 'CALCULATED',
      X: 'FILLED',
      i: 1,
      l: '1',
      z: '1',
      L: '1',
      T: 1,
      t: 0,
      st: 1,
    },
  };
  assert.equal(orderTradeUpdateSchema.parse(update).o.n, undefined);
});

test('a conditional order has an empty id of what it became until it has one', () => {
  const row = {
    algoId: 1,
    clientAlgoId: 'a',
    orderType: 'STOP_MARKET',
    symbol: 'A',
    side: 'SELL',
    quantity: '1',
    algoStatus: 'NEW',
    triggerPrice: '1',
  };
  assert.equal(algoOrderSchema.parse({ ...row, actualOrderId: '' }).actualOrderId, '');
  assert.equal(algoOrderSchema.parse({ ...row, actualOrderId: '4903991227' }).actualOrderId, '4903991227');
});

test('the id of a subscription is a number or a text', () => {
  assert.equal(subscriptionAnswerSchema.parse({ result: null, id: 1 }).id, 1);
  assert.equal(subscriptionAnswerSchema.parse({ result: null, id: 'f00d' }).id, 'f00d');
});
