import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExactJson } from '#adapters/wire/exact-json.ts';
import type { VenueInput } from '#engine/live-port.ts';
import { bookOf } from '../../../tests/support/binance-adapter-scene.ts';
import { orderUpdate, tradeUpdate } from '../../../tests/support/scripted-binance.ts';
import { type AccountBook, noteOrder, setWallet } from './account-book.ts';
import { onOrderUpdate } from './order-updates.ts';
import { orderTradeUpdateSchema } from './schema.ts';

function react(payload: unknown, book: AccountBook) {
  return onOrderUpdate(orderTradeUpdateSchema.parse(payload), book);
}

function told(payload: unknown, book: AccountBook): VenueInput[] {
  return react(payload, book).flatMap((reaction) => (reaction.type === 'tell' ? [reaction.input] : []));
}

function kinds(payload: unknown, book: AccountBook): string[] {
  return react(payload, book).map((reaction) => (reaction.type === 'tell' ? reaction.input.type : reaction.type));
}

const sent = {
  clientOrderId: 'tw-run-1',
  wireId: 'tw-run-1',
  venueOrderId: '',
  family: 'ordinary',
  symbol: 'BTCUSDT',
  side: 'buy',
  quantity: 10,
  filledQuantity: 0,
  orderType: 'market',
  limitPrice: null,
  stopPrice: null,
  isReduceOnly: false,
  at: 0,
} as const;

test('the recorded market order is taken with its exact id', () => {
  const text = `{"e":"ORDER_TRADE_UPDATE","T":1772461802803,"E":1772461802803,"o":{"s":"BTCUSDT","c":"tw-nOVz","S":"BUY","o":"MARKET","f":"GTC","q":"0.800","p":"0","ap":"0","sp":"0","x":"NEW","X":"NEW","i":8389766145050669871,"l":"0","z":"0","L":"0","n":"0","N":"USDT","T":1772461802803,"t":0,"b":"0","a":"0","m":false,"R":false,"wt":"CONTRACT_PRICE","ot":"MARKET","ps":"BOTH","cp":false,"rp":"0","pP":false,"si":0,"ss":0,"V":"EXPIRE_MAKER","pm":"NONE","gtd":0,"er":"0"}}`;
  assert.deepEqual(told(parseExactJson(text), bookOf()), [
    {
      type: 'order.accepted',
      clientOrderId: 'tw-nOVz',
      venueOrderId: '8389766145050669871',
      venueAt: 1_772_461_802_803,
      child: null,
    },
  ]);
});

test('a trade is a fill with the balance after it', () => {
  const book = bookOf();
  setWallet(book, 100_000_000_000, 1);
  const [fill] = told(tradeUpdate({ rp: '1.5' }), book);
  assert.ok(fill?.type === 'order.filled');
  assert.deepEqual(
    [fill.fillId, fill.price, fill.quantity, fill.fee, fill.realizedPnl, fill.balance],
    ['698759', 500_000, 10, 20_000_000, 150_000_000, 100_130_000_000],
  );
});

test('the same trade is booked once (F09)', () => {
  const book = bookOf();
  assert.deepEqual(kinds(tradeUpdate(), book), ['order.filled']);
  assert.deepEqual(kinds(tradeUpdate(), book), []);
});

test('a trade beyond the quantity is booked and looked into (F14)', () => {
  const book = bookOf();
  noteOrder(book, sent, true);
  assert.deepEqual(kinds(tradeUpdate({ l: '0.012', z: '0.012' }), book), ['order.filled', 'notice', 'checkAccount']);
});

test('a liquidation is a fill of another hand and a close-out, its fee may be missing (F11, F66)', () => {
  const book = bookOf();
  const update = tradeUpdate({
    c: 'autoclose-1',
    x: 'CALCULATED',
    S: 'SELL',
    o: 'LIQUIDATION',
    t: 0,
    n: undefined,
    N: undefined,
  });
  const inputs = told(JSON.parse(JSON.stringify(update)), book);
  assert.deepEqual(
    inputs.map(({ type }) => type),
    ['order.filled', 'account.closedOut'],
  );
  const [fill] = inputs;
  assert.ok(fill?.type === 'order.filled');
  assert.deepEqual([fill.clientOrderId, fill.fillId, fill.fee], ['external-22542179', '22542179-0.010', 0]);
});

test('a liquidation that is only under way fills nothing (F66)', () => {
  const pending = orderUpdate({ c: 'autoclose-1', x: 'CALCULATED', X: 'NEW_INSURANCE', l: '0', z: '0' });
  assert.deepEqual(kinds(pending, bookOf()), []);
});

test('deleveraging and settlement are fills of another hand without a close-out (F11)', () => {
  for (const c of ['adl_autoclose', 'settlement_autoclose-5']) {
    assert.deepEqual(kinds(tradeUpdate({ c, S: 'SELL' }), bookOf()), ['order.filled', 'checkAccount'], c);
    assert.deepEqual(kinds(orderUpdate({ c, X: 'NEW_ADL' }), bookOf()), [], c);
  }
});

test('an order of another hand is adopted once, and never after its end', () => {
  const book = bookOf();
  const update = orderUpdate({ c: 'web_1', o: 'LIMIT', p: '49000.0' });
  assert.deepEqual(kinds(update, book), ['order.adopted']);
  assert.deepEqual(kinds(update, book), []);
  const late = bookOf();
  kinds(orderUpdate({ c: 'web_1', x: 'CANCELED', X: 'CANCELED' }), late);
  assert.deepEqual(kinds(update, late), []);
});

test('a state that we do not know makes us ask and does nothing else (F17)', () => {
  assert.deepEqual(kinds(tradeUpdate({ X: 'SOMETHING_NEW' }), bookOf()), [
    'message.quarantined',
    'checkAccount',
    'findOrder',
  ]);
  assert.deepEqual(kinds(orderUpdate({ x: 'SOMETHING_NEW' }), bookOf()), [
    'message.quarantined',
    'checkAccount',
    'findOrder',
  ]);
});

test('a smaller quantity at the venue is adopted (F18)', () => {
  const book = bookOf();
  noteOrder(book, { ...sent, isReduceOnly: true }, true);
  const inputs = told(orderUpdate({ q: '0.004', R: true }), book);
  assert.deepEqual(inputs[1], {
    type: 'order.amended',
    clientOrderId: 'tw-run-1',
    quantity: 4,
    limitPrice: null,
    stopPrice: null,
  });
});

test('the order that a triggered stop becomes begins nothing anew, and its fills are the stop (F118)', () => {
  const book = bookOf();
  noteOrder(book, { ...sent, family: 'conditional', orderType: 'stop', side: 'sell', venueOrderId: '2146760' }, true);
  assert.deepEqual(kinds(orderUpdate({ S: 'SELL' }), book), []);
  const [fill] = told(tradeUpdate({ S: 'SELL' }), book);
  assert.ok(fill?.type === 'order.filled');
  assert.equal(fill.clientOrderId, 'tw-run-1');
  assert.equal(book.orders.get('tw-run-1')?.isWorking, false);
});

test('ends are told with their reason', () => {
  const cases: readonly (readonly [Record<string, unknown>, string, string])[] = [
    [{ x: 'CANCELED', X: 'CANCELED' }, 'order.canceled', 'CANCELED'],
    [{ x: 'EXPIRED', X: 'EXPIRED', er: '2' }, 'order.expired', 'NOT_FILLED_AT_ONCE'],
    [{ x: 'EXPIRED', X: 'EXPIRED', er: 8 }, 'order.expired', 'EXPIRED_AFTER_TRIGGER'],
    [{ x: 'EXPIRED', X: 'EXPIRED_IN_MATCH', er: '1' }, 'order.expired', 'SELF_TRADE_PREVENTED'],
    [{ x: 'EXPIRED', X: 'EXPIRED_IN_MATCH' }, 'order.expired', 'EXPIRED_IN_MATCH'],
  ];
  for (const [change, type, reason] of cases) {
    assert.deepEqual(told(orderUpdate(change), bookOf()), [{ type, clientOrderId: 'tw-run-1', reason }]);
  }
  assert.deepEqual(kinds(orderUpdate({ x: 'REJECTED', X: 'REJECTED' }), bookOf()), ['order.rejected']);
});

test('what we take back because its time is over has expired', () => {
  const book = bookOf();
  noteOrder(book, sent, true).isExpiring = true;
  assert.deepEqual(kinds(orderUpdate({ x: 'CANCELED', X: 'CANCELED' }), book), ['order.expired']);
});

test('an amendment is told when it changes something', () => {
  const book = bookOf();
  noteOrder(book, { ...sent, orderType: 'limit', limitPrice: 490_000 }, true);
  const update = orderUpdate({ x: 'AMENDMENT', o: 'LIMIT', p: '48000.0', q: '0.020' });
  assert.deepEqual(told(update, book), [
    { type: 'order.amended', clientOrderId: 'tw-run-1', quantity: 20, limitPrice: 480_000, stopPrice: null },
  ]);
  assert.deepEqual(told(update, book), []);
});

test('a fee in another asset is told once, and counts as none', () => {
  const book = bookOf();
  assert.deepEqual(kinds(tradeUpdate({ N: 'BNB', n: '0.001' }), book), ['notice', 'impair', 'order.filled']);
  assert.deepEqual(kinds(tradeUpdate({ N: 'BNB', n: '0.001', t: 2 }), book), ['order.filled']);
});

test('a trade in an instrument that we do not know, or without a readable price, makes us look', () => {
  assert.deepEqual(kinds(tradeUpdate({ s: 'NOPEUSDT' }), bookOf()), ['message.quarantined', 'checkAccount']);
  assert.deepEqual(kinds(tradeUpdate({ L: '-37.63' }), bookOf()), ['message.quarantined', 'checkAccount']);
  assert.deepEqual(kinds(tradeUpdate({ L: 'NaN' }), bookOf()), ['message.quarantined', 'checkAccount']);
});

test('a fill may come before anything else of its order, and a cancellation before a fill (F06, F08)', () => {
  const book = bookOf();
  assert.deepEqual(kinds(orderUpdate({ x: 'CANCELED', X: 'CANCELED' }), book), ['order.canceled']);
  assert.deepEqual(kinds(tradeUpdate(), book), ['order.filled']);
});
