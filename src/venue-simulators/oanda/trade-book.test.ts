import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fxInstrument } from '#domain/instrument.ts';
import { TradeBook, type TradeFill, type TradeOutcome } from './trade-book.ts';

const eurUsd = fxInstrument('EUR_USD');

function fill(book: TradeBook, id: string, signedUnits: number, more: Partial<TradeFill> = {}): TradeOutcome {
  return book.apply({
    id,
    time: id,
    instrument: eurUsd,
    signedUnits,
    price: 100,
    realizedPnl: 0,
    tradeId: null,
    clientExtensions: null,
    marginRequired: (quantity) => quantity * 2,
    worth: (amount) => amount,
    ...more,
  });
}

test('a fill on the other side closes the oldest trades first and opens one with the rest', () => {
  const book = new TradeBook();
  fill(book, '1', 100);
  fill(book, '2', 50);
  const outcome = fill(book, '3', -120);
  assert.deepEqual(
    outcome.closed.map(({ trade, quantity }) => [trade.id, quantity]),
    [['1', 100]],
  );
  assert.deepEqual([outcome.reduced?.trade.id, outcome.reduced?.quantity, outcome.opened], ['2', 20, null]);
  const flipped = fill(book, '4', -60);
  assert.deepEqual(
    flipped.closed.map(({ trade }) => trade.id),
    ['2'],
  );
  assert.deepEqual([flipped.opened?.id, flipped.opened?.currentUnits, flipped.opened?.marginRequired], ['4', -30, 60]);
  assert.deepEqual(
    book.open('EUR_USD').map(({ id }) => id),
    ['4'],
  );
  assert.deepEqual(book.open('GBP_USD'), []);
  assert.equal(book.all().length, 3);
});

test('a trade that is named is closed before older ones', () => {
  const book = new TradeBook();
  fill(book, '1', 100);
  fill(book, '2', 50);
  assert.deepEqual(
    fill(book, '3', -50, { tradeId: '2' }).closed.map(({ trade }) => trade.id),
    ['2'],
  );
  assert.deepEqual(
    book.open().map(({ id }) => id),
    ['1'],
  );
});

test('parts of a profit are those of their trades, and the last takes what is left of the whole', () => {
  const book = new TradeBook();
  fill(book, '1', 100, { price: 90 });
  fill(book, '2', 100, { price: 110 });
  const { closed } = fill(book, '3', -200, { price: 100, realizedPnl: 4 });
  assert.deepEqual(
    closed.map(({ realizedPnl }) => realizedPnl),
    [1_000, -996],
  );
  assert.deepEqual(
    closed.map(({ trade }) => [trade.closeTime, trade.closedCost / 100]),
    [
      ['3', 100],
      ['3', 100],
    ],
  );
});

test('a trade is found by its id, or by its client id with a sign before it', () => {
  const book = new TradeBook();
  fill(book, '1', 100, { clientExtensions: { id: 'mine' } });
  assert.equal(book.find('1')?.id, '1');
  assert.equal(book.find('@mine')?.id, '1');
  assert.equal(book.find('mine'), undefined);
});

test('open units always add up to the fills', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.integer({ min: -50, max: 50 }).filter((units) => units !== 0),
        { maxLength: 40 },
      ),
      (fills) => {
        const book = new TradeBook();
        for (const [index, units] of fills.entries()) fill(book, String(index), units);
        const open = book.open();
        assert.equal(
          open.reduce((sum, { currentUnits }) => sum + currentUnits, 0),
          fills.reduce((sum, units) => sum + units, 0),
        );
        assert.ok(open.every(({ currentUnits }) => Math.sign(currentUnits) === Math.sign(open[0]?.currentUnits ?? 0)));
      },
    ),
  );
});
