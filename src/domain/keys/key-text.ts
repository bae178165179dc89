import { keyGroups } from './key-table.ts';
import { dayMs, hourMs, type KeyRow, minuteMs, secondMs } from './key-table-row.ts';

/** The reference page of every key, in Markdown. */
export function renderKeyReference(): string {
  const groups = keyGroups.flatMap(({ title, rows }) => [
    `## ${title}`,
    '',
    '| key | type | value | life and bound | written by | read by | source |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(referenceRow),
    '',
  ]);
  return [
    '# Keys',
    '',
    'Made from the key table; do not edit. With `VALKEY_URL` set the mirror writes these keys to Valkey, each batch in one transaction;',
    'without it they lie in the data folder. Both are read by `bin/tradewind keys get KEY` and `bin/tradewind keys list [PATTERN]` and by the',
    'API. Keys are a projection of the journal: delete them, and they are made anew. `{inst}` is a symbol such as `EUR_USD`; fields',
    'ending in `_ms` are milliseconds UTC, `ts` is in seconds unless it says ms. Channels and keys with a life of hours or less are',
    'written once the desk is live; history leaves candles and signals. A key that is not written yet names its issue.',
    '',
    ...groups,
  ].join('\n');
}

function referenceRow(row: KeyRow): string {
  const encoding = row.encoding === 'gzip' ? ', gzip' : row.encoding === 'json' ? ', JSON' : '';
  const cells = [
    `\`${row.pattern}\``,
    `${typeWords[row.type]}${encoding}`,
    row.value,
    lifeCell(row),
    writerCell(row),
    row.readers,
    row.source,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const typeWords: Readonly<Record<KeyRow['type'], string>> = {
  string: 'string',
  hash: 'hash',
  list: 'list',
  sortedSet: 'sorted set',
  set: 'set',
  stream: 'stream',
  channel: 'channel',
};

function lifeCell({ ttlMs, bound, type }: KeyRow): string {
  const life = ttlMs === null ? (type === 'channel' ? 'kept nowhere' : 'no end') : spanText(ttlMs);
  return bound === undefined ? life : `${life}; ${bound}`;
}

function writerCell({ writer, plannedIn }: KeyRow): string {
  if (plannedIn !== null) return `*planned: issue ${plannedIn}*`;
  return writer === 'nobody' ? '*not written*' : writer;
}

const units: readonly (readonly [number, string])[] = [
  [dayMs, 'd'],
  [hourMs, 'h'],
  [minuteMs, 'min'],
  [secondMs, 's'],
];

/** A span in the largest unit that divides it. */
function spanText(spanMs: number): string {
  const [unitMs, unit] = units.find(([size]) => spanMs % size === 0) ?? [1, 'ms'];
  return `${spanMs / unitMs} ${unit}`;
}
