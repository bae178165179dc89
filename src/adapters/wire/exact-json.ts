/** How many objects and lists may stand inside each other. */
const depthMax = 64;

/**
 * Texts that may hold a number which a double cannot, or a key that must go: 16 digits, an exponent that enlarges, or the key as it is
 * or behind an escape. A false alarm costs time only.
 */
const needsCare = /\d{16}|\d[eE]\+?\d|__proto__|\\u00/;

/**
 * Reads JSON of a venue without bending it. A number beyond 2^53 comes out as the text it was written as, so that long ids stay distinct
 * and nothing is ever infinite. Keys named `__proto__` are dropped, the last of equal keys counts, texts come out as they are. Throws a
 * `SyntaxError` for what is no JSON and for more than 64 levels.
 */
export function parseExactJson(text: string): unknown {
  refuseDepth(text);
  return needsCare.test(text) ? JSON.parse(text, keepExact) : JSON.parse(text);
}

function keepExact(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key === '__proto__') return undefined;
  if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  return context?.source ?? String(value);
}

/** Looked at before reading, since what is read walks the tree by calling itself. */
function refuseDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = endOfText(text, at);
        break;
      case 0x5b:
      case 0x7b:
        depth++;
        if (depth > depthMax) throw new SyntaxError(`JSON has at most ${depthMax} levels, found more at '${at}'`);
        break;
      case 0x5d:
      case 0x7d:
        depth--;
    }
  }
}

/** Where the quotation mark stands that ends a text. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}
