import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { present } from '#base/assert.ts';
import type { KeyBatch, KeyPlan, StoredChange } from '#domain/keys/key-batch.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import { type EntryType, isOver, type KeyEntries } from './key-entries.ts';
import { type SortedSet, SortedSetWriter } from './sorted-set-writer.ts';

type Change<Type extends KeyChange['type']> = Extract<KeyChange, { readonly type: Type }>;

/** What is needed to write a batch besides the batch. */
export interface WriteContext {
  /** The projection that writes. */
  readonly owner: string;
  /** Ms UTC; lives begin here. */
  readonly now: number;
  readonly compressed: ReadonlyMap<KeyChange, Uint8Array>;
}

/** The entry of a key while a batch is written. */
interface Draft {
  readonly id: number;
  readonly type: EntryType;
  readonly expiresAt: number | null;
  size: number;
  head: number;
  sortedSet: SortedSet | undefined;
}

/** Writes batches into the tables; the caller holds the transaction. */
export class KeyWriter {
  readonly #entries: KeyEntries;
  readonly #sortedSets: SortedSetWriter;
  readonly #put: StatementSync;
  readonly #update: StatementSync;
  readonly #push: StatementSync;
  readonly #trim: StatementSync;
  readonly #field: StatementSync;

  constructor(database: DatabaseSync, entries: KeyEntries) {
    this.#entries = entries;
    this.#sortedSets = new SortedSetWriter(database);
    this.#put = database.prepare(
      'INSERT INTO entry (key, type, owner, expiresAt, value, size, head) VALUES (?, ?, ?, ?, ?, 0, 0) ' +
        'ON CONFLICT (key) DO UPDATE SET type = excluded.type, owner = excluded.owner, expiresAt = excluded.expiresAt, ' +
        'value = excluded.value, size = 0, head = 0',
    );
    this.#update = database.prepare(
      'UPDATE entry SET owner = coalesce(?, owner), expiresAt = ?, size = ?, head = ? WHERE id = ?',
    );
    this.#push = database.prepare('INSERT INTO item (entryId, place, value) VALUES (?, ?, ?)');
    this.#trim = database.prepare('DELETE FROM item WHERE entryId = ? AND place >= ?');
    this.#field = database.prepare(
      'INSERT INTO field (entryId, name, value) VALUES (?, ?, ?) ' +
        'ON CONFLICT (entryId, name) DO UPDATE SET value = excluded.value',
    );
  }

  /** Throws a `KeyStoreError` of code `wrongType` where a key holds something else than the batch expects. */
  write({ plans, changes }: KeyBatch, context: WriteContext): void {
    const drafts = new Map<string, Draft>();
    for (const [key, plan] of plans) {
      const draft = this.#open(key, plan, context.now);
      if (draft !== undefined) drafts.set(key, draft);
    }
    for (const change of changes) if (change.type !== 'publish') this.#make(drafts, change, context);
    for (const [key, draft] of drafts) this.#finish(draft, present(plans.get(key), key), context);
  }

  #open(key: string, { expects }: KeyPlan, now: number): Draft | undefined {
    const entry = this.#entries.find(key);
    if (entry === undefined) return undefined;
    if (isOver(entry, now)) {
      this.#entries.remove(entry);
      return undefined;
    }
    if (expects !== undefined && entry.type !== expects) {
      throw new KeyStoreError('wrongType', `expected '${expects}' at '${key}', found '${entry.type}'`);
    }
    return { ...entry, sortedSet: undefined };
  }

  #make(drafts: Map<string, Draft>, change: StoredChange, context: WriteContext): void {
    const draft = drafts.get(change.key);
    switch (change.type) {
      case 'set':
      case 'setCompressed':
        // Nothing follows on this key in the batch, or this change would have been left out.
        if (draft !== undefined) this.#entries.clear(draft);
        drafts.delete(change.key);
        this.#setText(change, context);
        break;
      case 'delete':
        if (draft !== undefined) this.#entries.remove(draft);
        drafts.delete(change.key);
        break;
      case 'dropBelow':
        if (draft !== undefined) this.#sortedSets.drop(this.#sortedSetOf(draft), change.score);
        break;
      case 'add':
        this.#sortedSets.add(this.#sortedSetOf(draft ?? this.#create(drafts, change.key, 'sortedSet')), change);
        break;
      case 'push':
        this.#pushValue(draft ?? this.#create(drafts, change.key, 'list'), change);
        break;
      case 'hash':
        this.#setFields(draft ?? this.#create(drafts, change.key, 'hash'), change);
        break;
    }
  }

  #setText(change: Change<'set' | 'setCompressed'>, { owner, now, compressed }: WriteContext): void {
    const expiresAt = change.ttlMs === null ? null : now + change.ttlMs;
    if (change.type === 'set') this.#put.run(change.key, 'text', owner, expiresAt, change.value);
    else this.#put.run(change.key, 'compressed', owner, expiresAt, present(compressed.get(change), change.key));
  }

  #create(drafts: Map<string, Draft>, key: string, type: EntryType): Draft {
    const { lastInsertRowid } = this.#put.run(key, type, '', null, null);
    const id = Number(lastInsertRowid);
    const draft: Draft = { id, type, expiresAt: null, size: 0, head: 0, sortedSet: undefined };
    drafts.set(key, draft);
    return draft;
  }

  #sortedSetOf(draft: Draft): SortedSet {
    draft.sortedSet ??= this.#sortedSets.open(draft.id, draft.size);
    return draft.sortedSet;
  }

  #pushValue(draft: Draft, { value, keep }: Change<'push'>): void {
    draft.head -= 1;
    draft.size += 1;
    this.#push.run(draft.id, draft.head, value);
    if (draft.size <= keep) return;
    this.#trim.run(draft.id, draft.head + keep);
    draft.size = keep;
  }

  #setFields(draft: Draft, { fields }: Change<'hash'>): void {
    // A hash is never emptied but with its key, so that its fields need no count.
    draft.size = 1;
    for (const [name, value] of Object.entries(fields)) this.#field.run(draft.id, name, value);
  }

  /** Keeps what has become of a collection; an empty one is no key. */
  #finish(draft: Draft, { end }: KeyPlan, { owner, now }: WriteContext): void {
    if (draft.sortedSet !== undefined) {
      this.#sortedSets.trim(draft.sortedSet);
      draft.size = draft.sortedSet.size;
    }
    if (draft.size === 0) {
      this.#entries.remove(draft);
      return;
    }
    const life = end.type === 'written' && end.ttlMs !== null ? now + end.ttlMs : null;
    const expiresAt = end.type === 'written' ? life : draft.expiresAt;
    this.#update.run(end.type === 'written' ? owner : null, expiresAt, draft.size, draft.head, draft.id);
  }
}
