import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  chainGoesOn,
  HASH_BYTES,
  hexOf,
  type LinkLayout,
  linkAt,
  readCount,
  sealLink,
  viewOf,
  writeCount,
} from '#adapters/journal/chained-bytes.ts';

const layout: LinkLayout = {
  headBytes: 8,
  bodyLength: (view, offset) => (view.getUint32(offset + 4, true) === 0xc0ffee ? view.getUint32(offset, true) : -1),
};

/** Builds a chain with a body of each given length; returns it with the offsets of its links. */
function chain(lengths: readonly number[]): { bytes: Uint8Array; offsets: number[] } {
  const bytes = new Uint8Array(HASH_BYTES + lengths.reduce((sum, length) => sum + 8 + length + HASH_BYTES, 0));
  const offsets: number[] = [];
  let offset = HASH_BYTES;
  for (const length of lengths) {
    offsets.push(offset);
    viewOf(bytes).setUint32(offset, length, true);
    viewOf(bytes).setUint32(offset + 4, 0xc0ffee, true);
    bytes.fill(length, offset + 8, offset + 8 + length);
    sealLink(bytes, offset - HASH_BYTES, offset + 8 + length);
    offset += 8 + length + HASH_BYTES;
  }
  return { bytes, offsets };
}

test('links are found whole one behind the other', () => {
  const { bytes, offsets } = chain([3, 0, 40]);
  for (const [index, offset] of offsets.entries()) {
    const link = linkAt(bytes, offset, layout);
    assert.equal(link?.isWhole, true);
    assert.equal(link.end, offsets[index + 1] ?? bytes.length);
  }
  assert.equal(linkAt(bytes, bytes.length, layout), undefined);
});

test('a flipped bit in any link but the last shows a chain that goes on', () => {
  const { bytes, offsets } = chain([5, 0, 9]);
  const [first = 0, , last = 0] = offsets;
  for (let place = first; place < last; place++) {
    const damaged = bytes.slice();
    damaged[place] = (damaged[place] ?? 0) ^ 0x10;
    const bad = offsets.find((offset) => linkAt(damaged, offset, layout)?.isWhole !== true) ?? -1;
    assert.equal(chainGoesOn(damaged, bad, layout), true, `byte ${place}`);
  }
});

test('a flipped bit or a cut in the last link shows a chain that ends', () => {
  const { bytes, offsets } = chain([5, 0, 9]);
  const last = offsets[2] ?? 0;
  for (let place = last; place < bytes.length; place++) {
    const damaged = bytes.slice();
    damaged[place] = (damaged[place] ?? 0) ^ 0x10;
    assert.equal(chainGoesOn(damaged, last, layout), false, `byte ${place}`);
    assert.equal(chainGoesOn(bytes.slice(0, place), last, layout), false, `cut at ${place}`);
  }
});

test('a head that announces more bytes than there are is no link', () => {
  const { bytes, offsets } = chain([5]);
  viewOf(bytes).setUint32(offsets[0] ?? 0, 0xffff_ffff, true);
  assert.equal(linkAt(bytes, offsets[0] ?? 0, layout), undefined);
});

test('counts up to the largest safe integer come back', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (count) => {
      const view = new DataView(new ArrayBuffer(8));
      writeCount(view, 0, count);
      assert.equal(readCount(view, 0), count);
    }),
  );
});

test('bytes are spelled with two digits each', () => {
  assert.equal(hexOf(Uint8Array.of(0, 10, 255)), '000aff');
});
