import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { candleSeries } from '../../tests/oracles/candle-arbitraries.ts';
import { oracleBits, oracleDownBits } from '../../tests/oracles/manifold-oracle.ts';
import { type BitBasis, downBit, encodeBits, setBasis, upBit } from './candle-bits.ts';

const basis: BitBasis = { range: 2, close: 10, volume: 5 };
const candle = { openAt: 0, open: 10, high: 12, low: 10, close: 10, volume: 5 };

test('equality in close, range and volume counts as grown, both up and down', () => {
  assert.equal(upBit(basis, candle), 1);
  assert.equal(downBit(basis, candle), 1);
});

test('a higher close needs a range or a volume that has not shrunk', () => {
  const higher = { ...candle, high: 13, low: 11.5, close: 11 };
  assert.equal(upBit(basis, { ...higher, volume: 5 }), 1);
  assert.equal(upBit(basis, { ...higher, volume: 4 }), 0);
  assert.equal(upBit(basis, { ...higher, high: 13.5, volume: 4 }), 1);
  assert.equal(downBit(basis, { ...higher, volume: 5 }), 0);
});

test('a lower close is a down-bit and never an up-bit', () => {
  const lower = { ...candle, close: 9 };
  assert.equal(upBit(basis, lower), 0);
  assert.equal(downBit(basis, lower), 1);
});

test('a basis keeps the range, the close and the volume of its candle', () => {
  const target: BitBasis = { range: 0, close: 0, volume: 0 };
  setBasis(target, { ...candle, high: 1.10011, low: 1.1, close: 1.10004, volume: 86 });
  assert.deepEqual(target, { range: 1.10011 - 1.1, close: 1.10004, volume: 86 });
});

test('no candle and one candle make no bit', () => {
  assert.equal(encodeBits([]).ups.length, 0);
  assert.equal(encodeBits([candle]).downs.length, 0);
});

test('a candle that is not finite stops the encoding', () => {
  assert.throws(() => encodeBits([{ ...candle, volume: Number.NaN }]), /finite/);
  assert.throws(() => encodeBits([{ ...candle, high: Number.POSITIVE_INFINITY }]), /finite/);
  assert.throws(() => encodeBits([{ ...candle, openAt: 0.5 }]), /whole milliseconds/);
});

test('the bits of a series equal the slow encoding, up and mirrored', () => {
  fc.assert(
    fc.property(candleSeries(0, 60), (candles) => {
      const bits = encodeBits(candles);
      assert.deepEqual([...bits.ups], oracleBits(candles));
      assert.deepEqual([...bits.downs], oracleDownBits(candles));
    }),
  );
});
