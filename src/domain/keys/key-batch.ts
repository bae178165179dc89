import { assert } from '#base/assert.ts';
import type { KeyChange } from './key-change.ts';
import { KeyStoreError } from './key-store-error.ts';

/** The kinds of content a change can ask for. */
export type ContentType = 'text' | 'sortedSet' | 'list' | 'hash';

/** How a key stands after the batch; `touched` keeps the life it had. */
export type KeyEnd =
  | { readonly type: 'written'; readonly ttlMs: number | null }
  | { readonly type: 'deleted' }
  | { readonly type: 'touched' };

/** What a batch does to one key as a whole. */
export interface KeyPlan {
  /** What the key must hold where it exists before the batch; undefined where the batch replaces it anyway. */
  readonly expects: Exclude<ContentType, 'text'> | undefined;
  readonly end: KeyEnd;
  /** True where the batch leaves a text; its life then comes with it. */
  readonly isText: boolean;
}

/** A change that says something about a key. */
export type StoredChange = Exclude<KeyChange, { readonly type: 'publish' }>;

/** A batch made ready for a transaction. */
export interface KeyBatch {
  /** By key, in the order of their first change. */
  readonly plans: ReadonlyMap<string, KeyPlan>;
  /** In the order given, without those that a later one makes void. */
  readonly changes: readonly KeyChange[];
}

/** The most changes of one transaction: a larger one would keep a server from answering others. */
export const keyChangesMax = 50_000;
/** What the store itself keeps about projections; no projection writes there. */
export const positionKeyPrefix = 'quantum:position:';

const keyLengthMax = 512;
const fieldsMax = 1_000;
const textLengthMax = 64 * 1024 * 1024;
/** Ten years, beyond which a life is taken for a slip. */
const ttlMsMax = 10 * 366 * 86_400_000;

/**
 * Checks the changes of one transaction and says for each key what must be there before and how it stands after. Throws a
 * `KeyStoreError` of code `wrongType` where the batch disagrees with itself about what a key is.
 */
export function planKeyChanges(all: readonly KeyChange[]): KeyBatch {
  assert(all.length <= keyChangesMax, `a batch has at most '${keyChangesMax}' changes, found '${all.length}'`);
  for (const change of all) checkChange(change);
  const changes = withoutVoid(all);
  const drafts = new Map<string, Draft>();
  for (const change of changes) if (change.type !== 'publish') draft(drafts, change);
  const plans = new Map<string, KeyPlan>();
  for (const [key, { expects, holds, end }] of drafts) plans.set(key, { expects, end, isText: holds === 'text' });
  return { plans, changes };
}

/** The name of a projection becomes part of a key. */
export function checkProjectionName(name: string): void {
  assert(/^[A-Za-z][A-Za-z0-9_.-]{0,99}$/.test(name), `a projection's name is a word, found '${name}'`);
}

interface Draft {
  readonly expects: KeyPlan['expects'];
  holds: ContentType | undefined;
  end: KeyEnd;
}

function draft(drafts: Map<string, Draft>, change: StoredChange): void {
  const needs = neededType(change);
  const known = drafts.get(change.key);
  if (known === undefined) {
    const expects = needs === 'text' ? undefined : needs;
    drafts.set(change.key, { expects, holds: needs, end: endAfter(change, { type: 'touched' }) });
    return;
  }
  if (known.holds !== undefined && needs !== undefined && known.holds !== needs) {
    throw new KeyStoreError('wrongType', `expected '${needs}' at '${change.key}', found '${known.holds}'`);
  }
  known.holds = needs;
  known.end = endAfter(change, known.end);
}

function neededType(change: StoredChange): ContentType | undefined {
  switch (change.type) {
    case 'set':
    case 'setCompressed':
      return 'text';
    case 'add':
    case 'dropBelow':
      return 'sortedSet';
    case 'push':
      return 'list';
    case 'hash':
      return 'hash';
    case 'delete':
      return undefined;
  }
}

function endAfter(change: StoredChange, before: KeyEnd): KeyEnd {
  switch (change.type) {
    case 'delete':
      return { type: 'deleted' };
    case 'dropBelow':
      return before;
    case 'set':
    case 'setCompressed':
    case 'add':
    case 'push':
    case 'hash':
      return { type: 'written', ttlMs: change.ttlMs };
  }
}

/** What stands before the last change that replaces or deletes a key leaves no trace. */
function withoutVoid(changes: readonly KeyChange[]): KeyChange[] {
  const lastByKey = new Map<string, number>();
  for (const [index, change] of changes.entries()) {
    if (change.type === 'set' || change.type === 'setCompressed' || change.type === 'delete') {
      lastByKey.set(change.key, index);
    }
  }
  return changes.filter((change, index) => change.type === 'publish' || index >= (lastByKey.get(change.key) ?? 0));
}

function checkChange(change: KeyChange): void {
  checkKey(change.type === 'publish' ? change.channel : change.key);
  if ('ttlMs' in change && change.ttlMs !== null) checkLife(change.key, change.ttlMs);
  if ('value' in change) checkText(change.key, change.value);
  switch (change.type) {
    case 'add':
      checkText(change.key, change.member);
      assert(Number.isFinite(change.score), `a score is a finite figure, found '${change.score}' for '${change.key}'`);
      if (change.keep !== null) checkKeep(change.key, change.keep);
      break;
    case 'dropBelow':
      assert(!Number.isNaN(change.score), `a score is a figure, found '${change.score}' for '${change.key}'`);
      break;
    case 'push':
      checkKeep(change.key, change.keep);
      break;
    case 'hash':
      checkFields(change.key, change.fields);
      break;
    case 'publish':
      checkText(change.channel, change.message);
      break;
    case 'set':
    case 'setCompressed':
    case 'delete':
      break;
  }
}

function checkKey(key: string): void {
  assert(key.length > 0 && key.length <= keyLengthMax, `a key has 1 to ${keyLengthMax} characters, found '${key}'`);
  assert(key.isWellFormed(), `a key is a well-formed text, found '${key}'`);
  assert(!key.startsWith(positionKeyPrefix), `'${positionKeyPrefix}' belongs to the store, found '${key}'`);
}

function checkText(key: string, text: string): void {
  assert(text.length <= textLengthMax, `a text has at most ${textLengthMax} characters, found more for '${key}'`);
}

function checkKeep(key: string, keep: number): void {
  assert(Number.isSafeInteger(keep) && keep >= 1, `at least 1 is kept, found '${keep}' for '${key}'`);
}

function checkLife(key: string, ttlMs: number): void {
  const isLife = Number.isSafeInteger(ttlMs) && ttlMs >= 1 && ttlMs <= ttlMsMax;
  assert(isLife, `a life is a whole number of ms from 1 to ten years, found '${ttlMs}' for '${key}'`);
}

function checkFields(key: string, fields: Readonly<Record<string, string>>): void {
  const entries = Object.entries(fields);
  assert(entries.length >= 1 && entries.length <= fieldsMax, `a hash change has 1 to ${fieldsMax} fields for '${key}'`);
  for (const [name, value] of entries) {
    checkText(key, name);
    checkText(key, value);
  }
}
