import { assert } from '#base/assert.ts';

/**
 * A text written by strangers, made harmless to hold: at most so many UTF-16 units, compatibility forms brought together (NFKC), whatever
 * cannot be seen or steers a terminal or the direction of writing taken out, white space single. It is still a stranger's text: it
 * belongs in no query, page, command, log line or request to a language model.
 */
export function foreignText(text: string, lengthMax: number): string {
  assert(Number.isInteger(lengthMax) && lengthMax > 0, 'a length is a whole number above 0');
  // Cut before as well: one sign may become eighteen, and nobody should have to pay for ten megabytes.
  const normal = text.slice(0, lengthMax).toWellFormed().normalize('NFKC');
  const seen = normal.replaceAll(/\p{White_Space}+/gu, ' ').replaceAll(unseen, '');
  return withoutHalfSign(seen.replaceAll(/ {2,}/g, ' ').trim().slice(0, lengthMax)).trim();
}

/** Controls, formats (zero width, direction, tags), private and unassigned signs, and the sign that stands for a broken one. */
const unseen = /\p{Variation_Selector}|[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u{FFFD}]/gu;

/** A cut may leave half of a sign at the end. */
function withoutHalfSign(text: string): string {
  return text.isWellFormed() ? text : text.slice(0, -1);
}
