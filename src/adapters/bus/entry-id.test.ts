import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareEntryIds, entryIdAfter, laterEntryId, nextEntryId, parseEntryId, smallerEntryId } from './entry-id.ts';

const ids = fc.record({ ms: fc.nat(2_000_000), count: fc.nat(20_000) });

test('ids sort by time and then by count, whatever the number of digits', () => {
  fc.assert(
    fc.property(ids, ids, (a, b) => {
      const [left, right] = [`${a.ms}-${a.count}`, `${b.ms}-${b.count}`];
      const wanted = Math.sign(a.ms - b.ms || a.count - b.count);
      assert.equal(Math.sign(compareEntryIds(left, right)), wanted);
      assert.equal(smallerEntryId(left, right), wanted <= 0 ? left : right);
      assert.equal(laterEntryId(left, right), wanted >= 0 ? left : right);
    }),
  );
});

test('the next id is later than the last, even where the clock goes back', () => {
  assert.equal(nextEntryId('5-3', 6), '6-0');
  assert.equal(nextEntryId('5-3', 5), '5-4');
  assert.equal(nextEntryId('5-3', 1), '5-4');
  assert.equal(entryIdAfter('5-9'), '5-10');
  assert.deepEqual(parseEntryId('7'), { ms: 7, count: 0 });
});
