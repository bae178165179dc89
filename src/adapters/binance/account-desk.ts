import { z } from 'zod';
import type { InstrumentId } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { OrderFinding, VenueInput } from '#engine/live-port.ts';
import type { NetworkPort, TimePort } from '#engine/ports.ts';
import {
  type AccountBook,
  instrumentIdOf,
  isNewFunding,
  isNewTrade,
  type KnownOrder,
  type Reaction,
  symbolOf,
} from './account-book.ts';
import { onAccountMessage } from './account-messages.ts';
import type { ReaderOptions } from './account-reader.ts';
import { AccountWatch } from './account-watch.ts';
import type { Impairments } from './impairments.ts';
import { moneyOf } from './mapper.ts';
import { MarginPause } from './margin-pause.ts';
import type { MarketTable } from './market-table.ts';
import { readOpenOrders } from './open-orders.ts';
import { findOrder } from './order-finder.ts';
import { OrderSender } from './order-sender.ts';
import type { BinanceRest } from './rest.ts';
import { incomeSchema, streamHeadSchema } from './schema.ts';
import { isNews } from './told-once.ts';
import { UserStream } from './user-stream.ts';

/** A trade that was announced must have come in full by then, or it is asked for. */
const announcedMs = 5_000;
/** How far apart the stream and the income list may see one funding. */
const fundingSpanMs = 60_000;
/** A call for margin counts until none has come for so long. */
const marginCallMs = 300_000;

export interface AccountDeskOptions {
  readonly time: TimePort;
  readonly network: NetworkPort;
  readonly streamOrigin: string;
  readonly rest: BinanceRest;
  readonly book: AccountBook;
  readonly table: MarketTable;
  readonly impairments: Impairments;
  readonly tell: (input: VenueInput) => void;
  readonly onNotice: (text: string) => void;
  readonly markPriceOf: (symbol: string) => number | undefined;
  /** Sets a symbol's leverage and margin type as they should be. */
  readonly restoreSettings: (symbol: string) => Promise<void>;
}

/** The account's side: its stream, what is looked up when the stream is in doubt, and the orders that go out. */
export class AccountDesk {
  readonly #options: AccountDeskOptions;
  readonly #sender: OrderSender;
  readonly #marginPause: MarginPause;
  #watch: AccountWatch | undefined;
  #stream: UserStream | undefined;
  #messages = 0;
  readonly #timers = new Set<() => void>();
  #isClosed = false;
  #marginCallEndsAt = 0;

  constructor(options: AccountDeskOptions) {
    const { time, rest, book, onNotice, markPriceOf } = options;
    const tell = (input: VenueInput): void => {
      if (isNews(book, input)) options.tell(input);
    };
    this.#options = { ...options, tell };
    this.#marginPause = new MarginPause(options);
    this.#sender = new OrderSender({
      time,
      rest,
      book,
      tell,
      onNotice,
      markPriceOf,
      marginPause: this.#marginPause,
      find: (clientOrderId, instrument) => this.#findAndTell(clientOrderId, instrument),
      lookUp: (clientOrderId) => this.#lookUp(clientOrderId),
    });
  }

  get sender(): OrderSender {
    return this.#sender;
  }

  get reader(): ReaderOptions {
    const { rest, book, onNotice } = this.#options;
    return { rest, book, onNotice };
  }

  /** Opens the account's stream; nothing of the account is trusted before it is up and the account has been read. */
  open(symbols: readonly string[]): void {
    const { time, network, rest, streamOrigin, onNotice, impairments, tell } = this.#options;
    const watch = new AccountWatch({
      ...this.reader,
      time,
      impairments,
      tell,
      symbols,
      messages: () => this.#messages,
      isStreamUp: () => stream.isUp,
      rotate: (reason) => void stream.rotate(reason),
    });
    const stream: UserStream = new UserStream({
      time,
      network,
      rest,
      origin: streamOrigin,
      onNotice,
      onPayload: (payload, text) => this.#onPayload(payload, text),
      onUp: () => void watch.recover(),
      onDown: (reason) => watch.lost(`the account stream: ${reason}`),
    });
    this.#watch = watch;
    this.#stream = stream;
    watch.lost('the account stream is not open yet');
    stream.open();
    watch.open();
  }

  /** Waits for what is under way for the order, so that its absence proves something. */
  async findOrder(clientOrderId: string, instrument: InstrumentId): Promise<OrderFinding> {
    const isSettled = await this.#sender.settled(clientOrderId);
    if (!isSettled) return { type: 'unknown', reason: 'it waits for the end of a ban' };
    return findOrder(clientOrderId, instrument, this.reader);
  }

  close(): void {
    this.#isClosed = true;
    this.#stream?.close();
    this.#watch?.close();
    this.#sender.close();
    this.#marginPause.close();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #onPayload(payload: unknown, text: string): void {
    const head = streamHeadSchema.safeParse(payload);
    if (head.data?.e === 'listenKeyExpired') {
      void this.#stream?.rotate('the key of the account stream has expired');
      return;
    }
    this.#messages += 1;
    for (const reaction of onAccountMessage(payload, text, this.#options.book)) this.#react(reaction);
  }

  #react(reaction: Reaction): void {
    const { tell, onNotice, impairments, table } = this.#options;
    switch (reaction.type) {
      case 'tell':
        tell(reaction.input);
        return;
      case 'notice':
        onNotice(reaction.text);
        return;
      case 'impair':
        impairments.impair(reaction);
        if (reaction.part === 'margin') this.#marginCalled();
        return;
      case 'findOrder':
        this.#findAndTell(reaction.clientOrderId, reaction.instrument);
        return;
      case 'checkAccount':
        this.#watch?.doubt(reaction.reason, reaction.instrument);
        return;
      case 'expectTrade':
        this.#expect(reaction);
        return;
      case 'rereadLeverage':
        this.#guard('the leverage could not be read', table.readConfig(reaction.symbol));
        return;
      case 'restoreSettings':
        this.#guard('the settings could not be put back', this.#options.restoreSettings(reaction.symbol));
        return;
      case 'askFunding':
        this.#guard('a funding could not be looked up', this.#askFunding(reaction.at, reaction.amount));
    }
  }

  #expect({ symbol, tradeId, clientOrderId, instrument }: Extract<Reaction, { type: 'expectTrade' }>): void {
    this.#after(announcedMs, () => {
      if (!this.#options.book.seenTrades.has(`${symbol} ${tradeId}`)) this.#findAndTell(clientOrderId, instrument);
    });
  }

  #marginCalled(): void {
    const { time, impairments } = this.#options;
    this.#marginCallEndsAt = time.monotonic() + marginCallMs;
    this.#after(marginCallMs, () => {
      if (time.monotonic() >= this.#marginCallEndsAt) impairments.restore('margin', null);
    });
  }

  #findAndTell(clientOrderId: string, instrument: InstrumentId): void {
    this.#guard(`'${clientOrderId}' could not be looked up`, this.#tellFound(clientOrderId, instrument));
  }

  async #tellFound(clientOrderId: string, instrument: InstrumentId): Promise<void> {
    const { book, tell } = this.#options;
    const finding = await findOrder(clientOrderId, instrument, this.reader);
    if (finding.type !== 'found') {
      const reason = finding.type === 'absent' ? 'the venue does not know it' : finding.reason;
      tell({ type: 'order.unresolved', clientOrderId, reason });
      return;
    }
    for (const event of finding.events) {
      if (event.type !== 'order.filled' || isNewTrade(book, symbolOf(event.instrument), event.fillId)) tell(event);
    }
  }

  async #lookUp(clientOrderId: string): Promise<KnownOrder | undefined> {
    await readOpenOrders(this.reader, { priority: 'reduction' });
    return this.#options.book.orders.get(clientOrderId);
  }

  /** For what a funding was: where the list does not say, the balance moved all the same. */
  async #askFunding(at: number, amount: number): Promise<void> {
    const { rest, book, tell } = this.#options;
    const window = { incomeType: 'FUNDING_FEE', startTime: at - fundingSpanMs, endTime: at + fundingSpanMs };
    const incomes = await rest.ask('income', window, z.array(incomeSchema));
    const told = incomes.filter(
      ({ asset, symbol = '', time }) => asset === book.accountCurrency && isNewFunding(book, symbol, time),
    );
    for (const income of told) {
      const part = moneyOf(income.income, book) ?? 0;
      const instrument = instrumentIdOf(income.symbol ?? '');
      tell({ type: 'financing.charged', instrument, amount: part, days: 0, balance: book.wallet.balance });
    }
    if (incomes.length === 0)
      tell({ type: 'balance.changed', amount, balance: book.wallet.balance, reason: 'FUNDING_FEE' });
  }

  #guard(what: string, act: Promise<unknown>): void {
    act.catch((error: unknown) => {
      if (!(error instanceof VenueError)) throw error;
      this.#options.onNotice(`${what}: ${error.message}`);
      this.#watch?.doubt(what, null);
    });
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
