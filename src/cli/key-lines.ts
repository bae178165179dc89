import { findKeyRow } from '#domain/keys/key-table.ts';
import type { KeyValue } from '#domain/keys/key-value.ts';
import { countText, timeText } from './figures.ts';
import type { Output } from './output.ts';

/** A value for programs: JSON is parsed, and of a collection at most as many elements as asked for, the newest first. */
export function keyJson(key: string, value: KeyValue, limit: number): object {
  const row = findKeyRow(key);
  const head = {
    key,
    type: value.type,
    ttlMs: value.ttlMs,
    pattern: row?.pattern ?? null,
    writer: row?.writer ?? null,
  };
  switch (value.type) {
    case 'text':
    case 'compressed':
      return { ...head, value: parsed(value.value) };
    case 'hash':
      return { ...head, value: value.fields };
    case 'list':
      return { ...head, count: value.values.length, value: value.values.slice(0, limit).map(parsed) };
    case 'sortedSet': {
      const members = newestFirst(value.members, limit).map(({ score, member }) => ({ score, member: parsed(member) }));
      return { ...head, count: value.members.length, value: members };
    }
  }
}

/** Prints a value for people: its kind and life beside the result, JSON spread over lines, elements one a line. */
export function printKey(key: string, value: KeyValue, limit: number, output: Output): void {
  const row = findKeyRow(key);
  output.note(`${typeWords[value.type]}${countOf(value)}, ${lifeText(value.ttlMs)}`);
  if (row !== undefined) output.note(row.value);
  switch (value.type) {
    case 'text':
    case 'compressed':
      output.line(spread(value.value));
      return;
    case 'hash':
      output.table(
        ['field', 'value'],
        Object.entries(value.fields).map(([name, text]) => [name, text]),
      );
      return;
    case 'list':
      for (const text of value.values.slice(0, limit)) output.line(text);
      noteRest(value.values.length, limit, output);
      return;
    case 'sortedSet':
      for (const { score, member } of newestFirst(value.members, limit)) output.line(`${scoreText(score)}  ${member}`);
      noteRest(value.members.length, limit, output);
  }
}

const typeWords: Readonly<Record<KeyValue['type'], string>> = {
  text: 'string',
  compressed: 'string, unpacked',
  sortedSet: 'sorted set',
  list: 'list',
  hash: 'hash',
};

function countOf(value: KeyValue): string {
  if (value.type === 'list') return ` of ${countText(value.values.length)}`;
  return value.type === 'sortedSet' ? ` of ${countText(value.members.length)}` : '';
}

function noteRest(count: number, limit: number, output: Output): void {
  if (count > limit) output.note(`the newest ${countText(limit)} of ${countText(count)}; '--limit' shows more`);
}

function newestFirst<T>(members: readonly T[], limit: number): T[] {
  return members.slice(-limit).reverse();
}

/** Scores that are instants of this century are shown as such. */
function scoreText(score: number): string {
  return score >= 946_684_800_000 && score < 4_102_444_800_000 ? `${timeText(score)} (${score})` : String(score);
}

const spans: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

function lifeText(ttlMs: number | null): string {
  if (ttlMs === null) return 'without end';
  const [unitMs, unit] = spans.find(([size]) => ttlMs >= size) ?? [1, 'ms'];
  return `ends in ${Math.floor(ttlMs / unitMs)} ${unit}`;
}

function spread(text: string): string {
  const value = parsed(text);
  return typeof value === 'object' && value !== null ? JSON.stringify(value, undefined, 2) : text;
}

/** Objects and lists are parsed; a figure stays the text that the store holds, since nanoseconds do not survive a parser. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // What only looks like JSON is shown as the text it is.
    return text;
  }
}
