import { createSha256, digestHex, updateSha256 } from '#base/sha256.ts';

/** SHA-256 of a text as 64 hexadecimal digits: an identity, not a secret. Of letters beyond Latin only the low byte counts. */
export function textDigest(text: string): string {
  const state = createSha256();
  updateSha256(
    state,
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
  );
  return digestHex(state);
}
