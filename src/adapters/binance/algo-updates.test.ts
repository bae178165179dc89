import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookOf } from '../../../tests/support/binance-adapter-scene.ts';
import { orderUpdate, tradeUpdate } from '../../../tests/support/scripted-binance.ts';
import type { AccountBook } from './account-book.ts';
import { onAlgoUpdate, onTriggerReject } from './algo-updates.ts';
import { onOrderUpdate } from './order-updates.ts';
import { algoUpdateSchema, orderTradeUpdateSchema } from './schema.ts';

function algo(X: string, book: AccountBook, change: Record<string, unknown> = {}) {
  const o = {
    caid: 'tw-run-1-s',
    aid: 2146760,
    s: 'BTCUSDT',
    S: 'SELL',
    o: 'STOP_MARKET',
    q: '0.800',
    X,
    tp: '49000.0',
    p: '0',
    R: true,
    ai: '',
    rm: '',
  };
  return onAlgoUpdate(algoUpdateSchema.parse({ e: 'ALGO_UPDATE', E: 5, T: 5, o: { ...o, ...change } }), book);
}

function order(change: Record<string, unknown>, book: AccountBook) {
  const child = { c: 'tw-run-1-s', S: 'SELL', q: '0.800', i: '4903991227' };
  const update = change['x'] === 'TRADE' ? tradeUpdate({ ...child, ...change }) : orderUpdate({ ...child, ...change });
  return onOrderUpdate(orderTradeUpdateSchema.parse(update), book);
}

const inputsOf = (reactions: ReturnType<typeof algo>) =>
  reactions.map((reaction) => (reaction.type === 'tell' ? reaction.input.type : reaction.type));

test('the recorded sequence of a triggered stop fills the stop, whatever links its two halves and when (F118)', () => {
  const book = bookOf();
  assert.deepEqual(inputsOf(algo('NEW', book)), ['order.accepted']);
  assert.deepEqual(algo('TRIGGERING', book), []);
  assert.deepEqual(order({ x: 'NEW' }, book), []);
  const fills = [
    ...order({ x: 'TRADE', X: 'PARTIALLY_FILLED', l: '0.760', z: '0.760', t: 1 }, book),
    ...order({ x: 'TRADE', X: 'FILLED', l: '0.040', z: '0.800', t: 2 }, book),
  ];
  assert.deepEqual(
    fills.map((reaction) =>
      reaction.type === 'tell' && reaction.input.type === 'order.filled'
        ? [reaction.input.clientOrderId, reaction.input.quantity]
        : reaction.type,
    ),
    [
      ['tw-run-1-s', 760],
      ['tw-run-1-s', 40],
    ],
  );
  assert.deepEqual(algo('TRIGGERED', book, { ai: '4903991227' }), []);
  assert.deepEqual(algo('FINISHED', book, { ai: '4903991227' }), []);
});

test('a stop that triggers and is then rejected is told as such, since the position stands naked (F117)', () => {
  const book = bookOf();
  algo('NEW', book);
  algo('TRIGGERING', book);
  assert.deepEqual(algo('REJECTED', book, { rm: 'Reduce Only reject' }), [
    {
      type: 'tell',
      input: {
        type: 'order.rejected',
        clientOrderId: 'tw-run-1-s',
        code: 'TRIGGER_REJECTED',
        reason: 'Reduce Only reject',
      },
    },
  ]);
});

test('a trigger that the venue could not carry out is told by the id of the venue', () => {
  const book = bookOf();
  algo('NEW', book);
  assert.deepEqual(inputsOf(onTriggerReject('2146760', 'could not be filled', book)), ['order.rejected']);
  assert.deepEqual(inputsOf(onTriggerReject('99', 'could not be filled', book)), ['notice', 'checkAccount']);
});

test('one that is finished with less than it asked for is looked into', () => {
  const book = bookOf();
  algo('NEW', book);
  assert.deepEqual(inputsOf(algo('FINISHED', book)), ['findOrder']);
});

test('ends are told', () => {
  assert.deepEqual(inputsOf(algo('CANCELED', bookOf())), ['order.canceled']);
  assert.deepEqual(inputsOf(algo('EXPIRED', bookOf())), ['order.expired']);
});

test('one of another hand is adopted once, and its fills are its own', () => {
  const book = bookOf();
  assert.deepEqual(inputsOf(algo('NEW', book, { caid: 'web_1' })), ['order.adopted']);
  assert.deepEqual(algo('NEW', book, { caid: 'web_1' }), []);
  const [fill] = order({ c: 'web_1', x: 'TRADE' }, book);
  assert.ok(fill?.type === 'tell' && fill.input.type === 'order.filled');
  assert.equal(fill.input.clientOrderId, 'external-algo-2146760');
});

test('a state that we do not know makes us ask (F17)', () => {
  assert.deepEqual(inputsOf(algo('SOMETHING_NEW', bookOf())), ['message.quarantined', 'findOrder']);
  assert.deepEqual(inputsOf(algo('NEW', bookOf(), { s: 'NOPEUSDT' })), ['message.quarantined', 'checkAccount']);
});
