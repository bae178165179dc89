import { assert } from '#base/assert.ts';
import { doubleText } from './double-text.ts';
import type { ManifoldDocument } from './manifold-document.ts';

/** `parity` leaves out every field the reference does not have. */
export interface ManifoldTextOptions {
  parity: boolean;
}

/** Fields that hold whole numbers; every other number is a double and shows it. */
const WHOLE_FIELDS: ReadonlySet<string> = new Set([
  'count',
  'count_1h',
  'first_seen_ms',
  't0_ms',
  't1_ms',
  'ts_ms',
  'window_end_ms',
]);

/** Fields whose text is the digits of a whole number too large for a double. */
const DIGIT_FIELDS: ReadonlySet<string> = new Set(['timestamp_ns']);

const ADDED_FIELDS: ReadonlySet<string> = new Set([
  'coherence_pattern',
  'down_run_ratio',
  'hazard_lambda',
  'hazard_r',
  'price_end',
  'ts_ms',
  'window_end_ms',
  'window_end_ns',
]);

const NOTHING: ReadonlySet<string> = new Set();

/**
 * The document as one line of JSON with a line feed at its end: keys in alphabetical order, doubles in their shortest form and never
 * without a point or an exponent, whole numbers as digits (FX desk specification a.8). A document without candles has three keys only.
 */
export function serializeManifold(document: ManifoldDocument, options: ManifoldTextOptions): string {
  const { instrument, count, signals } = document;
  const shown = count === 0 ? { instrument, count, signals } : document;
  return `${objectText(shown, options.parity ? ADDED_FIELDS : NOTHING)}\n`;
}

function objectText(value: object, hidden: ReadonlySet<string>): string {
  const fields = Object.entries(value)
    .filter(([key]) => !hidden.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `"${key}":${fieldText(key, field, hidden)}`);
  return `{${fields.join(',')}}`;
}

function fieldText(key: string, value: unknown, hidden: ReadonlySet<string>): string {
  if (typeof value === 'number') return numberText(key, value);
  if (typeof value === 'string') return DIGIT_FIELDS.has(key) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((element) => objectText(element, hidden)).join(',')}]`;
  assert(typeof value === 'object' && value !== null, `the field '${key}' is a number, a text, a list or an object`);
  return objectText(value, hidden);
}

function numberText(key: string, value: number): string {
  if (!WHOLE_FIELDS.has(key)) return doubleText(value);
  assert(Number.isSafeInteger(value), `the field '${key}' is a whole number`);
  return String(value);
}
