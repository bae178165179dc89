import { assert } from '#base/assert.ts';

/**
 * Copies the entries `first` to `end − 1` of a ring into a longer one. Entry number `n` stands at `n` modulo the length of its ring, so
 * the numbers stay what they were.
 */
export function copyRing(
  from: Float64Array | Int32Array,
  into: Float64Array | Int32Array,
  first: number,
  end: number,
): void {
  assert(end - first <= from.length && end - first <= into.length, 'both rings hold the entries that are copied');
  for (let index = first; index < end; index += 1) into[index % into.length] = from[index % from.length] ?? 0;
}
