import { createTextRedactor, isSecretName, redacted, type TextRedactor } from './redact-text.ts';

/** Makes plain data without secrets of anything at all. */
export interface Redactor {
  readonly text: TextRedactor;
  value(value: unknown): unknown;
}

/** How deep nested values are shown; what lies deeper is left out. */
export const depthMax = 8;
/** Fields or items shown of one object, and of one log line altogether. */
const itemsMax = 100;
const nodesMax = 2_000;

interface Walk {
  readonly text: TextRedactor;
  readonly above: Set<object>;
  nodes: number;
}

/** Values are redacted by the name of their field, anywhere; texts, names and figures by what they say. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const text = createTextRedactor(secrets);
  return { text, value: (value) => plain(value, { text, above: new Set(), nodes: 0 }) };
}

function plain(value: unknown, walk: Walk): unknown {
  walk.nodes += 1;
  if (walk.nodes > nodesMax) return '…';
  switch (typeof value) {
    case 'string':
      return walk.text(value);
    case 'number':
      return plainNumber(value, walk);
    case 'boolean':
      return value;
    case 'bigint':
    case 'symbol':
      return walk.text(String(value));
    case 'function':
      return '[function]';
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : plainObject(value, walk);
  }
}

/** A secret made of digits is one as a figure too. JSON has no word for the other figures. */
function plainNumber(value: number, { text }: Walk): number | string {
  const said = String(value);
  return Number.isFinite(value) && text(said) === said ? value : text(said);
}

function plainObject(value: object, walk: Walk): unknown {
  if (walk.above.has(value)) return '[circular]';
  if (walk.above.size >= depthMax) return '[too deep]';
  walk.above.add(value);
  try {
    return contentOf(value, walk);
  } catch (error) {
    // A getter or a proxy may throw; a log line is no reason to fail.
    return `[unreadable: ${walk.text(error instanceof Error ? error.message : 'unknown')}]`;
  } finally {
    walk.above.delete(value);
  }
}

function contentOf(value: object, walk: Walk): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid time' : value.toISOString();
  if (value instanceof URL || value instanceof RegExp) return walk.text(String(value));
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return { type: walk.text(value.name), message: walk.text(value.message) };
  if (Array.isArray(value)) return plainItems(value, walk);
  if (value instanceof Set) return plainItems([...value], walk);
  const entries = isPairs(value) ? [...value] : Object.entries(value);
  return plainFields(entries, walk);
}

/** Maps, headers and query parameters give name and value when walked through. */
function isPairs(value: object): value is Iterable<readonly [unknown, unknown]> {
  return (
    value instanceof Map || value instanceof Headers || value instanceof URLSearchParams || value instanceof FormData
  );
}

function plainFields(entries: readonly (readonly [unknown, unknown])[], walk: Walk): Record<string, unknown> {
  const fields: [string, unknown][] = [];
  const isSecretPair = entries.some(
    ([name, value]) => name === 'name' && typeof value === 'string' && isSecretName(value),
  );
  for (const [given, value] of entries.slice(0, itemsMax)) {
    const name = typeof given === 'string' ? given : String(given);
    const isSecret = isSecretName(name) || (isSecretPair && name === 'value');
    fields.push([walk.text(name), isSecret ? redacted : plain(value, walk)]);
  }
  if (entries.length > itemsMax) fields.push(['…', `${entries.length - itemsMax} more`]);
  return Object.fromEntries(fields);
}

/** Raw headers are a list of names and values in turn. */
function plainItems(items: readonly unknown[], walk: Walk): unknown[] {
  const shown: unknown[] = items.slice(0, itemsMax).map((item, index) => {
    const name: unknown = index % 2 === 1 ? items[index - 1] : undefined;
    const isSecret = typeof name === 'string' && /^[\w-]+$/.test(name) && isSecretName(name);
    return isSecret ? redacted : plain(item, walk);
  });
  if (items.length > itemsMax) shown.push(`… ${items.length - itemsMax} more`);
  return shown;
}
