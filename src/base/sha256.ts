/**
 * SHA-256 of FIPS 180-4 (https://doi.org/10.6028/NIST.FIPS.180-4) in plain data: the running state may be kept in a snapshot and continued
 * later. `hash` holds the eight words, `block` the bytes that do not fill a block yet.
 */
export type Sha256 = {
  hash: Int32Array<ArrayBuffer>;
  block: Uint8Array<ArrayBuffer>;
  blockLength: number;
  totalLength: number;
};

const BLOCK_BYTES = 64;

const initialHash: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

// biome-ignore format: eight words a row, as the standard prints them.
const roundConstants = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

// Room to work in; nothing in it outlives a call.
const schedule = new Int32Array(64);

/** Starts a hash of no bytes. */
export function createSha256(): Sha256 {
  return { hash: Int32Array.from(initialHash), block: new Uint8Array(BLOCK_BYTES), blockLength: 0, totalLength: 0 };
}

/** Adds the bytes from `start` up to `end`, by default all of them. */
export function updateSha256(state: Sha256, bytes: Uint8Array, start = 0, end = bytes.length): void {
  let from = start;
  if (state.blockLength > 0) {
    const count = Math.min(BLOCK_BYTES - state.blockLength, end - from);
    state.block.set(bytes.subarray(from, from + count), state.blockLength);
    state.blockLength += count;
    from += count;
    if (state.blockLength === BLOCK_BYTES) {
      compress(state.hash, state.block, 0);
      state.blockLength = 0;
    }
  }
  for (; from + BLOCK_BYTES <= end; from += BLOCK_BYTES) compress(state.hash, bytes, from);
  if (from < end) {
    state.block.set(bytes.subarray(from, end), 0);
    state.blockLength = end - from;
  }
  state.totalLength += end - start;
}

/** Returns the hash of all bytes so far as 64 hexadecimal digits; the state can still be added to. */
export function digestHex(state: Sha256): string {
  const hash = state.hash.slice();
  const block = state.block.slice();
  block[state.blockLength] = 0x80;
  block.fill(0, state.blockLength + 1);
  // The length in bits takes the last eight bytes; without room for them it goes into a block of its own.
  if (state.blockLength >= BLOCK_BYTES - 8) {
    compress(hash, block, 0);
    block.fill(0);
  }
  const view = new DataView(block.buffer);
  view.setUint32(56, Math.floor(state.totalLength / 0x2000_0000));
  view.setUint32(60, state.totalLength * 8);
  compress(hash, block, 0);
  return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function word(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

function fillSchedule(bytes: Uint8Array, offset: number): void {
  for (let index = 0; index < 16; index++) {
    const at = offset + index * 4;
    schedule[index] =
      ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  }
  for (let index = 16; index < 64; index++) {
    const near = word(schedule, index - 2);
    const far = word(schedule, index - 15);
    const nearMix = ((near >>> 17) | (near << 15)) ^ ((near >>> 19) | (near << 13)) ^ (near >>> 10);
    const farMix = ((far >>> 7) | (far << 25)) ^ ((far >>> 18) | (far << 14)) ^ (far >>> 3);
    schedule[index] = (nearMix + word(schedule, index - 7) + farMix + word(schedule, index - 16)) | 0;
  }
}

function compress(hash: Int32Array, bytes: Uint8Array, offset: number): void {
  fillSchedule(bytes, offset);
  let a = word(hash, 0);
  let b = word(hash, 1);
  let c = word(hash, 2);
  let d = word(hash, 3);
  let e = word(hash, 4);
  let f = word(hash, 5);
  let g = word(hash, 6);
  let h = word(hash, 7);
  for (let round = 0; round < 64; round++) {
    const eMix = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const aMix = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const first = (h + eMix + (g ^ (e & (f ^ g))) + word(roundConstants, round) + word(schedule, round)) | 0;
    const second = (aMix + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  hash[0] = word(hash, 0) + a;
  hash[1] = word(hash, 1) + b;
  hash[2] = word(hash, 2) + c;
  hash[3] = word(hash, 3) + d;
  hash[4] = word(hash, 4) + e;
  hash[5] = word(hash, 5) + f;
  hash[6] = word(hash, 6) + g;
  hash[7] = word(hash, 7) + h;
}
