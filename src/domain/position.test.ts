import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Side } from './order.ts';
import { applyFill, averagePrice, flatPosition, unrealizedQuote } from './position.ts';

test('a fill that crosses zero closes first and opens the rest', () => {
  const position = flatPosition('EURUSD.OANDA');
  applyFill(position, { side: 'buy', quantity: 1000, price: 110_000, at: 1 });
  const effect = applyFill(position, { side: 'sell', quantity: 1500, price: 110_100, at: 2 });
  assert.deepEqual(effect, { closedQuantity: 1000, openedQuantity: 500, realizedQuote: 100_000 });
  assert.equal(position.signedQuantity, -500);
  assert.equal(averagePrice(position), 110_100);
  assert.equal(position.openedAt, 2);
});

test('a short gains when the price falls', () => {
  const position = flatPosition('EURUSD.OANDA');
  applyFill(position, { side: 'sell', quantity: 10, price: 110_000, at: 1 });
  assert.equal(unrealizedQuote(position, 109_990), 100);
});

test('realised and unrealised profit always add up to the cash that moved', () => {
  const fills = fc.array(
    fc.record({
      side: fc.constantFrom<Side>('buy', 'sell'),
      quantity: fc.integer({ min: 1, max: 100_000 }),
      price: fc.integer({ min: 1, max: 200_000 }),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(fills, fc.integer({ min: 1, max: 200_000 }), (list, mark) => {
      const position = flatPosition('EURUSD.OANDA');
      let cash = 0;
      let realized = 0;
      for (const [index, fill] of list.entries()) {
        realized += applyFill(position, { ...fill, at: index }).realizedQuote;
        cash += (fill.side === 'buy' ? -1 : 1) * fill.quantity * fill.price;
      }
      assert.equal(realized + unrealizedQuote(position, mark), cash + position.signedQuantity * mark);
    }),
  );
});
