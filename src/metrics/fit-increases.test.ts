import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Target } from '#domain/pipeline.ts';
import { type ExposureBook, exposureBook, fitIncreases, increaseOf } from './fit-increases.ts';

function target(instrument: string, signedQuantity: number): Target {
  return { instrument, signedQuantity, sizeFraction: 1, plan: null, strategy: 's', reason: 'r' };
}

function bookOf(held: Record<string, number>, costs: Record<string, number>): ExposureBook {
  return {
    instruments: ['A', 'B', 'C'],
    heldOf: (instrument) => held[instrument] ?? 0,
    costPerUnit: (instrument) => costs[instrument],
  };
}

const noBound = Infinity;

test('what comes first is served first, the next is shrunk and the last is dropped', () => {
  const { targets, entries } = fitIncreases(
    [target('A', 40), target('B', -70), target('C', 10)],
    bookOf({}, { A: 1, B: 1, C: 1 }),
    { total: 100, position: noBound },
  );
  assert.deepEqual(targets, [target('A', 40), target('B', -60)]);
  assert.deepEqual(entries, [
    { subject: 'B', code: 'shrunk', value: -60 },
    { subject: 'C', code: 'dropped', value: null },
  ]);
});

test('what is in hand counts, and only the part above it has to fit', () => {
  const { targets } = fitIncreases([target('A', 80)], bookOf({ A: 50, B: -30 }, { A: 1, B: 1 }), {
    total: 100,
    position: noBound,
  });
  assert.deepEqual(targets, [target('A', 70)]);
});

test('one position fits under its own ceiling', () => {
  const { targets } = fitIncreases([target('A', 80)], bookOf({ A: 20 }, { A: 2 }), { total: noBound, position: 100 });
  assert.deepEqual(targets, [target('A', 50)]);
});

test('reductions and the other side pass untouched in the same array', () => {
  const before = [target('A', 10), target('B', -99), target('C', 0)];
  const fitted = fitIncreases(before, bookOf({ A: 50, B: 30, C: 5 }, {}), { total: 0, position: 0 });
  assert.equal(fitted.targets, before);
  assert.deepEqual(fitted.entries, []);
});

test('a reduction frees nothing for an increase beside it', () => {
  const { targets } = fitIncreases([target('A', 0), target('B', 10)], bookOf({ A: 100 }, { A: 1, B: 1 }), {
    total: 100,
    position: noBound,
  });
  assert.deepEqual(targets, [target('A', 0)]);
});

test('an increase of unknown cost is dropped, and a holding of unknown cost drops every increase', () => {
  const own = fitIncreases([target('A', 1), target('B', 1)], bookOf({}, { B: 1 }), { total: 10, position: noBound });
  assert.deepEqual(own.targets, [target('B', 1)]);
  assert.deepEqual(own.entries, [{ subject: 'A', code: 'unmeasured', value: null }]);
  const held = fitIncreases([target('A', 1)], bookOf({ C: 3 }, { A: 1, C: Number.NaN }), {
    total: 10,
    position: noBound,
  });
  assert.deepEqual(held.targets, []);
});

test('an increase is what is added on the side in hand', () => {
  assert.deepEqual(
    [increaseOf(0, -5), increaseOf(5, 8), increaseOf(5, 3), increaseOf(5, -9), increaseOf(-5, -9), increaseOf(5, 0)],
    [5, 3, 0, 0, 4, 0],
  );
});

test('the book of a source reads its positions, and none counts as flat', () => {
  const book = exposureBook({ universe: ['A', 'B'], view: { positions: { A: { signedQuantity: -4 } } } }, () => 2);
  assert.deepEqual(
    [book.heldOf('A'), book.heldOf('B'), book.costPerUnit('A'), book.instruments],
    [-4, 0, 2, ['A', 'B']],
  );
});

const quantity = fc.integer({ min: -1_000, max: 1_000 });
const cost = fc.double({ min: 0.01, max: 10, noNaN: true });

test('no target grows or changes sides, and the whole stays under the ceiling or what was in hand', () => {
  fc.assert(
    fc.property(
      fc.tuple(quantity, quantity, quantity),
      fc.tuple(quantity, quantity, quantity),
      fc.tuple(cost, cost, cost),
      fc.double({ min: 0, max: 10_000, noNaN: true }),
      (wanted, held, costs, total) => {
        const ids = ['A', 'B', 'C'];
        const record = (list: readonly number[]) => Object.fromEntries(ids.map((id, index) => [id, list[index] ?? 0]));
        const book = bookOf(record(held), record(costs));
        const before = ids.map((id, index) => target(id, wanted[index] ?? 0));
        const { targets } = fitIncreases(before, book, { total, position: noBound });
        let used = 0;
        let inHand = 0;
        for (const [index, id] of ids.entries()) {
          const after = targets.find((item) => item.instrument === id)?.signedQuantity;
          const was = wanted[index] ?? 0;
          if (after !== undefined) {
            assert.ok(Math.abs(after) <= Math.abs(was));
            assert.ok(after * was >= 0);
          }
          const unit = book.costPerUnit(id) ?? 0;
          const holds = book.heldOf(id);
          const grown = after === undefined ? 0 : increaseOf(holds, after);
          used += (Math.abs(holds) + grown) * unit;
          inHand += Math.abs(holds) * unit;
        }
        assert.ok(used <= Math.max(total, inHand) * (1 + 1e-9));
      },
    ),
  );
});
