import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { OrderRequest } from '#domain/order.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { Command } from '#engine/ports.ts';
import type { AnswerWatch } from './answer-watch.ts';
import { priceText } from './mapper.ts';
import { readOrder } from './mapper-created-orders.ts';
import { orderBody, replacementBody, tradeOrderBody } from './mapper-orders.ts';
import type { OandaContext } from './oanda-context.ts';
import { orderNameOf, traceOrder } from './order-finder.ts';
import { readAnswer, refusalOf } from './read-answer.ts';
import { lastIdSchema, orderAnswerSchema, transactionSchema, type VenueOrder } from './schema.ts';
import { referTo } from './trade-lookup.ts';
import type { TransactionFeed } from './transaction-feed.ts';

/** Orders of which it is remembered that they were sent. */
export const sentOrdersMax = 8192;
export const cancelTriesMax = 100;
/** An entry that could not leave by then is too late; what reduces is worth more patience. */
const entryDeadlineMs = 5_000;
const reductionDeadlineMs = 30_000;
/** A reduction that certainly has not left is tried again each second, for a quarter of an hour: late, it still only reduces. */
export const reductionTriesMax = 900;
const reductionWaitMs = 1_000;
const cancelWaitMsLeast = 250;
const cancelWaitMsMost = 30_000;

type AmendCommand = Extract<Command, { type: 'order.amendRequested' }>;

/** Sends commands, each once, those of one order one after another, and sees to it that what came of each is told. */
export class OrderSender {
  readonly #context: OandaContext;
  readonly #feed: TransactionFeed;
  readonly #watch: AnswerWatch;
  /** Our ids with the newest transaction that was known when the order was sent. */
  readonly #sentSince = new Map<string, string | undefined>();
  readonly #underWay = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(context: OandaContext, feed: TransactionFeed, watch: AnswerWatch) {
    this.#context = context;
    this.#feed = feed;
    this.#watch = watch;
  }

  /** Whether an order went out through here. */
  hasSent(clientOrderId: string): boolean {
    return this.#sentSince.has(clientOrderId);
  }

  /** The newest transaction known when the order was sent; undefined where that is not known. */
  sentSince(clientOrderId: string): string | undefined {
    return this.#sentSince.get(clientOrderId);
  }

  /** What waits to be tried again is given up. */
  close(): void {
    this.#isClosed = true;
  }

  send(command: Command): void {
    const id = command.type === 'order.submitted' ? command.order.clientOrderId : command.clientOrderId;
    if (command.type === 'order.submitted' && !this.#remember(id)) {
      this.#context.notice(`order '${id}' was sent before and is not sent again`);
      return;
    }
    const before = this.#underWay.get(id) ?? Promise.resolve();
    const after = before
      .then(() => this.#carryOut(command))
      .finally(() => {
        if (this.#underWay.get(id) === after) this.#underWay.delete(id);
      });
    this.#underWay.set(id, after);
  }

  #remember(id: string): boolean {
    if (this.#sentSince.has(id)) return false;
    this.#sentSince.set(id, this.#feed.newestId);
    if (this.#sentSince.size > sentOrdersMax) {
      const oldest = this.#sentSince.keys().next().value;
      if (oldest !== undefined) this.#sentSince.delete(oldest);
    }
    return true;
  }

  async #carryOut(command: Command): Promise<void> {
    switch (command.type) {
      case 'order.submitted':
        return this.#submit(command.order, command.at);
      case 'order.cancelRequested':
        return this.#cancel(command.clientOrderId);
      case 'order.amendRequested':
        return this.#amend(command);
    }
  }

  async #submit(order: OrderRequest, decidedAt: number): Promise<void> {
    const { rest, catalogue } = this.#context;
    const { clientOrderId, isReduceOnly } = order;
    const instrument = catalogue.byId(order.instrument);
    if (instrument === undefined) {
      this.#refuse(clientOrderId, 'DENIED_UNKNOWN_INSTRUMENT', `'${order.instrument}' is not among the account's`);
      return;
    }
    const denial = sizeDenial(order, instrument);
    if (denial !== undefined) return this.#refuse(clientOrderId, denial.code, denial.reason);
    const body = orderBody(order, instrument);
    const answer = isReduceOnly
      ? await this.#reduce(clientOrderId, body)
      : await rest.createOrder(body, { priority: 'normal', deadlineAt: decidedAt + entryDeadlineMs });
    if (answer.type === 'denied') return this.#refuse(clientOrderId, `DENIED_${answer.code}`, answer.reason);
    const outcome = settled(answer);
    if (typeof outcome === 'string') return this.#leaveOpen(clientOrderId, outcome);
    await this.#settleSubmission(clientOrderId, outcome.status, outcome.body);
  }

  async #reduce(clientOrderId: string, body: ReturnType<typeof orderBody>): Promise<VenueAnswer> {
    const { rest, time, notice } = this.#context;
    for (let tries = 1; ; tries += 1) {
      const deadlineAt = time.now() + reductionDeadlineMs;
      const answer = await rest.createOrder(body, { priority: 'reduction', deadlineAt });
      if (answer.type !== 'denied' || tries === reductionTriesMax || this.#isClosed) return answer;
      if (tries === 1) notice(`reducing with '${clientOrderId}' waits: ${answer.reason}`);
      await this.#wait(time.now() + reductionWaitMs);
    }
  }

  /** Only the transactions say what came of it: an order that was taken may have been cancelled in the same moment. */
  async #settleSubmission(clientOrderId: string, status: number, body: unknown): Promise<void> {
    const transactions = transactionsIn(body);
    const isTaken = status >= 200 && status < 300;
    if (isTaken && !transactions.some(isAboutOrders)) {
      this.#leaveOpen(clientOrderId, `status '${status}' without a transaction of the order`);
      return;
    }
    if (isTaken) this.#watch.onTakenOrder();
    this.#noteCancels(transactions);
    await this.#feed.take(transactions);
    // The bracket's stop and target are not in the answer, and must be known soon.
    this.#feed.expect(lastIdIn(body));
    if (isTaken) return;
    const { code, message } = refusalOf(status, body);
    this.#watch.onRefusedOrder(code);
    // A reject transaction with our id has told it already.
    if (!transactions.some((transaction) => isRefusalOf(transaction, clientOrderId)))
      this.#refuse(clientOrderId, code, message);
  }

  #noteCancels(transactions: readonly unknown[]): void {
    for (const transaction of transactions) {
      const parsed = transactionSchema.safeParse(transaction);
      if (parsed.success && parsed.data.type === 'ORDER_CANCEL') this.#watch.onRefusedOrder(parsed.data.reason ?? '');
    }
  }

  async #cancel(clientOrderId: string): Promise<void> {
    const { rest, notice } = this.#context;
    for (let tries = 1; tries <= cancelTriesMax && !this.#isClosed; tries += 1) {
      const answer = await rest.cancelOrder(orderNameOf(this.#feed, clientOrderId));
      if (answer.type !== 'denied') return this.#settleChange(clientOrderId, answer, 'cancel');
      if (tries === 1) notice(`cancelling '${clientOrderId}' waits: ${answer.reason}`);
      await this.#wait(answer.retryAt);
    }
    this.#leaveOpen(clientOrderId, `it could not be cancelled in '${cancelTriesMax}' tries`);
  }

  #wait(untilAt: number): Promise<void> {
    const { time } = this.#context;
    const ms = Math.min(cancelWaitMsMost, Math.max(cancelWaitMsLeast, untilAt - time.now()));
    return new Promise((resolve) => time.after(ms, resolve));
  }

  /** A change is made to the order as the venue has it now, so that it keeps everything else. */
  async #amend(command: AmendCommand): Promise<void> {
    const { rest, notice } = this.#context;
    const { clientOrderId } = command;
    const name = orderNameOf(this.#feed, clientOrderId);
    const asked = await rest.order(name);
    if (asked.type === 'answered' && asked.status === 404) return this.#ask(clientOrderId);
    let order: VenueOrder;
    try {
      order = readAnswer(asked, orderAnswerSchema, `order '${name}'`).order;
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      return this.#keepAsItIs(clientOrderId, undefined, `'${clientOrderId}' was not changed: ${error.message}`);
    }
    if (order.state !== 'PENDING') return this.#ask(clientOrderId);
    await referTo(this.#context, this.#feed.book, { tradeId: order.tradeID });
    const price = this.#amendedPrice(order, command);
    if (price === undefined) return notice(`'${clientOrderId}' was not changed: no price for its type '${order.type}'`);
    await this.#replace(clientOrderId, order, price);
  }

  async #replace(clientOrderId: string, order: VenueOrder, price: string): Promise<void> {
    const { rest, time } = this.#context;
    const isChild = order.tradeID !== undefined;
    const departure = {
      priority: isChild ? ('reduction' as const) : ('normal' as const),
      deadlineAt: time.now() + (isChild ? reductionDeadlineMs : entryDeadlineMs),
    };
    const answer =
      order.tradeID === undefined
        ? await rest.replaceOrder(order.id, replacementBody(order, price), departure)
        : await rest.replaceTradeOrders(order.tradeID, tradeOrderBody(order, price), departure);
    if (answer.type === 'denied')
      return this.#keepAsItIs(clientOrderId, order, `'${clientOrderId}' was not changed: ${answer.reason}`);
    await this.#settleChange(clientOrderId, answer, 'change', order);
  }

  #amendedPrice(order: VenueOrder, command: AmendCommand): string | undefined {
    const { catalogue, reading } = this.#context;
    const known = readOrder(this.#feed.book, order, reading) ?? this.#feed.book.orderById.get(order.id);
    const instrument = known === undefined ? undefined : catalogue.byId(known.instrument);
    const price = known?.orderType === 'stop' ? command.stopPrice : command.limitPrice;
    // A trailing stop follows the market at a distance and has no price to be moved to.
    const isFixed = order.type !== 'TRAILING_STOP_LOSS';
    return instrument === undefined || price === null || !isFixed ? undefined : priceText(price, instrument);
  }

  async #settleChange(
    clientOrderId: string,
    answer: Exclude<VenueAnswer, { type: 'denied' }>,
    what: 'cancel' | 'change',
    order?: VenueOrder,
  ): Promise<void> {
    const outcome = settled(answer);
    if (typeof outcome === 'string') return this.#leaveOpen(clientOrderId, outcome);
    const { status, body } = outcome;
    await this.#feed.take(transactionsIn(body));
    this.#feed.expect(lastIdIn(body));
    if (status >= 200 && status < 300) return;
    // It may have been filled, or never have been there: only the venue's history tells.
    if (status === 404) return this.#ask(clientOrderId);
    const { code, message } = refusalOf(status, body);
    this.#keepAsItIs(clientOrderId, order, `the venue refused to ${what} '${clientOrderId}': '${code}' ${message}`);
  }

  /** An order that could not be changed still stands, and the desk is told with which prices. */
  #keepAsItIs(clientOrderId: string, order: VenueOrder | undefined, problem: string): void {
    const { notice, tell, reading } = this.#context;
    notice(problem);
    const known = order === undefined ? undefined : readOrder(this.#feed.book, order, reading);
    if (known === undefined) return;
    const { quantity, stopPrice, limitPrice } = known;
    tell({ type: 'order.amended', clientOrderId, quantity, stopPrice, limitPrice });
  }

  /** What history has of the order is told as far as it was not; where it has nothing, that is left open. */
  async #ask(clientOrderId: string): Promise<void> {
    const sinceId = this.#sentSince.get(clientOrderId);
    const trace = await traceOrder(this.#context, this.#feed, { clientOrderId, sinceId });
    switch (trace.type) {
      case 'working':
        return;
      case 'ended':
        return this.#feed.take(trace.transactions);
      case 'absent':
        return this.#leaveOpen(clientOrderId, 'the venue does not know the order');
      case 'unknown':
        return this.#leaveOpen(clientOrderId, trace.reason);
    }
  }

  #refuse(clientOrderId: string, code: string, reason: string): void {
    this.#context.tell({ type: 'order.rejected', clientOrderId, code, reason });
  }

  #leaveOpen(clientOrderId: string, reason: string): void {
    this.#context.tell({ type: 'order.unresolved', clientOrderId, reason });
  }
}

/** What the venue is known not to take is not sent. A reduction is: the venue has the last word on it. */
function sizeDenial({ quantity, isReduceOnly }: OrderRequest, instrument: Instrument): Denial | undefined {
  const { minimumQuantity, maximumQuantity } = instrument;
  if (isReduceOnly || (quantity >= minimumQuantity && quantity <= maximumQuantity)) return undefined;
  const isSmall = quantity < minimumQuantity;
  const bound = isSmall ? `at least '${minimumQuantity}'` : `at most '${maximumQuantity}'`;
  return {
    code: isSmall ? 'DENIED_MIN_QUANTITY' : 'DENIED_MAX_QUANTITY',
    reason: `${bound} is expected, found '${quantity}'`,
  };
}

interface Denial {
  readonly code: string;
  readonly reason: string;
}

/** The transactions that an answer carries, under whatever names. */
export function transactionsIn(body: unknown): readonly unknown[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    key.endsWith('Transaction') && typeof value === 'object' && value !== null ? [value] : [],
  );
}

function lastIdIn(body: unknown): string | undefined {
  const parsed = lastIdSchema.safeParse(body);
  return parsed.success ? parsed.data.lastTransactionID : undefined;
}

/** What was answered, or why it is open whether the request was carried out: server errors, timeouts and redirects leave that open. */
function settled(answer: Exclude<VenueAnswer, { type: 'denied' }>): string | { status: number; body: unknown } {
  if (answer.type === 'unknown') return answer.reason;
  const { status, body } = answer;
  const isOpen = status >= 500 || status === 408 || (status >= 300 && status < 400);
  return isOpen ? `status '${status}'` : { status, body };
}

function isAboutOrders(transaction: unknown): boolean {
  const parsed = transactionSchema.safeParse(transaction);
  return parsed.success && (parsed.data.type.endsWith('_ORDER') || parsed.data.type.startsWith('ORDER_'));
}

function isRefusalOf(transaction: unknown, clientOrderId: string): boolean {
  const parsed = transactionSchema.safeParse(transaction);
  return parsed.success && parsed.data.type.endsWith('_REJECT') && parsed.data.clientExtensions?.id === clientOrderId;
}
