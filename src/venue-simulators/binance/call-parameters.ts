/** The parameters of a call, the query's before the body's. */
export type CallParameters = ReadonlyMap<string, string>;

/** How many parameters one call may have. */
export const PARAMETERS_MAX = 200;

/**
 * Reads the query and a form body into one map; where both name a parameter, the query wins. Undefined where a part cannot be read:
 * wrong percent signs or far too many of them.
 */
export function readParameters(query: string, body: string): CallParameters | undefined {
  const parameters = new Map<string, string>();
  for (const part of [...partsOf(query), ...partsOf(body)]) {
    const pair = readPair(part);
    if (pair === undefined || parameters.size >= PARAMETERS_MAX) return undefined;
    if (!parameters.has(pair.name)) parameters.set(pair.name, pair.value);
  }
  return parameters;
}

/** The text that is signed: the query and the body one after the other, both as they were written and without the signature. */
export function signedText(query: string, body: string): string {
  return withoutSignature(query) + withoutSignature(body);
}

function withoutSignature(text: string): string {
  return partsOf(text)
    .filter((part) => !part.startsWith('signature='))
    .join('&');
}

/** A JSON body carries no parameters: one client announces JSON and sends everything in the query. */
function partsOf(text: string): string[] {
  return text === '' || text.startsWith('{') ? [] : text.split('&').filter((part) => part !== '');
}

function readPair(part: string): { name: string; value: string } | undefined {
  const at = part.indexOf('=');
  const name = decode(at === -1 ? part : part.slice(0, at));
  const value = decode(at === -1 ? '' : part.slice(at + 1));
  return name === undefined || value === undefined ? undefined : { name, value };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
