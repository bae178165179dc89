import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decayTable, pairEntropy, windowTables } from './manifold-tables.ts';

test('the tables of a length are built once and then the same', () => {
  assert.equal(windowTables(128), windowTables(128));
  assert.notEqual(windowTables(128), windowTables(127));
});

test('lengths outside 2 to 256 bits are refused', () => {
  assert.throws(() => windowTables(1), /2 to 256 bits/);
  assert.throws(() => windowTables(257), /2 to 256 bits/);
});

test('ratios and terms are the binary32 figures of each count', () => {
  const { ratios, terms, pairs } = windowTables(128);
  assert.equal(pairs, 127);
  assert.equal(ratios[28], 0.22047244012355804);
  assert.equal(terms[0], 0);
  assert.equal(terms[127], 0);
  for (let count = 1; count <= 127; count += 1) {
    const share = Math.fround(count / 127);
    assert.equal(terms[count], Math.fround(share * Math.fround(Math.log2(share))));
  }
});

test('the entropy of the five golden windows comes out to the bit', () => {
  const { terms } = windowTables(128);
  assert.equal(pairEntropy(terms, 20, 71), 1.4045279026031494);
  assert.equal(pairEntropy(terms, 5, 56), 1.1953656673431396);
  assert.equal(pairEntropy(terms, 7, 38), 1.158826470375061);
  assert.equal(pairEntropy(terms, 20, 59), 1.4643326997756958);
  assert.equal(pairEntropy(terms, 28, 62), 1.5043076276779175);
});

test('a kept decay equals exp(-rate · j) for all 210 heads of 20 bits', () => {
  let heads = 0;
  for (let persisting = 0; persisting <= 19; persisting += 1) {
    for (let flips = 0; persisting + flips <= 19; flips += 1) {
      heads += 1;
      const rate = rateOf(19, persisting, flips);
      const table = decayTable(19, persisting, flips);
      assert.deepEqual(
        table,
        Float64Array.from({ length: 256 }, (_, index) => Math.exp(-rate * index)),
      );
      assert.equal(decayTable(19, persisting, flips), table);
    }
  }
  assert.equal(heads, 210);
});

test('a shorter head has its own decay', () => {
  const rate = rateOf(12, 3, 4);
  assert.equal(decayTable(12, 3, 4)[5], Math.exp(-rate * 5));
});

test('head counts that do not fit the head are refused', () => {
  assert.throws(() => decayTable(19, 10, 11), /fit the head/);
});

function rateOf(pairs: number, persisting: number, flips: number): number {
  const [z, f, r] = [pairs - persisting - flips, flips, persisting].map((count) => Math.fround(count / pairs));
  const g = (share = 0): number => (share > 0 ? Math.fround(share * Math.fround(Math.log2(share))) : 0);
  const entropyBits = -Math.fround(Math.fround(g(z) + g(f)) + g(r));
  const disorder = Math.max(0.05, Math.min(1, entropyBits / 1.585));
  const order = 1 - disorder;
  return Math.max(0.01, Math.min(1, 0.3 * disorder + 0.2 * (1 - order)));
}
