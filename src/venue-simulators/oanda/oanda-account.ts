import { present } from '#base/assert.ts';
import { quoteToMoney } from '#domain/conversion.ts';
import type { EventByType } from '#domain/events.ts';
import type { Instrument } from '#domain/instrument.ts';
import { signOf } from '#domain/order.ts';
import type { TimePort, VenueEvent } from '#engine/ports.ts';
import { accountRate, notionalAtMid } from '#sim/venue-account.ts';
import type { VenueFloor } from '../venue-floor.ts';
import {
  type AccountOrder,
  compact,
  marketTerms,
  type OnFill,
  type OrderTerms,
  onFillPrice,
  termsBody,
} from './account-order.ts';
import type { AccountPlight } from './account-plight.ts';
import { fillFields } from './fill-fields.ts';
import { FinancingCollector } from './financing-collector.ts';
import { floorRequest } from './floor-request.ts';
import { cancelReasonOf, obstacleTo } from './order-endings.ts';
import { type Trade, TradeBook, type TradeOutcome } from './trade-book.ts';
import type { Transaction, TransactionLog } from './transaction-log.ts';
import { moneyText } from './wire-text.ts';

/** How many ended orders are remembered; the oldest are forgotten first. */
const ENDED_ORDERS_MAX = 50_000;

type Filled = EventByType['order.filled'];

export interface AccountOptions {
  readonly floor: VenueFloor;
  readonly time: TimePort;
  readonly log: TransactionLog;
  readonly plight: AccountPlight;
}

/** Why an order is created, and what its transaction says beside its terms. */
export interface OrderOrigin {
  readonly reason: string;
  readonly replaces?: AccountOrder;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The account in front of the floor: its orders, trades and history, kept as the floor's events tell. */
export class OandaAccount {
  readonly floor: VenueFloor;
  readonly log: TransactionLog;
  readonly plight: AccountPlight;
  readonly trades = new TradeBook();
  readonly orders = new Map<string, AccountOrder>();
  readonly #time: TimePort;
  readonly #byFloorId = new Map<string, AccountOrder>();
  readonly #pending = new Set<AccountOrder>();
  readonly #financing: FinancingCollector;
  readonly #forgetListening: () => void;
  #floorCount = 0;
  /** Sums since the account was opened. */
  realizedPnl = 0;
  financing = 0;
  commission = 0;
  readonly pnlBySide = new Map<string, number>();

  constructor({ floor, time, log, plight }: AccountOptions) {
    this.floor = floor;
    this.log = log;
    this.plight = plight;
    this.#time = time;
    this.#financing = new FinancingCollector({ time, write: (charges) => this.#writeFinancing(charges) });
    this.#forgetListening = floor.listen({ onVenue: (event) => this.#hear(event) });
    log.append('CREATE', {
      divisionID: 4,
      siteID: 101,
      accountUserID: 1,
      accountNumber: 1,
      homeCurrency: this.currency,
    });
    log.append('TRANSFER_FUNDS', {
      amount: this.money(floor.state.balance),
      fundingReason: 'CLIENT_FUNDING',
      accountBalance: this.money(floor.state.balance),
    });
  }

  get currency(): string {
    return this.floor.state.accountCurrency;
  }

  money(amount: number): string {
    return moneyText(amount, this.floor.state.moneyDecimals);
  }

  /** Brings everything up to now. */
  settle(): void {
    this.floor.settle();
    this.#financing.flush();
  }

  close(): void {
    this.#financing.close();
    this.#forgetListening();
  }

  /** An order by its id, or the last one with a client's id, `@` before it. Null stands for one that the index does not show yet. */
  findOrder(specifier: string): AccountOrder | null | undefined {
    let found: AccountOrder | undefined;
    if (!specifier.startsWith('@')) found = this.orders.get(specifier);
    else for (const order of this.orders.values()) if (order.clientExtensions?.id === specifier.slice(1)) found = order;
    return found !== undefined && found.shownFromAt > this.#time.now() ? null : found;
  }

  pendingOrders(): AccountOrder[] {
    return [...this.#pending];
  }

  isClientIdPending(clientId: string): boolean {
    return this.pendingOrders().some((order) => order.clientExtensions?.id === clientId);
  }

  /** Creates an order and hands it to the floor, or ends it at once where something stands in its way. */
  create(terms: OrderTerms, origin: OrderOrigin): AccountOrder {
    const { replaces } = origin;
    const transaction = this.log.append(`${terms.type}_ORDER`, {
      ...termsBody(terms),
      reason: origin.reason,
      ...(replaces === undefined ? {} : { replacesOrderID: replaces.id }),
      ...origin.fields,
    });
    const order = this.#keep(terms, transaction, origin);
    const trade = terms.tradeId === null ? undefined : this.trades.find(terms.tradeId);
    if (terms.type === 'TAKE_PROFIT' && trade !== undefined) trade.takeProfitOrderId = order.id;
    if (terms.type === 'STOP_LOSS' && trade !== undefined) trade.stopLossOrderId = order.id;
    const scripted = terms.tradeId === null ? this.plight.cancelReasons.shift() : undefined;
    const obstacle = scripted ?? obstacleTo(order, this);
    if (obstacle !== undefined) this.end(order, obstacle);
    else
      this.floor.send({
        type: 'order.submitted',
        at: this.#time.now(),
        order: floorRequest(order, this.floor.state, this.#time.now()),
      });
    return order;
  }

  /** Writes that a pending order has ended, and takes it from the floor. */
  end(order: AccountOrder, reason: string, fields: Readonly<Record<string, unknown>> = {}): Transaction {
    const clientOrderID = order.clientExtensions?.id;
    const transaction = this.log.append(
      'ORDER_CANCEL',
      compact({ orderID: order.id, clientOrderID, reason, ...fields }),
    );
    order.state = 'CANCELLED';
    this.#pending.delete(order);
    order.cancelTransactionId = transaction.id;
    order.cancelledTime = transaction.time;
    this.#unlink(order);
    this.floor.send({
      type: 'order.cancelRequested',
      at: this.#time.now(),
      clientOrderId: order.floorId,
      reason: 'CLIENT_REQUEST',
    });
    return transaction;
  }

  /** A stop or target for an open trade. */
  protect(trade: Trade, kind: 'STOP_LOSS' | 'TAKE_PROFIT', onFill: OnFill, origin: OrderOrigin): AccountOrder {
    const { timeInForce, gtdAt, clientExtensions } = onFill;
    const price = onFillPrice(onFill, trade.price, Math.sign(trade.currentUnits));
    const own = { type: kind, units: null, price, timeInForce, gtdAt, clientExtensions, tradeId: trade.id };
    return this.create({ ...marketTerms(trade.instrument, 0), ...own }, origin);
  }

  /** Money comes in or goes. */
  transfer(amount: number): void {
    this.floor.transfer(amount);
    this.log.append('TRANSFER_FUNDS', {
      amount: this.money(amount),
      fundingReason: amount < 0 ? 'CLIENT_FUNDING' : 'ADJUSTMENT',
      accountBalance: this.money(this.floor.state.balance),
    });
  }

  #keep(terms: OrderTerms, transaction: Transaction, { reason, replaces }: OrderOrigin): AccountOrder {
    this.#floorCount += 1;
    const trade = terms.tradeId === null ? undefined : this.trades.find(terms.tradeId);
    const order: AccountOrder = {
      id: transaction.id,
      floorId: `w${this.#floorCount}`,
      terms,
      reason,
      createTime: transaction.time,
      replacesOrderId: replaces?.id ?? null,
      shownFromAt: this.#time.now() + this.plight.hideMs,
      clientExtensions: terms.clientExtensions,
      state: 'PENDING',
      quantity: Math.abs(terms.units ?? trade?.currentUnits ?? 0),
      filledQuantity: 0,
      fillTransactionId: null,
      filledTime: null,
      cancelTransactionId: null,
      cancelledTime: null,
      replacedByOrderId: null,
      tradeOpenedId: null,
      tradeReducedId: null,
      tradeClosedIds: [],
    };
    this.orders.set(order.id, order);
    this.#byFloorId.set(order.floorId, order);
    this.#pending.add(order);
    if (this.orders.size > ENDED_ORDERS_MAX) this.#forgetOldest();
    return order;
  }

  #forgetOldest(): void {
    for (const order of this.orders.values()) {
      if (order.state === 'PENDING') continue;
      this.orders.delete(order.id);
      this.#byFloorId.delete(order.floorId);
      return;
    }
  }

  #unlink(order: AccountOrder): void {
    const trade = order.terms.tradeId === null ? undefined : this.trades.find(order.terms.tradeId);
    if (trade?.takeProfitOrderId === order.id) trade.takeProfitOrderId = null;
    if (trade?.stopLossOrderId === order.id) trade.stopLossOrderId = null;
  }

  #hear(event: VenueEvent): void {
    switch (event.type) {
      case 'order.accepted':
      case 'account.closedOut':
        return;
      case 'order.amended': {
        const order = this.#byFloorId.get(event.clientOrderId);
        if (order !== undefined) order.quantity = event.quantity;
        return;
      }
      case 'order.rejected':
        this.#endFromFloor(event.clientOrderId, event.code);
        return;
      case 'order.canceled':
      case 'order.expired':
        this.#endFromFloor(event.clientOrderId, event.reason);
        return;
      case 'order.filled':
        this.#financing.flush();
        this.log.batch(() => this.#fill(this.#byFloorId.get(event.clientOrderId) ?? this.#foreign(event), event));
        return;
      case 'financing.charged':
        this.#financing.add(event);
        return;
    }
  }

  #endFromFloor(floorId: string, reason: string): void {
    const order = this.#byFloorId.get(floorId);
    if (order?.state === 'PENDING') this.end(order, cancelReasonOf(reason));
  }

  /** The venue's own order, which is first heard of by its fill. */
  #foreign({ clientOrderId, instrument, side, quantity }: Filled): AccountOrder {
    const listed = present(this.floor.book(instrument), `book of '${instrument}'`).instrument;
    const terms = marketTerms(listed, signOf(side) * quantity);
    const reason = clientOrderId.startsWith('closeout-') ? 'MARGIN_CLOSEOUT' : 'CLIENT_ORDER';
    const transaction = this.log.append('MARKET_ORDER', { ...termsBody(terms), reason });
    return this.#keep(terms, transaction, { reason });
  }

  #fill(order: AccountOrder, event: Filled): void {
    const { terms } = order;
    const { instrument } = terms;
    const signedUnits = signOf(event.side) * event.quantity;
    const heldBefore = this.trades.open(instrument.symbol).at(0)?.currentUnits ?? 0;
    const id = String(Number(this.log.lastId) + 1);
    const outcome = this.trades.apply({
      id,
      time: '',
      instrument,
      signedUnits,
      price: event.price,
      realizedPnl: event.realizedPnl,
      tradeId: terms.tradeId,
      clientExtensions: terms.tradeClientExtensions,
      marginRequired: (quantity) => this.#marginOf(instrument, quantity),
      worth: (amount) => this.#worth(instrument, amount),
    });
    this.realizedPnl += event.realizedPnl;
    this.commission += event.fee;
    const side = `${instrument.symbol} ${heldBefore < 0 ? 'short' : 'long'}`;
    this.pnlBySide.set(side, (this.pnlBySide.get(side) ?? 0) + event.realizedPnl);
    const transaction = this.log.append(
      'ORDER_FILL',
      fillFields({
        order,
        event,
        outcome,
        book: present(this.floor.book(instrument.id), `book of '${instrument.id}'`),
        money: (amount) => this.money(amount),
      }),
    );
    stampTrades(outcome, transaction.time);
    this.#noteFill(order, event, outcome);
    this.#followTrades(order, outcome, transaction);
  }

  #noteFill(order: AccountOrder, event: Filled, { closed, reduced, opened }: TradeOutcome): void {
    order.filledQuantity += event.quantity;
    order.fillTransactionId = this.log.lastId;
    order.tradeOpenedId = opened?.id ?? order.tradeOpenedId;
    order.tradeReducedId = reduced?.trade.id ?? order.tradeReducedId;
    order.tradeClosedIds.push(...closed.map(({ trade }) => trade.id));
    if (order.filledQuantity < order.quantity) return;
    if (order.state === 'PENDING') order.state = 'FILLED';
    this.#pending.delete(order);
    order.filledTime = this.log.find(Number(this.log.lastId))?.time ?? null;
    this.#unlink(order);
  }

  /** What protects a trade goes with it, shrinks with it and comes with it. */
  #followTrades(order: AccountOrder, { closed, reduced, opened }: TradeOutcome, fill: Transaction): void {
    for (const { trade } of closed) {
      for (const dependent of this.#dependentsOf(trade)) {
        if (dependent !== order && dependent.state === 'PENDING')
          this.end(dependent, 'LINKED_TRADE_CLOSED', { closedTradeID: trade.id, tradeCloseTransactionID: fill.id });
      }
    }
    for (const dependent of reduced === null ? [] : this.#dependentsOf(reduced.trade))
      this.floor.resize(dependent.floorId, dependent.filledQuantity + Math.abs(reduced?.trade.currentUnits ?? 0));
    if (opened === null) return;
    const origin = { reason: 'ON_FILL', fields: { orderFillTransactionID: fill.id } };
    const { takeProfitOnFill, stopLossOnFill } = order.terms;
    if (takeProfitOnFill !== null) this.protect(opened, 'TAKE_PROFIT', takeProfitOnFill, origin);
    if (stopLossOnFill !== null) this.protect(opened, 'STOP_LOSS', stopLossOnFill, origin);
  }

  #dependentsOf(trade: Trade): AccountOrder[] {
    const ids = [trade.takeProfitOrderId, trade.stopLossOrderId];
    return ids.flatMap((id) => (id === null ? [] : (this.orders.get(id) ?? [])));
  }

  #writeFinancing(charges: readonly EventByType['financing.charged'][]): void {
    const last = present(charges.at(-1), 'charge');
    const positionFinancings = charges.map(({ instrument, amount }) => {
      const symbol = present(this.floor.book(instrument), `book of '${instrument}'`).instrument.symbol;
      const trades = this.trades.open(symbol);
      const total = trades.reduce((sum, { currentUnits }) => sum + Math.abs(currentUnits), 0);
      let left = amount;
      const openTradeFinancings = trades.map((trade, index) => {
        const own = index === trades.length - 1 ? left : Math.trunc((amount * Math.abs(trade.currentUnits)) / total);
        left -= own;
        trade.financing += own;
        return { tradeID: trade.id, financing: this.money(own) };
      });
      return { instrument: symbol, financing: this.money(amount), openTradeFinancings };
    });
    const total = charges.reduce((sum, { amount }) => sum + amount, 0);
    this.financing += total;
    this.log.append('DAILY_FINANCING', {
      financing: this.money(total),
      accountBalance: this.money(last.balance),
      accountFinancingMode: 'DAILY',
      positionFinancings,
    });
  }

  #marginOf(instrument: Instrument, quantity: number): number {
    const book = present(this.floor.book(instrument.id), `book of '${instrument.id}'`);
    return notionalAtMid(this.floor.state, book, quantity) * instrument.marginRate;
  }

  #worth(instrument: Instrument, quoteAmount: number): number {
    const { state } = this.floor;
    const rate = present(accountRate(state, instrument.quoteCurrency), `rate of '${instrument.id}'`);
    return quoteToMoney(quoteAmount, instrument, rate, state.moneyDecimals);
  }
}

/** The time of a fill is known once it is written. */
function stampTrades({ closed, opened }: TradeOutcome, time: string): void {
  for (const { trade } of closed) trade.closeTime = time;
  if (opened !== null) opened.openTime = time;
}
