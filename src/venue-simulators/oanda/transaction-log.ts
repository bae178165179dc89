import { assert } from '#base/assert.ts';
import { fineInstantText } from './wire-text.ts';

/** How many transactions are kept; older ones can no longer be asked for. */
const TRANSACTIONS_MAX = 200_000;

/** One entry of the account's history, with what all have in common and the fields of its own kind. */
export interface Transaction {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly batchID: string;
  readonly [field: string]: unknown;
}

export interface LogOptions {
  readonly accountId: string;
  readonly userId: number;
  readonly now: () => number;
  readonly transactionsMax?: number;
}

/**
 * The account's history: transactions with ids that count up by one. What one request or one event leads to is one batch, named by the
 * first of its ids.
 */
export class TransactionLog {
  readonly #options: LogOptions;
  readonly #transactions: Transaction[] = [];
  readonly #listeners = new Set<(transaction: Transaction) => void>();
  #lastId = 0;
  #batch: { id: string | undefined; readonly requestId: string | undefined } | undefined;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  get lastId(): string {
    return String(this.#lastId);
  }

  append(type: string, fields: Readonly<Record<string, unknown>>): Transaction {
    this.#lastId += 1;
    const id = String(this.#lastId);
    const { accountId, userId, now } = this.#options;
    if (this.#batch !== undefined) this.#batch.id ??= id;
    const batchID = this.#batch?.id ?? id;
    const requestID = this.#batch?.requestId;
    const asked = requestID === undefined ? {} : { requestID };
    const time = fineInstantText(now(), this.#lastId);
    const transaction = { id, accountID: accountId, userID: userId, batchID, ...asked, time, type, ...fields };
    this.#transactions.push(transaction);
    const max = this.#options.transactionsMax ?? TRANSACTIONS_MAX;
    if (this.#transactions.length > max + 1_000) this.#transactions.splice(0, this.#transactions.length - max);
    for (const listener of [...this.#listeners]) listener(transaction);
    return transaction;
  }

  /** Everything appended meanwhile is one batch, and is returned. Batches inside of it belong to it. */
  batch(act: () => void, requestId?: string): readonly Transaction[] {
    const outer = this.#batch;
    const before = this.#lastId;
    this.#batch ??= { id: undefined, requestId };
    try {
      act();
    } finally {
      this.#batch = outer;
    }
    return this.range(before + 1, this.#lastId);
  }

  /** Uses up ids without a transaction. */
  useUp(count: number): void {
    assert(count > 0, `ids are used up forward, found '${count}'`);
    this.#lastId += count;
  }

  find(id: number): Transaction | undefined {
    return this.range(id, id)[0];
  }

  /** Transactions with ids from one to another, both included, oldest first. */
  range(from: number, to: number): readonly Transaction[] {
    const first = this.#indexOf(from);
    const end = this.#indexOf(to + 1);
    return this.#transactions.slice(first, end);
  }

  all(): readonly Transaction[] {
    return this.#transactions;
  }

  listen(listener: (transaction: Transaction) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The index of the first transaction with this id or a later one. */
  #indexOf(id: number): number {
    let low = 0;
    let high = this.#transactions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Number(this.#transactions[middle]?.id) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
