/** The part of a pattern before its first wildcard: every key that matches begins with it. */
export function literalPrefix(pattern: string): string {
  const wildcard = pattern.search(/[*?]/);
  return wildcard === -1 ? pattern : pattern.slice(0, wildcard);
}

/**
 * True where a key matches a pattern in which a star stands for any text and a question mark for one character; everything else stands
 * for itself. The work grows with the product of both lengths at most, whatever the pattern.
 */
export function matchesKeyPattern(key: string, pattern: string): boolean {
  const text = [...key];
  const wanted = [...pattern];
  let at = 0;
  let next = 0;
  // Where the last star stands, and how much of the key it swallows so far.
  let star = -1;
  let swallowed = 0;
  while (at < text.length) {
    if (wanted[next] === '*') {
      star = next;
      swallowed = at;
      next += 1;
    } else if (next < wanted.length && (wanted[next] === '?' || wanted[next] === text[at])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      swallowed += 1;
      at = swallowed;
      next = star + 1;
    } else {
      return false;
    }
  }
  return wanted.slice(next).every((character) => character === '*');
}
