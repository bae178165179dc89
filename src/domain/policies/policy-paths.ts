/** Names on the way to a field are parted by dots; names of fields hold none. */
type Document = Readonly<Record<string, unknown>>;

/** The value at a path, undefined where nothing is there. An empty path leads to the value itself. */
export function valueAtPath(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** A copy of a document in which the value at each path is another; objects on the way are made where they are missing. */
export function changedDocument(document: Document, changes: Document): Record<string, unknown> {
  let result: Record<string, unknown> = { ...document };
  for (const [path, value] of Object.entries(changes)) result = withValue(result, path.split('.'), value);
  return result;
}

function withValue(document: Document, names: readonly string[], value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = names;
  if (rest.length === 0) return { ...document, [name]: value };
  const inner = Object.hasOwn(document, name) ? document[name] : undefined;
  return { ...document, [name]: withValue(isBranch(inner) ? { ...inner } : {}, rest, value) };
}

/** Paths of the fields in which two documents differ, in the order of their names. Lists are compared as a whole. */
export function changedPaths(before: unknown, after: unknown, path = ''): string[] {
  if (isBranch(before) && isBranch(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      changedPaths(Reflect.get(before, name), Reflect.get(after, name), path === '' ? name : `${path}.${name}`),
    );
  }
  return isEqual(before, after) ? [] : [path];
}

function isEqual(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
  return left.every((item, index) => changedPaths(item, right[index]).length === 0 && isSameKind(item, right[index]));
}

function isSameKind(left: unknown, right: unknown): boolean {
  return Array.isArray(left) === Array.isArray(right) && (left === null) === (right === null);
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
