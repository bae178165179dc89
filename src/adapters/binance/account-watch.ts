import type { InstrumentId } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { VenueInput } from '#engine/live-port.ts';
import type { TimePort } from '#engine/ports.ts';
import { isExternal, isNewTrade } from './account-book.ts';
import { readHistory } from './account-history.ts';
import {
  type AccountReading,
  isSamePositions,
  quantitiesOf,
  type ReaderOptions,
  readAccount,
} from './account-reader.ts';
import { adopt } from './account-report.ts';
import type { Impairments } from './impairments.ts';
import { adoptedInput } from './mapper.ts';

/** The account is compared with what the stream told this often, so that a stream that has silently died is found within 90 seconds. */
export const checkEveryMs = 60_000;
/** What the stream tells may be on its way for so long. */
const settleMs = 5_000;
const retryMs = 5_000;
/** Comparisons in a row that something happened in between of. */
const movingMax = 5;
/** An account that could not be looked at for so long is not known. */
const unseenMsMax = 90_000;

export interface AccountWatchOptions extends ReaderOptions {
  readonly time: TimePort;
  readonly impairments: Impairments;
  readonly tell: (input: VenueInput) => void;
  /** The desk's symbols. */
  readonly symbols: readonly string[];
  /** How many messages the stream has carried. */
  readonly messages: () => number;
  readonly isStreamUp: () => boolean;
  readonly rotate: (reason: string) => void;
}

/**
 * Looks whether the account's stream can be trusted: a silent one may be quiet or dead, and only the venue's own books tell which. After
 * any doubt the history is read from where all was well.
 */
export class AccountWatch {
  readonly #options: AccountWatchOptions;
  /** The venue's time up to which everything is known to have been told; undefined before the first look. */
  #soundAt: number | undefined;
  #seenAt: number;
  #isRecovering = false;
  #isChecking = false;
  #isClosed = false;
  readonly #doubted = new Set<InstrumentId>();
  readonly #timers = new Set<() => void>();

  constructor(options: AccountWatchOptions) {
    this.#options = options;
    this.#seenAt = options.time.monotonic();
  }

  open(): void {
    this.#after(checkEveryMs, () => {
      void this.#check();
      this.open();
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Looks soon, because something was odd. Until then one instrument, or nothing, is held. */
  doubt(reason: string, instrument: InstrumentId | null): void {
    if (instrument !== null) {
      this.#doubted.add(instrument);
      this.#options.impairments.impair({ part: 'account', instrument, reason });
    }
    this.#after(settleMs, () => void this.#check());
  }

  /** The stream is down: what happens meanwhile is not told. */
  lost(reason: string): void {
    this.#options.impairments.impair({ part: 'account', instrument: null, reason });
  }

  /** The stream is up: tells what happened while it was not, then lets go. Keeps trying while the stream stays up. */
  async recover(): Promise<void> {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    while (this.#options.isStreamUp() && !this.#isClosed) {
      if (await this.#tryRecover()) break;
      await this.#wait(retryMs);
    }
    this.#isRecovering = false;
  }

  async #tryRecover(): Promise<boolean> {
    const { rest, impairments, onNotice } = this.#options;
    const startedAt = rest.venueNow();
    try {
      if (this.#soundAt !== undefined) await this.#catchUp(this.#soundAt);
      if (!(await this.#readQuietly((reading) => adopt(reading, this.#options)))) return false;
      this.#sound(startedAt);
      if (this.#options.isStreamUp()) impairments.restore('account', null);
      return true;
    } catch (error) {
      onNotice(`the account could not be read after a break: ${messageOf(error)}`);
      return false;
    }
  }

  async #catchUp(fromAt: number): Promise<void> {
    const { book, tell } = this.#options;
    const known = new Set(book.orders.keys());
    const symbols = new Set([...this.#options.symbols, ...book.positions.keys()]);
    const { events } = await readHistory(String(fromAt), this.#options, symbols);
    for (const event of events) this.#tellOnce(event);
    for (const order of book.orders.values()) {
      const market = book.markets.get(order.symbol);
      if (market === undefined || known.has(order.clientOrderId)) continue;
      if (order.isWorking && isExternal(order.clientOrderId)) tell(adoptedInput(order, market.instrument));
    }
  }

  #tellOnce(event: VenueInput): void {
    const { book, tell } = this.#options;
    if (event.type !== 'order.filled') {
      tell(event);
      return;
    }
    const symbol = [...book.markets.values()].find(({ instrument }) => instrument.id === event.instrument)?.instrument
      .symbol;
    if (symbol !== undefined && isNewTrade(book, symbol, event.fillId)) tell(event);
  }

  async #check(): Promise<void> {
    if (this.#isChecking || this.#isRecovering || this.#isClosed || !this.#options.isStreamUp()) return;
    this.#isChecking = true;
    try {
      await this.#compare();
    } catch (error) {
      this.#unseen(messageOf(error));
      if (!(error instanceof VenueError)) throw error;
    } finally {
      this.#isChecking = false;
    }
  }

  async #compare(): Promise<void> {
    const startedAt = this.#options.rest.venueNow();
    let isSame = false;
    const look = (reading: AccountReading): void => {
      isSame = this.#isAsTold(reading);
    };
    if (!(await this.#readQuietly(look))) return;
    if (!isSame) {
      await this.#wait(settleMs);
      if (!(await this.#readQuietly(look))) return;
    }
    if (isSame) {
      this.#sound(startedAt);
      if (!this.#isRecovering && this.#options.isStreamUp()) this.#options.impairments.restore('account', null);
      return;
    }
    const reason = 'the account is not what its stream told';
    this.lost(reason);
    this.#options.rotate(reason);
  }

  #isAsTold(reading: AccountReading): boolean {
    const { book } = this.#options;
    // The venue writes the balance and its time of change together: one from before our last message says nothing.
    if (reading.balanceAt < book.wallet.at) return isSamePositions(quantitiesOf(reading), book.positions);
    return reading.balance === book.wallet.balance && isSamePositions(quantitiesOf(reading), book.positions);
  }

  /** Reads the account until nothing is told meanwhile; false where it never kept still. */
  async #readQuietly(use: (reading: AccountReading) => void): Promise<boolean> {
    for (let readings = 0; readings < movingMax && !this.#isClosed; readings++) {
      const before = this.#options.messages();
      const reading = await readAccount(this.#options);
      this.#seenAt = this.#options.time.monotonic();
      if (this.#options.messages() === before) {
        use(reading);
        return true;
      }
      await this.#wait(1_000);
    }
    return false;
  }

  #sound(at: number): void {
    this.#soundAt = at;
    for (const instrument of this.#doubted) this.#options.impairments.restore('account', instrument);
    this.#doubted.clear();
  }

  #unseen(reason: string): void {
    this.#options.onNotice(`the account could not be looked at: ${reason}`);
    if (this.#options.time.monotonic() - this.#seenAt < unseenMsMax) return;
    this.lost('the account could not be looked at for too long');
  }

  #wait(ms: number): Promise<void> {
    return new Promise((done) => this.#after(ms, done));
  }

  #after(ms: number, act: () => void): void {
    if (this.#isClosed) return;
    const cancel = this.#options.time.after(ms, () => {
      this.#timers.delete(cancel);
      act();
    });
    this.#timers.add(cancel);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no reason';
}
