/** One field in which two values differ; a side that lacks the field shows `undefined`. */
export interface FieldDifference {
  /** Names and places on the way to it, such as `order.quantity` or `entries.0.code`; empty for the values themselves. */
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** Differences listed at most; two values that differ in more are not the same kind of thing. */
const differencesMax = 200;

/** Where two plain values differ, field by field, in the order of their names. Absent and undefined are one. */
export function fieldDifferences(left: unknown, right: unknown): FieldDifference[] {
  const found: FieldDifference[] = [];
  collect('', left, right, found);
  return found;
}

/** A value as one line of text. */
export function shownValue(value: unknown): string {
  return value === undefined ? '–' : JSON.stringify(value);
}

function collect(path: string, left: unknown, right: unknown, found: FieldDifference[]): void {
  if (Object.is(left, right) || found.length >= differencesMax) return;
  if (!isBranch(left) || !isBranch(right) || Array.isArray(left) !== Array.isArray(right)) {
    found.push({ path, left, right });
    return;
  }
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  for (const name of Array.isArray(left) ? names : names.sort()) {
    collect(path === '' ? name : `${path}.${name}`, Reflect.get(left, name), Reflect.get(right, name), found);
  }
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
