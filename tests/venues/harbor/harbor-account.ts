import type { InstrumentId } from '#domain/instrument.ts';
import { formatScaled } from '#domain/scale.ts';
import type { TimePort, VenueEvent } from '#engine/ports.ts';
import type { VenueFloor } from '#venue-simulators/venue-floor.ts';
import type { OrderBody, VenueOrder } from './schema.ts';

/** An order as the venue keeps it, figures in the floor's steps. */
export interface AccountOrder {
  readonly id: string;
  readonly client: string | null;
  readonly instrument: InstrumentId;
  readonly side: 'buy' | 'sell';
  readonly type: OrderBody['type'];
  readonly isReduceOnly: boolean;
  quantity: number;
  filled: number;
  price: number | null;
  state: 'arriving' | 'working' | 'filled' | 'cancelled' | 'expired' | 'refused';
  reason: string;
  code: string;
  time: number;
  revision: number;
}

/** A new order before the venue has looked at it. */
export type AskedOrder = Pick<
  AccountOrder,
  'client' | 'instrument' | 'side' | 'type' | 'isReduceOnly' | 'quantity' | 'price'
> &
  Pick<OrderBody, 'timeInForce' | 'expiresAt'>;

/** What the account writes into its ledger, as it goes out on the wire. */
export type LedgerLine = Readonly<Record<string, unknown>> & { readonly line: number; readonly kind: string };
export type AccountNews =
  | { readonly type: 'order'; readonly order: VenueOrder }
  | { readonly type: 'fill'; readonly fill: LedgerLine };

const timesInForce = {
  FOK: 'fillOrKill',
  IOC: 'immediateOrCancel',
  GTC: 'goodTillCancel',
  GTD: 'goodTillTime',
} as const;

export interface HarborAccountOptions {
  readonly time: TimePort;
  readonly floor: VenueFloor;
  onNews(news: AccountNews): void;
}

/** The account's orders under the venue's ids and the senders', and its ledger. The floor knows orders by the venue's ids. */
export class HarborAccount {
  readonly lines: LedgerLine[] = [];
  readonly #options: HarborAccountOptions;
  readonly #orders = new Map<string, AccountOrder>();
  readonly #idByClient = new Map<string, string>();
  #count = 0;

  constructor(options: HarborAccountOptions) {
    this.#options = options;
    options.floor.listen({ onVenue: (event) => this.#take(event) });
  }

  /** By the venue's id or the sender's. */
  order(id: string): AccountOrder | undefined {
    return this.#orders.get(this.#idByClient.get(id) ?? id);
  }

  get working(): readonly AccountOrder[] {
    return [...this.#orders.values()].filter(({ state }) => state === 'working');
  }

  fillsOf(id: string): readonly LedgerLine[] {
    return this.lines.filter(({ kind, order }) => kind === 'fill' && order === id);
  }

  /** The order as it stands once the venue has taken or refused it. */
  submit(asked: AskedOrder): AccountOrder {
    const { client, timeInForce, expiresAt, ...terms } = asked;
    const order = this.#newOrder({ client, ...terms });
    if (client !== null) this.#idByClient.set(client, order.id);
    const { instrument, side, quantity, type, price, isReduceOnly } = order;
    this.#options.floor.send({
      type: 'order.submitted',
      at: this.#options.time.now(),
      order: {
        ...{ clientOrderId: order.id, instrument, side, quantity, orderType: type, isReduceOnly, expiresAt },
        limitPrice: type === 'limit' ? price : null,
        stopPrice: type === 'stop' ? price : null,
        timeInForce: timesInForce[timeInForce],
        ...{ purpose: 'entry', bracket: null, strategy: '', reason: 'HARBOR' },
      },
    });
    if (order.state !== 'refused') return order;
    // A refused order never was: its id may be used by another.
    this.#orders.delete(order.id);
    if (client !== null) this.#idByClient.delete(client);
    return order;
  }

  change({ id, type }: AccountOrder, price: number): void {
    this.#options.floor.send({
      ...{ type: 'order.amendRequested', at: this.#options.time.now(), clientOrderId: id, reason: 'CHANGED' },
      limitPrice: type === 'limit' ? price : null,
      stopPrice: type === 'stop' ? price : null,
    });
  }

  cancel({ id }: AccountOrder): void {
    const at = this.#options.time.now();
    this.#options.floor.send({ type: 'order.cancelRequested', at, clientOrderId: id, reason: 'CANCELLED' });
  }

  /** Money comes in, or goes. */
  transfer(amount: number): void {
    const { floor } = this.#options;
    floor.transfer(amount);
    this.#write('transfer', floor.state.balance, { amount: this.#money(amount) });
  }

  view(order: AccountOrder): VenueOrder {
    const { id, client, side, type, state, reason, time, revision } = order;
    const { symbol, priceDecimals, quantityDecimals } = this.#book(order.instrument);
    return {
      ...{ id, client, symbol, side, type, state, reason, time, revision, reduceOnly: order.isReduceOnly },
      quantity: formatScaled(order.quantity, quantityDecimals),
      filled: formatScaled(order.filled, quantityDecimals),
      price: order.price === null ? null : formatScaled(order.price, priceDecimals),
    };
  }

  #newOrder(terms: Omit<AskedOrder, 'timeInForce' | 'expiresAt'>, id?: string): AccountOrder {
    this.#count += 1;
    const order: AccountOrder = {
      ...{ ...terms, id: id ?? `H${this.#count}`, filled: 0, state: 'arriving', reason: '', code: '', revision: 0 },
      time: this.#options.time.now(),
    };
    this.#orders.set(order.id, order);
    return order;
  }

  #take(event: VenueEvent): void {
    switch (event.type) {
      case 'account.closedOut':
        this.#write('closeOut', this.#options.floor.state.balance, { reason: event.reason });
        return;
      case 'financing.charged': {
        const { instrument, amount, days, balance } = event;
        this.#write('interest', balance, { symbol: this.#book(instrument).symbol, amount: this.#money(amount), days });
        return;
      }
      case 'order.filled':
        this.#fill(event);
        return;
      case 'order.accepted':
        this.#change(event.clientOrderId, { state: 'working' });
        return;
      case 'order.rejected':
        this.#change(event.clientOrderId, { state: 'refused', code: event.code, reason: event.reason });
        return;
      case 'order.canceled':
        this.#change(event.clientOrderId, { state: 'cancelled', reason: event.reason });
        return;
      case 'order.expired':
        this.#change(event.clientOrderId, { state: 'expired', reason: event.reason });
        return;
      case 'order.amended':
        this.#change(event.clientOrderId, { quantity: event.quantity, price: event.stopPrice ?? event.limitPrice });
    }
  }

  #change(id: string, changes: Partial<AccountOrder>): void {
    const order = this.#orders.get(id);
    if (order === undefined) return;
    Object.assign(order, changes, { time: this.#options.time.now(), revision: order.revision + 1 });
    if (order.state !== 'refused') this.#options.onNews({ type: 'order', order: this.view(order) });
  }

  /** The ledger first, then the order. What the venue closes by itself is heard of by its fill alone. */
  #fill(event: Extract<VenueEvent, { type: 'order.filled' }>): void {
    const { clientOrderId: id, instrument, side, quantity } = event;
    const terms = {
      client: null,
      instrument,
      side,
      type: 'market',
      isReduceOnly: true,
      quantity,
      price: null,
    } as const;
    const order = this.#orders.get(id) ?? this.#newOrder(terms, id);
    const { symbol, priceDecimals, quantityDecimals } = this.#book(instrument);
    this.#write('fill', event.balance, {
      ...{ order: order.id, client: order.client, symbol, side },
      quantity: formatScaled(quantity, quantityDecimals),
      price: formatScaled(event.price, priceDecimals),
      fee: this.#money(event.fee),
      profit: this.#money(event.realizedPnl),
      spreadCost: this.#money(event.spreadCost),
    });
    const filled = order.filled + quantity;
    const isWhole = filled >= order.quantity;
    this.#change(order.id, {
      filled,
      quantity: Math.max(filled, order.quantity),
      ...(isWhole ? { state: 'filled' } : {}),
    });
  }

  #write(kind: string, balance: number, content: Readonly<Record<string, unknown>>): void {
    const line = this.lines.length + 1;
    const entry = { line, kind, time: this.#options.time.now(), balance: this.#money(balance), ...content };
    this.lines.push(entry);
    this.#options.onNews({ type: 'fill', fill: entry });
  }

  #money(amount: number): string {
    return formatScaled(amount, this.#options.floor.state.moneyDecimals);
  }

  #book(instrument: InstrumentId): { symbol: string; priceDecimals: number; quantityDecimals: number } {
    const book = this.#options.floor.book(instrument);
    if (book === undefined) throw new Error(`'${instrument}' is not on the floor`);
    return book.instrument;
  }
}
