import { assert, present } from '#base/assert.ts';
import type { Bar } from '#domain/bar.ts';
import type { EventByType } from '#domain/events.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { OrderRequest, OrderType, Side } from '#domain/order.ts';
import type { Command, FeedPort, MarketEvent, TimePort, VenueEvent, VenuePort } from '#engine/ports.ts';
import { simulatedVenue } from '#sim/simulated-venue.ts';
import { limitPriceOf, remainingQuantity, stopPriceOf } from '#sim/venue-order.ts';
import type { Book, VenueState } from '#sim/venue-state.ts';
import { cancelOrder, resizeOrder, sweepBook } from '#sim/venue-working.ts';
import { BarHistory } from './bar-history.ts';

/** The longest span a timer is set for; systems keep no longer ones. */
const wakeMsMax = 3_600_000;
const minuteMs = 60_000;
/** How many may listen at once. */
const FLOOR_LISTENERS_MAX = 4_096;

export interface FloorListener {
  onMarket?(event: MarketEvent): void;
  onVenue?(event: VenueEvent): void;
}

export interface FloorOptions {
  readonly time: TimePort;
  /** Its costs have no latency: the network in front of it has. */
  readonly state: VenueState;
  /** Quotes and bars of one minute. What lies before the start is the past: it is kept, and told to nobody. */
  readonly feed: FeedPort;
}

/** An order of another client of the same account. */
export interface ExternalOrder {
  readonly clientOrderId: string;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly quantity: number;
  readonly orderType?: OrderType;
  /** The limit or the stop, where the order has one. */
  readonly price?: number;
  readonly isReduceOnly?: boolean;
}

/** What the account holds, in exact steps: what a desk is compared with. */
export interface Ledger {
  readonly balance: number;
  readonly positions: readonly {
    readonly instrument: InstrumentId;
    readonly signedQuantity: number;
    readonly cost: number;
  }[];
  readonly openOrders: readonly {
    readonly clientOrderId: string;
    readonly instrument: InstrumentId;
    readonly side: Side;
    readonly orderType: OrderType;
    readonly remainingQuantity: number;
    readonly limitPrice: number | null;
    readonly stopPrice: number | null;
  }[];
}

/**
 * The simulated venue on a running clock: the market goes on by timers, commands act at once, and whoever listens hears of everything in
 * order. An order meets the price that stands when it arrives, so a market order has filled when `send` returns. A listener that sends
 * does so after everybody has heard of what it answers.
 */
export class VenueFloor {
  readonly state: VenueState;
  readonly #venue: VenuePort;
  readonly #time: TimePort;
  readonly #feed: FeedPort;
  readonly #history = new BarHistory();
  /** Bars of the running minute, made of the quotes seen. */
  readonly #openBars = new Map<InstrumentId, Bar>();
  /** Ticks by which an instrument's whole market was moved. */
  readonly #shifts = new Map<InstrumentId, number>();
  readonly #halted = new Set<InstrumentId>();
  readonly #listeners: FloorListener[] = [];
  readonly #commands: Command[] = [];
  #isWorking = false;
  #forgetTimer: (() => void) | undefined;

  constructor({ time, state, feed }: FloorOptions) {
    assert(state.costs.latencyMs === 0, `commands act at once, found a latency of '${state.costs.latencyMs}'`);
    this.state = state;
    this.#venue = simulatedVenue(state);
    this.#time = time;
    this.#feed = feed;
  }

  /** Takes up the past, then follows the clock. */
  start(): void {
    assert(this.#forgetTimer === undefined, 'the floor is started once');
    for (let event = this.#nextDue(); event !== undefined; event = this.#nextDue())
      if (this.#isShown(event)) this.#venue.observe(this.#asSeen(event));
    this.#venue.observe({ type: 'time.ticked', at: this.#time.now() });
    this.#work();
    this.#schedule();
  }

  stop(): void {
    this.#forgetTimer?.();
    this.#forgetTimer = undefined;
  }

  /** Takes back the listening. Listeners hear in the order in which they came. */
  listen(listener: FloorListener): () => void {
    assert(this.#listeners.length < FLOOR_LISTENERS_MAX, `at most ${FLOOR_LISTENERS_MAX} listen to a floor`);
    this.#listeners.push(listener);
    return () => {
      const index = this.#listeners.indexOf(listener);
      if (index >= 0) this.#listeners.splice(index, 1);
    };
  }

  /** Acts now, whatever time the command carries. */
  send(command: Command): void {
    this.#commands.push({ ...command, at: this.#time.now() });
    this.#work();
  }

  /** Brings market, orders and account up to now: to be called before anything is read between two timers. */
  settle(): void {
    this.#passMarket();
  }

  /** Closed bars of one minute that open from one instant on and before another. */
  history(instrument: InstrumentId, fromAt: number, untilAt: number): readonly Bar[] {
    return this.#history.between(instrument, fromAt, untilAt);
  }

  /** The bar of the running minute as far as quotes have made it. */
  openBar(instrument: InstrumentId): Bar | undefined {
    return this.#openBars.get(instrument);
  }

  book(instrument: InstrumentId): Book | undefined {
    return this.state.books.get(instrument);
  }

  ledger(): Ledger {
    const { balance, positions } = this.#venue.report();
    const openOrders = [...this.state.workingById.values()].map((order) => ({
      clientOrderId: order.clientOrderId,
      instrument: order.instrument,
      side: order.side,
      orderType: order.orderType,
      remainingQuantity: remainingQuantity(order),
      limitPrice: limitPriceOf(order),
      stopPrice: stopPriceOf(order),
    }));
    return { balance, positions, openOrders };
  }

  /** Another client trades the account. Its events are told like all others, under the id given. */
  externalOrder(order: ExternalOrder): void {
    this.send({ type: 'order.submitted', at: this.#time.now(), order: externalRequest(order) });
  }

  /** The venue closes a position by itself: the instrument's orders go, and an order under the id given takes what price there is. */
  liquidate(instrument: InstrumentId, clientOrderId: string): void {
    const book = present(this.book(instrument), `book of '${instrument}'`);
    for (const order of [...book.orders])
      if (order.isWorking) cancelOrder(this.state, order, this.#time.now(), 'LIQUIDATION');
    sweepBook(book);
    const held = book.position.signedQuantity;
    if (held === 0) {
      this.#work();
      return;
    }
    const side = held > 0 ? 'sell' : 'buy';
    this.externalOrder({ clientOrderId, instrument, side, quantity: Math.abs(held), isReduceOnly: true });
  }

  /** Gives a working order another total quantity, what it has filled included. */
  resize(clientOrderId: string, quantity: number): void {
    const order = this.state.workingById.get(clientOrderId);
    if (order === undefined || order.quantity === quantity) return;
    resizeOrder(this.state, order, quantity, this.#time.now());
    this.#work();
  }

  /** No price is told and nothing fills until the instrument is resumed; orders are refused with MARKET_HALTED. */
  halt(instrument: InstrumentId): void {
    this.#halted.add(instrument);
  }

  resume(instrument: InstrumentId): void {
    this.#halted.delete(instrument);
  }

  isHalted(instrument: InstrumentId): boolean {
    return this.#halted.has(instrument);
  }

  /** From now on orders are counted and limited differently. Decimals and currencies stay. */
  setInstrument(instrument: Instrument): void {
    const book = present(this.book(instrument.id), `book of '${instrument.id}'`);
    const { priceDecimals, quantityDecimals } = book.instrument;
    assert(instrument.priceDecimals === priceDecimals, `'${instrument.id}' keeps its ${priceDecimals} price decimals`);
    assert(instrument.quantityDecimals === quantityDecimals, `'${instrument.id}' keeps its quantity decimals`);
    this.state.books.set(instrument.id, { ...book, instrument });
  }

  /** Interest or funding of one position: positive is received. */
  charge({ instrument, amount, days }: { instrument: InstrumentId; amount: number; days: number }): void {
    this.state.balance += amount;
    const at = this.#time.now();
    this.state.events.push({ type: 'financing.charged', at, instrument, amount, days, balance: this.state.balance });
    this.#work();
  }

  /** Money comes in, or goes where the amount is negative. Nobody is told: the wire protocol in front of the floor tells it. */
  transfer(amount: number): void {
    assert(Number.isSafeInteger(amount), `an amount is a whole number of money steps, found '${amount}'`);
    this.state.balance += amount;
  }

  /** Moves an instrument's whole market by ticks, from the next moment on and for good. */
  gap(instrument: InstrumentId, ticks: number): void {
    const book = present(this.book(instrument), `book of '${instrument}'`);
    this.#shifts.set(instrument, (this.#shifts.get(instrument) ?? 0) + ticks);
    this.quote(instrument, book.bidPrice + ticks, book.askPrice + ticks);
  }

  /** One quote of our own; the market goes on from where it was. */
  quote(instrument: InstrumentId, bidPrice: number, askPrice: number): void {
    const tick = present(this.book(instrument), `book of '${instrument}'`).instrument.tickSize;
    const bid = Math.max(tick, bidPrice);
    const askedPrice = Math.max(bid, askPrice);
    const own = {
      type: 'quote.updated',
      at: this.#time.now(),
      instrument,
      bidPrice: bid,
      askPrice: askedPrice,
    } as const;
    if (this.#isShown(own)) this.#tell(this.#grow(own));
  }

  #schedule(): void {
    const { nextExpiryAt, nextRolloverAt } = this.state;
    const dueAt = Math.min(this.#feed.peekAt(), nextExpiryAt + 1, nextRolloverAt + 1);
    const waitMs = Math.min(wakeMsMax, Math.max(0, dueAt - this.#time.now()));
    this.#forgetTimer?.();
    this.#forgetTimer = this.#time.after(waitMs, () => {
      this.#passMarket();
      this.#schedule();
    });
  }

  #passMarket(): void {
    for (let event = this.#nextDue(); event !== undefined; event = this.#nextDue()) this.#tellMarket(event);
    this.#venue.observe({ type: 'time.ticked', at: this.#time.now() });
    this.#work();
  }

  #nextDue(): MarketEvent | undefined {
    return this.#feed.peekAt() <= this.#time.now() ? this.#feed.next() : undefined;
  }

  #tellMarket(event: MarketEvent): void {
    if (this.#isShown(event)) this.#tell(this.#asSeen(event));
  }

  /** A halted market shows nothing. */
  #isShown({ instrument }: MarketEvent): boolean {
    return !this.#halted.has(instrument) && this.state.books.has(instrument);
  }

  /** Market data first, then what it led to. */
  #tell(seen: MarketEvent): void {
    this.#venue.observe(seen);
    for (const listener of [...this.#listeners]) listener.onMarket?.(seen);
    this.#work();
  }

  /** The event at the market's present level; a bar of whose minute quotes were told agrees with them. */
  #asSeen(event: MarketEvent): MarketEvent {
    const shift = this.#shifts.get(event.instrument) ?? 0;
    if (event.type === 'bar.closed') return this.#closeBar(shift === 0 ? event : shiftedBar(event, shift));
    return this.#grow(shift === 0 ? event : shiftedQuote(event, shift));
  }

  #closeBar(bar: EventByType['bar.closed']): EventByType['bar.closed'] {
    const grown = this.#openBars.get(bar.instrument);
    this.#openBars.delete(bar.instrument);
    const seen = grown === undefined || grown.openAt !== bar.openAt ? bar : { ...bar, ...pricesOf(grown) };
    const { type: _, at: __, ...kept } = seen;
    this.#history.add(kept);
    return seen;
  }

  #grow(quote: EventByType['quote.updated']): EventByType['quote.updated'] {
    const { at, instrument, bidPrice, askPrice } = quote;
    const openAt = Math.floor(at / minuteMs) * minuteMs;
    const spread = askPrice - bidPrice;
    const grown = this.#openBars.get(instrument);
    const prices =
      grown === undefined || grown.openAt !== openAt
        ? { open: bidPrice, high: bidPrice, low: bidPrice, volume: 1 }
        : {
            open: grown.open,
            high: Math.max(grown.high, bidPrice),
            low: Math.min(grown.low, bidPrice),
            volume: grown.volume + 1,
          };
    this.#openBars.set(instrument, { instrument, openAt, ...prices, close: bidPrice, spread });
    return quote;
  }

  /** Tells what waits to be told, then lets the next command act, until nothing is left. */
  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (;;) {
        const event = this.#venue.poll(this.#time.now());
        if (event !== undefined) {
          for (const listener of [...this.#listeners]) listener.onVenue?.(event);
          continue;
        }
        const command = this.#commands.shift();
        if (command === undefined) return;
        this.#admit(command);
      }
    } finally {
      this.#isWorking = false;
    }
  }

  #admit(command: Command): void {
    const instrument = this.#instrumentOf(command);
    if (command.type === 'order.submitted' && this.#halted.has(command.order.instrument)) {
      const { clientOrderId } = command.order;
      const reason = `'${command.order.instrument}' is halted`;
      this.state.events.push({ type: 'order.rejected', at: command.at, clientOrderId, code: 'MARKET_HALTED', reason });
      return;
    }
    this.#venue.send(command);
    const book = instrument === undefined ? undefined : this.book(instrument);
    if (book === undefined || command.type === 'order.cancelRequested' || book.bidPrice <= 0) {
      this.#venue.observe({ type: 'time.ticked', at: command.at });
      return;
    }
    const { bidPrice, askPrice } = book;
    if (this.#halted.has(book.instrument.id)) this.#venue.observe({ type: 'time.ticked', at: command.at });
    else
      this.#venue.observe({
        type: 'quote.updated',
        at: command.at,
        instrument: book.instrument.id,
        bidPrice,
        askPrice,
      });
  }

  #instrumentOf(command: Command): InstrumentId | undefined {
    if (command.type === 'order.submitted') return command.order.instrument;
    return this.state.workingById.get(command.clientOrderId)?.instrument;
  }
}

function externalRequest(order: ExternalOrder): OrderRequest {
  const orderType = order.orderType ?? 'market';
  return {
    clientOrderId: order.clientOrderId,
    instrument: order.instrument,
    side: order.side,
    quantity: order.quantity,
    orderType,
    limitPrice: orderType === 'limit' ? (order.price ?? null) : null,
    stopPrice: orderType === 'stop' ? (order.price ?? null) : null,
    timeInForce: orderType === 'market' ? 'immediateOrCancel' : 'goodTillCancel',
    expiresAt: null,
    isReduceOnly: order.isReduceOnly ?? false,
    purpose: 'entry',
    bracket: null,
    strategy: '',
    reason: 'EXTERNAL',
  };
}

function pricesOf({ open, high, low, close }: Bar): Pick<Bar, 'open' | 'high' | 'low' | 'close'> {
  return { open, high, low, close };
}

/** Prices stay positive, however far down a market is moved. */
function shiftedBar(bar: EventByType['bar.closed'], shift: number): EventByType['bar.closed'] {
  const moved = (price: number): number => Math.max(1, price + shift);
  return { ...bar, open: moved(bar.open), high: moved(bar.high), low: moved(bar.low), close: moved(bar.close) };
}

function shiftedQuote(quote: EventByType['quote.updated'], shift: number): EventByType['quote.updated'] {
  const bidPrice = Math.max(1, quote.bidPrice + shift);
  return { ...quote, bidPrice, askPrice: bidPrice + quote.askPrice - quote.bidPrice };
}
