import { assert } from '#base/assert.ts';
import type { RecordValue } from '#domain/records/record-change.ts';
import type { RecordColumnType } from '#domain/records/record-table.ts';

/**
 * A value as both databases keep it. What they would keep differently is settled here: no figure that is none, no negative zero, no
 * character without a meaning. A value of another type than its column is our own mistake.
 */
export function storedValue(type: RecordColumnType, value: RecordValue): RecordValue {
  if (value === null) return null;
  switch (type) {
    case 'text':
      assert(typeof value === 'string', `a text is expected, found '${typeof value}'`);
      return value.isWellFormed() && !value.includes('\0') ? value : value.toWellFormed().replaceAll('\0', '\ufffd');
    case 'json':
      assert(typeof value === 'string', `JSON text is expected, found '${typeof value}'`);
      return value;
    case 'integer':
      assert(Number.isSafeInteger(value), `a whole number is expected, found '${String(value)}'`);
      return value === 0 ? 0 : value;
    case 'real':
      assert(typeof value === 'number', `a figure is expected, found '${typeof value}'`);
      if (!Number.isFinite(value)) return null;
      return value === 0 ? 0 : value;
    case 'boolean':
      assert(typeof value === 'boolean', `a truth value is expected, found '${typeof value}'`);
      return value;
  }
}

/** A value as it was written: one database has no truth values of its own. */
export function readValue(type: RecordColumnType, value: RecordValue): RecordValue {
  return type === 'boolean' && typeof value === 'number' ? value !== 0 : value;
}
