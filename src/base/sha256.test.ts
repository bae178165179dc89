import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { createSha256, digestHex, updateSha256 } from '#base/sha256.ts';

const encoder = new TextEncoder();

test('the hash of the example of the standard is the printed one', () => {
  // https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
  const state = createSha256();
  updateSha256(state, encoder.encode('abc'));
  assert.equal(digestHex(state), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('bytes of every length around a block hash as the library says', () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
    const state = createSha256();
    updateSha256(state, bytes);
    assert.equal(digestHex(state), hash('sha256', bytes), `length ${length}`);
  }
});

test('bytes added in any parts hash as one, and asking changes nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1_000 }), fc.array(fc.nat(1_000), { maxLength: 8 }), (bytes, cuts) => {
      const state = createSha256();
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      for (let index = 1; index < places.length; index++) {
        updateSha256(state, bytes, places[index - 1], places[index]);
        assert.equal(digestHex(state), hash('sha256', bytes.subarray(0, places[index])));
      }
    }),
  );
});

test('a state kept in a snapshot goes on where it stood', () => {
  const bytes = encoder.encode('a rolling hash of decisions '.repeat(9));
  const state = createSha256();
  updateSha256(state, bytes, 0, 100);
  const restored = deserialize(serialize(state));
  updateSha256(state, bytes, 100);
  updateSha256(restored, bytes, 100);
  assert.equal(digestHex(restored), digestHex(state));
  assert.equal(digestHex(state), hash('sha256', bytes));
});

test('the count of bits of a long input fills both words', () => {
  // The words after 520 MiB of zeros; the digest is the one that sha256sum prints for a file of them.
  const words = [0x59fdf786, 0x140a4295, 0x6514fcf0, 0x73a1a1a7, 0x24bd8974, 0x3bee2e17, 0x77567c7b, 0xadc118f9];
  const state = { ...createSha256(), hash: Int32Array.from(words), totalLength: 520 * 1_048_576 };
  assert.equal(digestHex(state), 'abf51ad954b246009dfe5a50ecd582fd5b8f1b8b27f30393853c3ef721e7fa6e');
});
