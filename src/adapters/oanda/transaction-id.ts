/** Ids of transactions are whole numbers of 64 bits in texts, so they may be beyond 2^53 and are compared as texts. */
const wholeNumber = /^\d{1,20}$/;

export function isTransactionId(text: string): boolean {
  return wholeNumber.test(text);
}

/** Below zero where the first is older, above where it is newer. */
export function compareIds(left: string, right: string): number {
  const a = left.replace(/^0+(?=\d)/, '');
  const b = right.replace(/^0+(?=\d)/, '');
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function laterId(left: string, right: string): string {
  return compareIds(left, right) >= 0 ? left : right;
}

/** The id so many after another one, or before it where negative; never below zero. */
export function idAfter(id: string, count = 1): string {
  const moved = BigInt(id) + BigInt(count);
  return String(moved < 0n ? 0n : moved);
}
