/** What the venue writes: order ids are larger than a double holds, so they are kept as `bigint` and written as plain digits. */
export type WireJson =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly WireJson[]
  | { readonly [key: string]: WireJson };

/** The JSON text of a value, with integers of any size written out in full and undefined members left out. */
export function wireJson(value: WireJson): string {
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? rawDigits(member) : member));
}

/** Part of the language since 2025; the compiler's library does not list it yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };

function rawDigits(value: bigint): unknown {
  return rawJSON(value.toString());
}
