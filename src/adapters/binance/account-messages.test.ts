import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bookOf } from '../../../tests/support/binance-adapter-scene.ts';
import { accountUpdate, orderUpdate, tradeUpdate } from '../../../tests/support/scripted-binance.ts';
import type { AccountBook } from './account-book.ts';
import { onAccountMessage } from './account-messages.ts';

function kinds(payload: unknown, book: AccountBook = bookOf()): string[] {
  return onAccountMessage(payload, JSON.stringify(payload) ?? '', book).map((reaction) =>
    reaction.type === 'tell' ? reaction.input.type : reaction.type,
  );
}

test('each kind of message goes where it belongs', () => {
  assert.deepEqual(kinds(orderUpdate()), ['order.accepted']);
  assert.deepEqual(kinds(accountUpdate('DEPOSIT', { wb: '5', bc: '5' })), ['balance.changed']);
  assert.deepEqual(kinds({ e: 'ACCOUNT_CONFIG_UPDATE', E: 1, ac: { s: 'BTCUSDT', l: 20 } }), ['rereadLeverage']);
  assert.deepEqual(kinds({ e: 'ACCOUNT_CONFIG_UPDATE', E: 1, ai: { j: true } }), ['impair']);
  assert.deepEqual(kinds({ e: 'MARGIN_CALL', E: 1, cw: '3.1', p: [{ s: 'BTCUSDT', ps: 'BOTH' }] }), [
    'notice',
    'impair',
  ]);
  assert.deepEqual(kinds({ e: 'GRID_UPDATE', E: 1 }), []);
});

test('the early word of a trade only says that it must come, and nothing once it has (F10)', () => {
  const book = bookOf();
  const early = {
    e: 'TRADE_LITE',
    E: 1,
    T: 1,
    s: 'BTCUSDT',
    q: '0.010',
    p: '0',
    m: false,
    c: 'tw-run-1',
    S: 'BUY',
    L: '50000.0',
    l: '0.010',
    t: 698759,
    i: 22542179,
  };
  assert.deepEqual(kinds(early, book), ['expectTrade']);
  assert.deepEqual(kinds(tradeUpdate(), book), ['order.filled']);
  assert.deepEqual(kinds(early, book), []);
});

test('a trigger that was rejected is told of the order that it belongs to', () => {
  assert.deepEqual(kinds({ e: 'CONDITIONAL_ORDER_TRIGGER_REJECT', E: 1, T: 1, or: { s: 'BTCUSDT', i: 5, r: 'no' } }), [
    'notice',
    'checkAccount',
  ]);
});

test('a kind that we do not know, or one without what it needs, is put aside and the account looked at', () => {
  for (const payload of [{ e: 'NEW_KIND' }, { e: 'ORDER_TRADE_UPDATE', E: 1 }, { E: 1 }, [], null, 5, 'text']) {
    assert.deepEqual(kinds(payload), ['message.quarantined', 'checkAccount'], JSON.stringify(payload));
  }
});

test('what is of coin-margined instruments is none of ours', () => {
  assert.deepEqual(kinds({ ...orderUpdate(), st: 2 }), []);
});

const weird = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.constantFrom('NaN', 'Infinity', '-0', '1e400', '0.0000000001', '99999999999999999999', '__proto__', ''),
);
const fields = fc.dictionary(
  fc.constantFrom('s', 'c', 'q', 'p', 'x', 'X', 'i', 'l', 'z', 'L', 'n', 'N', 't', 'T', 'rp', 'R', 'S'),
  weird,
);

test('no message, however broken, makes anything throw (F79, F112)', () => {
  const book = bookOf();
  fc.assert(
    fc.property(fields, fc.constantFrom('NEW', 'TRADE', 'CANCELED'), fc.jsonValue(), (change, x, rest) => {
      onAccountMessage(orderUpdate({ x, ...change }), '', book);
      onAccountMessage(tradeUpdate(change), '', book);
      onAccountMessage({ e: 'ACCOUNT_UPDATE', E: 1, T: 1, a: rest }, '', book);
      onAccountMessage({ e: 'ALGO_UPDATE', E: 1, T: 1, o: rest }, '', book);
      onAccountMessage(rest, '', book);
    }),
    { numRuns: 300 },
  );
});

test('messages in any order that keeps trades of one kind apart lead to one state (F38)', () => {
  const at = (t: number): number => 1_700_000_000_000 + t;
  const messages = [
    orderUpdate({}, at(0)),
    tradeUpdate({ X: 'PARTIALLY_FILLED', l: '0.004', z: '0.004', t: 1, n: '0.08' }, at(1)),
    tradeUpdate({ X: 'FILLED', l: '0.006', z: '0.010', t: 2, n: '0.12' }, at(2)),
    accountUpdate('ORDER', { wb: '999.92000000' }, [{ s: 'BTCUSDT', pa: '0.004', ps: 'BOTH' }], at(1)),
    accountUpdate('ORDER', { wb: '999.80000000' }, [{ s: 'BTCUSDT', pa: '0.010', ps: 'BOTH' }], at(2)),
  ];
  fc.assert(
    fc.property(
      fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      (order, doubled) => {
        const book = bookOf();
        book.wallet.balance = 100_000_000_000;
        const fills = new Set<string>();
        // Orders and balances are two kinds; each keeps its own order, and the two are laid into each other in any way.
        for (const index of [...order, 3, 4].flatMap((index, i) => (doubled[i] === true ? [index, index] : [index]))) {
          for (const reaction of onAccountMessage(messages[index], String(index), book)) {
            if (reaction.type === 'tell' && reaction.input.type === 'order.filled') {
              assert.ok(!fills.has(reaction.input.fillId));
              fills.add(reaction.input.fillId);
            }
          }
        }
        assert.deepEqual([...fills].sort(), ['1', '2']);
        assert.deepEqual(
          [book.wallet.balance, book.positions.get('BTCUSDT'), book.orders.get('tw-run-1')?.filledQuantity],
          [99_980_000_000, 10, 10],
        );
      },
    ),
  );
});
