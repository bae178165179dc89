import { VenueError } from '#domain/venue-error.ts';
import { type AccountBook, createAccountBook } from './account-book.ts';
import { type AccountMoment, noteAccount } from './mapper-account.ts';
import { readTransaction } from './mapper-transactions.ts';
import type { OandaContext } from './oanda-context.ts';
import { readAnswer } from './read-answer.ts';
import { accountAnswerSchema, heartbeatSchema, transactionSchema, type VenueTransaction } from './schema.ts';
import { prepareReading } from './trade-lookup.ts';
import { transactionsSince } from './transaction-history.ts';
import { compareIds, idAfter, isTransactionId, laterId } from './transaction-id.ts';
import { quarantined } from './transaction-reading.ts';

/** Ids that were read ahead of the ones before them. */
export const aheadIdsMax = 10_000;
/** Lines that wait while the gap before them is being filled. */
export const heldLinesMax = 10_000;
const retryMs = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/** Lines that come out of order get so long to arrive before the venue is asked. */
const settleMs = 500;

/**
 * The account's transactions, each read once, from whichever of stream, answers and history brings it first. All up to the cursor are read;
 * those ahead of it are remembered one by one. Where the stream goes on behind a gap, or a heartbeat names an id that was not seen, history
 * is asked; an id that it does not have was never given to a transaction that is told, and is no gap.
 */
export class TransactionFeed {
  readonly book: AccountBook;
  readonly #context: OandaContext;
  readonly #ahead = new Set<string>();
  #cursor: string | undefined;
  #heldLines: unknown[] | undefined;
  #work: Promise<void> = Promise.resolve();
  #isResyncing = false;
  /** The stream came up anew while history was being asked: what was asked may end before the stream begins. */
  #isRepeatNeeded = false;
  /** The newest id that the venue named without telling of it. */
  #namedId: string | undefined;
  #failures = 0;
  #isStarted = false;
  #isUp = false;
  /** Whether the stream has said anything since it came up: that it opened is no sign of life. */
  #isHeard = false;
  #cancelTimer: (() => void) | undefined;

  constructor(context: OandaContext) {
    this.#context = context;
    this.book = createAccountBook();
  }

  /** Up to where everything has been read; undefined before anything was. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** The newest id that is known of. */
  get newestId(): string | undefined {
    let newest = this.#cursor;
    for (const id of this.#ahead) newest = newest === undefined ? id : laterId(newest, id);
    return newest;
  }

  /** The account at a moment before the stream begins: what is open then is known, and what happened before is not told. */
  seed(moment: AccountMoment): void {
    if (this.#isStarted) return;
    noteAccount(this.book, moment, this.#context.reading);
    this.#moveTo(moment.lastTransactionID);
  }

  /** Nothing up to here is told any more, as it has been told as history. Of no account once the stream has begun. */
  startAfter(cursor: string): void {
    if (!this.#isStarted) this.#moveTo(cursor);
  }

  #moveTo(cursor: string): void {
    const moved = this.#cursor === undefined ? cursor : laterId(this.#cursor, cursor);
    this.#cursor = moved;
    for (const id of this.#ahead) if (compareIds(id, moved) <= 0) this.#ahead.delete(id);
    this.#advance();
  }

  onUp(): void {
    this.#isStarted = true;
    this.#isUp = true;
    this.#isHeard = false;
    this.#heldLines = [];
    this.#failures = 0;
    this.#beginResync();
  }

  onDown(reason: string): void {
    this.#isUp = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#context.health.impair('account', null, reason);
  }

  onValue(value: unknown): void {
    if (!this.#isHeard) {
      this.#isHeard = true;
      this.#restoreWhereWell();
    }
    const heartbeat = heartbeatSchema.safeParse(value);
    if (heartbeat.success) this.expect(heartbeat.data.lastTransactionID);
    else if (this.#heldLines !== undefined && this.#heldLines.length < heldLinesMax) this.#heldLines.push(value);
    else void this.take([value]);
  }

  /** A transaction of this id is there, so it must come up; history is asked where it does not do so by itself. */
  expect(id: string | undefined): void {
    if (id === undefined || !isTransactionId(id)) return;
    this.#namedId = this.#namedId === undefined ? id : laterId(this.#namedId, id);
    this.#settleSoon();
  }

  close(): void {
    this.#isStarted = false;
    this.#isUp = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Reads transactions in the order of their ids, each only where it was not read before. Settles when all have been told. */
  take(values: readonly unknown[]): Promise<void> {
    const transactions = this.#parsed(values);
    this.#work = this.#work.then(() => this.#takeAll(transactions));
    return this.#work;
  }

  #parsed(values: readonly unknown[]): readonly VenueTransaction[] {
    const { reading, tell } = this.#context;
    const transactions = values.flatMap((value) => {
      const parsed = transactionSchema.safeParse(value);
      if (parsed.success && isTransactionId(parsed.data.id)) return [parsed.data];
      tell(quarantined('MALFORMED_TRANSACTION', value, reading));
      return [];
    });
    return transactions.sort((left, right) => compareIds(left.id, right.id));
  }

  async #takeAll(transactions: readonly VenueTransaction[]): Promise<void> {
    for (const transaction of transactions) {
      if (this.#isRead(transaction.id)) continue;
      await prepareReading(this.#context, this.book, transaction);
      this.#read(transaction);
    }
    this.#settleSoon();
  }

  #read(transaction: VenueTransaction): void {
    const { reading, tell, notice } = this.#context;
    const { inputs, notices } = readTransaction(this.book, transaction, reading);
    this.#ahead.add(transaction.id);
    this.#advance();
    for (const text of notices) notice(text);
    for (const input of inputs) tell(input);
  }

  #isRead(id: string): boolean {
    return this.#ahead.has(id) || (this.#cursor !== undefined && compareIds(id, this.#cursor) <= 0);
  }

  /** Moves the cursor over ids that follow it without a gap. Beyond the bound the oldest id ahead is forgotten: it would be told again. */
  #advance(): void {
    if (this.#cursor !== undefined) {
      for (let next = idAfter(this.#cursor); this.#ahead.delete(next); next = idAfter(next)) this.#cursor = next;
    }
    if (this.#ahead.size <= aheadIdsMax) return;
    const oldest = this.#ahead.values().next().value;
    if (oldest !== undefined) this.#ahead.delete(oldest);
  }

  get #isBehind(): boolean {
    return this.#ahead.size > 0 || (this.#namedId !== undefined && !this.#isRead(this.#namedId));
  }

  #settleSoon(): void {
    if (!this.#isStarted || this.#isResyncing || !this.#isBehind) return;
    this.#cancelTimer ??= this.#context.time.after(settleMs, () => {
      this.#cancelTimer = undefined;
      if (this.#isBehind) this.#beginResync();
    });
  }

  #beginResync(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#isRepeatNeeded = this.#isResyncing;
    if (this.#isResyncing) return;
    this.#isResyncing = true;
    this.#resync().then(
      () => this.#endResync(),
      (error: unknown) => this.#failResync(error),
    );
  }

  async #resync(): Promise<void> {
    await this.#context.catalogue.ready();
    if (this.#cursor === undefined) return this.#startHere();
    const history = await transactionsSince(this.#context.rest, this.#cursor);
    await this.take(history.transactions);
    this.#moveTo(history.lastId);
  }

  /** Without a cursor what happened before is not told, only known. */
  async #startHere(): Promise<void> {
    const moment = readAnswer(await this.#context.rest.account(), accountAnswerSchema, 'the account');
    noteAccount(this.book, moment, this.#context.reading);
    this.#moveTo(moment.lastTransactionID);
  }

  #endResync(): void {
    this.#isResyncing = false;
    if (this.#isRepeatNeeded) {
      this.#beginResync();
      return;
    }
    this.#failures = 0;
    this.#releaseLines();
    this.#restoreWhereWell();
    this.#settleSoon();
  }

  /** The gap is filled and the stream speaks. */
  #restoreWhereWell(): void {
    if (this.#isUp && this.#isHeard && !this.#isResyncing && this.#failures === 0)
      this.#context.health.restore('account', null);
  }

  /** What the stream brings is told also while history does not answer: late is worse than out of order. */
  #failResync(error: unknown): void {
    this.#isResyncing = false;
    if (!(error instanceof VenueError)) throw error;
    const reason = `transactions since '${this.#cursor}' are not known: ${error.message}`;
    this.#context.health.impair('account', null, reason);
    this.#context.notice(reason);
    this.#releaseLines();
    const waitMs = retryMs[Math.min(this.#failures, retryMs.length - 1)] ?? 0;
    this.#failures += 1;
    if (!this.#isUp) return;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#context.time.after(waitMs, () => this.#beginResync());
  }

  #releaseLines(): void {
    const held = this.#heldLines ?? [];
    this.#heldLines = undefined;
    if (held.length > 0) void this.take(held);
  }
}
