import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { VenueInput } from '#engine/live-port.ts';
import type { Command, TimePort } from '#engine/ports.ts';
import { type AccountBook, instrumentIdOf, type KnownOrder, noteOrder, symbolOf } from './account-book.ts';
import type { Market } from './filters.ts';
import { acceptedInput, amendedInput } from './mapper.ts';
import type { MarginPause } from './margin-pause.ts';
import { orderDenial } from './order-denial.ts';
import { algoFacts, orderFacts } from './order-facts.ts';
import { amendRequest, cancelRequest, familyOf, submitRequest } from './order-request.ts';
import { adoptQuantity, endInput } from './order-updates.ts';
import type { BinanceRest, CallAnswer } from './rest.ts';
import { algoOrderSchema, orderSchema } from './schema.ts';

/** An order that is older than this does not leave any more. */
const orderAgeMsMax = 5_000;
/** What the venue confirmed and the stream has not told by then is asked for. */
export const streamGraceMs = 5_000;
/** A reduction or a taking back that has not left is tried again no sooner, and for no longer, than this. */
const holdMsLeast = 1_000;
export const holdMsMax = 600_000;
const cancelWaitsMs = [200, 400, 800];
/** The venue's codes that mean something to the desk. */
const ownCodes: Readonly<Record<string, string>> = { '-2021': 'WOULD_TRIGGER' };
const marginCode = '-2019';
const goneCodes = new Set(['-2011', '-2013']);

export interface SenderOptions {
  readonly time: TimePort;
  readonly rest: BinanceRest;
  readonly book: AccountBook;
  readonly tell: (input: VenueInput) => void;
  readonly onNotice: (text: string) => void;
  readonly markPriceOf: (symbol: string) => number | undefined;
  /** Hears which entries the venue has taken, and which it refused for want of margin. */
  readonly marginPause: Pick<MarginPause, 'refused' | 'taken'>;
  /** Asks for an order and tells what is found. */
  readonly find: (clientOrderId: string, instrument: InstrumentId) => void;
  /** Looks for an order that nothing is known of among those that work. */
  readonly lookUp: (clientOrderId: string) => Promise<KnownOrder | undefined>;
}

/** Carries out commands, those of one order after one another. An order is sent once, whatever comes of it. */
export class OrderSender {
  readonly #options: SenderOptions;
  /** What is under way for each order. */
  readonly #underway = new Map<string, Promise<void>>();
  readonly #held = new Set<string>();
  readonly #timers = new Set<() => void>();
  #isClosed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  send(command: Command): void {
    switch (command.type) {
      case 'order.submitted':
        this.#queue(command.order.clientOrderId, () => this.#submit(command.order, command.at));
        return;
      case 'order.cancelRequested':
        this.#queue(command.clientOrderId, () => this.#cancelById(command.clientOrderId));
        return;
      case 'order.amendRequested':
        this.#queue(command.clientOrderId, () => this.#amend(command));
    }
  }

  /** Waits until nothing is under way for an order. False where it is held back by a ban: what comes of it is not known before that ends. */
  async settled(clientOrderId: string): Promise<boolean> {
    if (this.#held.has(clientOrderId)) return false;
    await this.#underway.get(clientOrderId);
    return !this.#held.has(clientOrderId);
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Never acts inside the call that asked for it: what comes of a command arrives later, in any case. */
  #queue(id: string, act: () => Promise<void>): void {
    const before = this.#underway.get(id) ?? this.#wait(0);
    const mine: Promise<void> = before
      .then(() => (this.#isClosed ? undefined : act()))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : 'no reason';
        this.#options.onNotice(`what was to be done with '${id}' failed: ${reason}`);
        this.#options.tell({ type: 'order.unresolved', clientOrderId: id, reason: 'it could not be carried out' });
      })
      .finally(() => {
        if (this.#underway.get(id) === mine) this.#underway.delete(id);
      });
    this.#underway.set(id, mine);
  }

  async #submit(order: OrderRequest, at: number): Promise<void> {
    const { book, rest } = this.#options;
    const market = book.markets.get(symbolOf(order.instrument));
    if (market === undefined) return this.#reject(order, 'DENIED_INSTRUMENT', `'${order.instrument}' is not listed`);
    const denial = orderDenial(order, this.#denialScene(order, market));
    if (denial !== undefined) return this.#reject(order, denial.code, denial.reason);
    this.#note(order, market);
    const { name, parameters } = submitRequest(order, market.instrument, rest.venueNow());
    const answer = await this.#untilItLeft(order.clientOrderId, order.isReduceOnly, () =>
      rest.call(name, parameters, {
        priority: order.isReduceOnly ? 'reduction' : 'normal',
        // A late reduction still only reduces; a late entry is somebody else's idea.
        ...(order.isReduceOnly ? {} : { deadlineAt: at + orderAgeMsMax }),
      }),
    );
    this.#takeAnswer(order, market, answer);
  }

  #denialScene(order: OrderRequest, market: Market): Parameters<typeof orderDenial>[1] {
    const { book, markPriceOf } = this.#options;
    const { symbol } = market.instrument;
    const algoOrders = [...book.orders.values()].filter(
      (known) => known.isWorking && known.family === 'conditional' && known.symbol === symbol,
    ).length;
    return { market, markPrice: markPriceOf(symbol), algoOrders: order.orderType === 'stop' ? algoOrders : 0 };
  }

  #note(order: OrderRequest, { instrument }: Market): void {
    const { clientOrderId, side, quantity, orderType, limitPrice, stopPrice, isReduceOnly } = order;
    const own = {
      clientOrderId,
      wireId: clientOrderId,
      venueOrderId: '',
      family: familyOf(order),
      symbol: instrument.symbol,
    };
    const facts = { ...own, side, quantity, filledQuantity: 0, orderType, limitPrice, stopPrice, isReduceOnly };
    noteOrder(this.#options.book, { ...facts, at: this.#options.rest.venueNow() }, true);
    if (order.timeInForce === 'goodTillTime' && order.expiresAt !== null)
      this.#expireAt(clientOrderId, order.expiresAt);
  }

  #reject({ clientOrderId }: OrderRequest, code: string, reason: string): void {
    this.#end(clientOrderId);
    this.#options.tell({ type: 'order.rejected', clientOrderId, code, reason });
  }

  #end(clientOrderId: string): void {
    const known = this.#options.book.orders.get(clientOrderId);
    if (known !== undefined) known.isWorking = false;
  }

  #takeAnswer(order: OrderRequest, market: Market, answer: CallAnswer): void {
    const { clientOrderId } = order;
    switch (answer.type) {
      case 'confirmed':
        if (!order.isReduceOnly) this.#options.marginPause.taken(order.instrument);
        if (familyOf(order) === 'ordinary') this.#takeOrder(order, market, answer.body);
        else this.#takeAlgo(order, market, answer.body);
        return;
      case 'refused':
        if (!order.isReduceOnly && answer.code === marginCode) this.#options.marginPause.refused(order.instrument);
        this.#reject(order, ownCodes[answer.code] ?? answer.code, answer.reason);
        return;
      case 'denied':
        this.#reject(order, answer.code, answer.reason);
        return;
      case 'unknown':
        this.#options.tell({ type: 'order.unresolved', clientOrderId, reason: answer.reason });
    }
  }

  /** The acknowledgement says that the venue has it, never what it filled at. */
  #takeOrder(order: OrderRequest, { instrument }: Market, body: unknown): void {
    const { book, tell } = this.#options;
    const { clientOrderId } = order;
    const parsed = orderSchema.safeParse(body);
    const facts = parsed.success ? orderFacts(parsed.data, instrument, book) : undefined;
    if (!parsed.success || facts === undefined || facts.clientOrderId !== clientOrderId) {
      tell({ type: 'order.unresolved', clientOrderId, reason: 'the acknowledgement cannot be read' });
      return;
    }
    const known = noteOrder(book, { ...facts, filledQuantity: 0 }, true);
    known.venueOrderId = facts.venueOrderId;
    tell(acceptedInput(facts));
    for (const reaction of adoptQuantity(known, facts)) if (reaction.type === 'tell') tell(reaction.input);
    const { status } = parsed.data;
    if (status === 'NEW') return;
    if (status !== 'FILLED' && status !== 'PARTIALLY_FILLED' && facts.filledQuantity === 0) {
      known.isWorking = false;
      tell(endInput(known, status, undefined));
      return;
    }
    this.#checkLater(
      clientOrderId,
      () => known.filledQuantity < facts.filledQuantity || (known.isWorking && status !== 'PARTIALLY_FILLED'),
    );
  }

  #takeAlgo(order: OrderRequest, { instrument }: Market, body: unknown): void {
    const { book, tell } = this.#options;
    const { clientOrderId } = order;
    const parsed = algoOrderSchema.safeParse(body);
    const facts = parsed.success ? algoFacts(parsed.data, instrument, book) : undefined;
    if (!parsed.success || facts === undefined || facts.clientOrderId !== clientOrderId) {
      tell({ type: 'order.unresolved', clientOrderId, reason: 'the acknowledgement cannot be read' });
      return;
    }
    const known = noteOrder(book, facts, true);
    known.venueOrderId = facts.venueOrderId;
    tell(acceptedInput(facts));
    if (parsed.data.algoStatus !== 'NEW') this.#find(known);
  }

  async #cancelById(clientOrderId: string): Promise<void> {
    const { book, lookUp, onNotice } = this.#options;
    const known = book.orders.get(clientOrderId) ?? (await lookUp(clientOrderId));
    if (known === undefined)
      return onNotice(`'${clientOrderId}' cannot be taken back: it is not among the open orders`);
    await this.#cancel(known);
  }

  async #cancel(known: KnownOrder): Promise<void> {
    const { name, parameters } = cancelRequest(known);
    for (const waitMs of [...cancelWaitsMs, undefined]) {
      const answer = await this.#untilItLeft(known.clientOrderId, true, () =>
        this.#options.rest.call(name, parameters, { priority: 'reduction' }),
      );
      // What was confirmed is told by the stream, in its order with the fills; so is the end of one that was gone before.
      if (answer.type === 'confirmed') return this.#checkLater(known.clientOrderId, () => known.isWorking);
      if (answer.type === 'refused' && goneCodes.has(answer.code)) return this.#gone(known);
      const isWorthAgain = answer.type !== 'refused' || answer.isRetryable;
      if (answer.type === 'refused' && answer.measure === 'resyncClock')
        await this.#options.rest.syncClock().catch(() => undefined);
      if (!isWorthAgain || waitMs === undefined) {
        this.#options.onNotice(`'${known.clientOrderId}' could not be taken back: ${answer.reason}`);
        return this.#find(known);
      }
      await this.#wait(waitMs);
    }
  }

  /** Not a cancellation: it may have filled. A triggered stop goes on as an ordinary order, which is then taken back. */
  async #gone(known: KnownOrder): Promise<void> {
    if (known.family === 'conditional') {
      const { name, parameters } = cancelRequest({ ...known, family: 'ordinary' });
      const isOurs = known.wireId === known.clientOrderId;
      if (isOurs) await this.#options.rest.call(name, parameters, { priority: 'reduction' });
    }
    this.#find(known);
  }

  async #amend(command: EventByType['order.amendRequested']): Promise<void> {
    const { book, rest, tell, onNotice } = this.#options;
    const { clientOrderId, limitPrice } = command;
    const known = book.orders.get(clientOrderId) ?? (await this.#options.lookUp(clientOrderId));
    const market = known === undefined ? undefined : book.markets.get(known.symbol);
    if (known === undefined || market === undefined)
      return onNotice(`'${clientOrderId}' cannot be amended: it is not known`);
    if (known.orderType !== 'limit' || known.family !== 'ordinary' || limitPrice === null) {
      onNotice(`'${clientOrderId}' stays as it is: the venue amends limit orders only`);
      return tell(amendedInput(known));
    }
    const { name, parameters } = amendRequest(known, limitPrice, market.instrument);
    const answer = await rest.call(name, parameters, { deadlineAt: command.at + orderAgeMsMax });
    if (answer.type === 'unknown') return this.#find(known);
    if (answer.type !== 'confirmed') {
      onNotice(`'${clientOrderId}' stays as it is: ${answer.reason}`);
      if (goneCodes.has(answer.code)) this.#find(known);
      else tell(amendedInput(known));
      return;
    }
    this.#takeAmended(known, market, answer.body);
  }

  /** An amendment may end the order, where the price would cross or the quantity is filled already. */
  #takeAmended(known: KnownOrder, { instrument }: Market, body: unknown): void {
    const parsed = orderSchema.safeParse(body);
    const facts = parsed.success ? orderFacts(parsed.data, instrument, this.#options.book) : undefined;
    if (!parsed.success || facts === undefined) {
      this.#find(known);
      return;
    }
    if (parsed.data.status !== 'NEW' && parsed.data.status !== 'PARTIALLY_FILLED') {
      this.#checkLater(known.clientOrderId, () => known.isWorking);
      return;
    }
    const isTold = known.quantity === facts.quantity && known.limitPrice === facts.limitPrice;
    known.quantity = facts.quantity;
    known.limitPrice = facts.limitPrice;
    if (!isTold) this.#options.tell(amendedInput(known));
  }

  #expireAt(clientOrderId: string, expiresAt: number): void {
    const ms = Math.max(0, expiresAt - this.#options.time.now());
    this.#after(ms, () => {
      const known = this.#options.book.orders.get(clientOrderId);
      if (known?.isWorking !== true) return;
      known.isExpiring = true;
      this.#queue(clientOrderId, () => this.#cancel(known));
    });
  }

  /**
   * What may not be given up, and certainly has not left, goes out as soon as a ban ends, a limit has room or the venue can be reached:
   * late, it still only takes exposure away.
   */
  async #untilItLeft(id: string, isUrgent: boolean, call: () => Promise<CallAnswer>): Promise<CallAnswer> {
    const heldFrom = this.#options.time.monotonic();
    for (;;) {
      const answer = await call();
      if (answer.type !== 'denied' || !isUrgent || this.#isClosed) return answer;
      const waitMs = Math.max(holdMsLeast, answer.retryAt - this.#options.time.now());
      if (this.#options.time.monotonic() - heldFrom + waitMs > holdMsMax) return answer;
      this.#held.add(id);
      await this.#wait(waitMs);
      this.#held.delete(id);
    }
  }

  #checkLater(clientOrderId: string, isMissing: () => boolean): void {
    this.#after(streamGraceMs, () => {
      const known = this.#options.book.orders.get(clientOrderId);
      if (known !== undefined && isMissing()) this.#find(known);
    });
  }

  #find({ clientOrderId, symbol }: KnownOrder): void {
    this.#options.find(clientOrderId, instrumentIdOf(symbol));
  }

  #wait(ms: number): Promise<void> {
    return new Promise((done) => this.#after(ms, done));
  }

  #after(ms: number, act: () => void): void {
    const cancel = this.#options.time.after(ms, () => {
      this.#timers.delete(cancel);
      act();
    });
    this.#timers.add(cancel);
  }
}
