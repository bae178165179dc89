import { keyTableCrypto } from './key-table-crypto.ts';
import { keyTableDesk } from './key-table-desk.ts';
import { keyTableMarket } from './key-table-market.ts';
import { keyTableResearch } from './key-table-research.ts';
import type { KeyRow } from './key-table-row.ts';

/** Rows that belong together, in the order in which texts show them. */
export interface KeyGroup {
  readonly title: string;
  readonly rows: readonly KeyRow[];
}

/**
 * The one table of every Valkey key the seeds name (FX desk specification b.3, crypto desk specification 3.2, 12.6, 18.3). The mirror, the
 * reference page and the commands agree with it by test.
 */
export const keyGroups: readonly KeyGroup[] = [
  { title: 'Market and manifolds', rows: keyTableMarket },
  { title: 'Evaluator, allocator, account and switch', rows: keyTableDesk },
  { title: 'Research', rows: keyTableResearch },
  { title: 'Policies, trades, bus and crypto desk', rows: keyTableCrypto },
];

export const keyTable: readonly KeyRow[] = keyGroups.flatMap(({ rows }) => rows);

/** Rows with the fewest open parts come first, so that a key with a row of its own is not taken for another's. */
const matchers: readonly (readonly [RegExp, KeyRow])[] = keyTable
  .toSorted((left, right) => openParts(left.pattern) - openParts(right.pattern))
  .map((row) => [expressionOf(row.pattern), row]);

/** The row that a concrete key belongs to; undefined where the table knows none. */
export function findKeyRow(key: string): KeyRow | undefined {
  return matchers.find(([expression]) => expression.test(key))?.[1];
}

function openParts(pattern: string): number {
  return pattern.split('{').length;
}

/** A part in braces stands for anything without a colon; the last one may hold colons, as parameter sets and ids do. */
function expressionOf(pattern: string): RegExp {
  const source = pattern
    .split(/(\{[\w-]+\})/)
    .map((part, index, parts) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
      return index === parts.length - 2 && /param_key|id|name/.test(part) ? '.+' : '[^:]+';
    })
    .join('');
  return new RegExp(`^${source}$`);
}
