import type { AccountHistory, VenueInput } from '#engine/live-port.ts';
import { type AccountBook, instrumentIdOf, isExternal, isNewFunding, isNewTransfer } from './account-book.ts';
import { type ReaderOptions, readBalance } from './account-reader.ts';
import type { Market } from './filters.ts';
import { readPages, windowMs, windowsMax } from './history-pages.ts';
import { acceptedInput, moneyOf } from './mapper.ts';
import { readOpenOrders } from './open-orders.ts';
import { orderFacts } from './order-facts.ts';
import { findOrder, tradeFill } from './order-finder.ts';
import { endInput } from './order-updates.ts';
import { type Income, incomeSchema, orderSchema, type UserTrade, userTradeSchema, type VenueOrder } from './schema.ts';

/** An event with the venue's time and what it does to the balance. */
interface Dated {
  readonly at: number;
  readonly change: number;
  /** Of one instant: an order's acceptance, then its fills, then its end. */
  readonly rank: number;
  readonly input: (balance: number) => VenueInput;
}

interface Span extends ReaderOptions {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** Incomes that fills account for already. */
const ofFills = new Set(['REALIZED_PNL', 'COMMISSION']);
const ended = new Set(['CANCELED', 'EXPIRED', 'EXPIRED_IN_MATCH', 'REJECTED']);

/**
 * What happened at the account after a cursor, which is an instant of the venue's clock. Balances are counted back from the present one.
 * Fundings that a stream has told are left out, since nothing but their instant names them.
 */
export async function readHistory(
  cursor: string,
  options: ReaderOptions,
  symbols: Iterable<string>,
): Promise<AccountHistory> {
  const untilAt = options.rest.venueNow();
  const span = { ...options, fromAt: startOf(cursor, untilAt, options), untilAt };
  const incomes = await readPages({
    rest: options.rest,
    name: 'income',
    parameters: {},
    schema: incomeSchema,
    fromAt: span.fromAt,
    untilAt,
    timeOf: ({ time }) => time,
    keyOf: incomeKey,
  });
  const dated: Dated[] = [];
  const traded = new Set([
    ...symbols,
    ...incomes.flatMap(({ symbol }) => (symbol === undefined || symbol === '' ? [] : [symbol])),
  ]);
  for (const symbol of traded) {
    const market = options.book.markets.get(symbol);
    if (market === undefined)
      options.onNotice(`the history of '${symbol.slice(0, 30)}' is left out: it is no instrument of ours`);
    else dated.push(...(await symbolEvents(market, span)));
  }
  dated.push(...(await endedMeanwhile(span)));
  const { balance } = await readBalance(options);
  // Last, since a funding that was told once is never told again: no question may fail after this.
  dated.push(...incomes.flatMap((income) => incomeEvent(income, options.book)));
  return { events: withBalances(dated, balance), cursor: String(untilAt) };
}

function startOf(cursor: string, untilAt: number, { onNotice }: ReaderOptions): number {
  const earliest = untilAt - windowMs * windowsMax;
  const asked = /^\d{13}$/.test(cursor) ? Number(cursor) + 1 : earliest;
  if (asked < earliest) onNotice('the history before six months ago cannot be read');
  return Math.max(asked, earliest);
}

async function symbolEvents(market: Market, span: Span): Promise<readonly Dated[]> {
  const { rest, fromAt, untilAt } = span;
  const { symbol } = market.instrument;
  const base = { rest, parameters: { symbol }, fromAt, untilAt };
  const trades = await readPages({
    ...base,
    name: 'userTrades',
    schema: userTradeSchema,
    timeOf: ({ time }) => time,
    keyOf: ({ id }) => id,
  });
  const orders = await readPages({
    ...base,
    name: 'allOrders',
    schema: orderSchema,
    // The list is of when orders were made, whatever happened to them since.
    timeOf: (order) => order.time ?? order.updateTime,
    keyOf: ({ orderId }) => orderId,
  });
  const byId = new Map(orders.map((order) => [order.orderId, order]));
  const older = await olderOrders(trades, byId, span);
  return [
    ...[...byId.values(), ...older].flatMap((order) => orderEvents(order, market, span)),
    ...trades.flatMap((trade) => tradeEvent(trade, [...byId.values(), ...older], { market, span })),
  ];
}

/** Orders that were made before the span and traded in it. */
async function olderOrders(
  trades: readonly UserTrade[],
  byId: ReadonlyMap<string, VenueOrder>,
  { rest }: Span,
): Promise<readonly VenueOrder[]> {
  const missing = new Map(trades.filter(({ orderId }) => !byId.has(orderId)).map((trade) => [trade.orderId, trade]));
  const older: VenueOrder[] = [];
  for (const { symbol, orderId } of missing.values()) {
    const answer = await rest.call('order', { symbol, orderId }, { priority: 'background' });
    const order = answer.type === 'confirmed' ? orderSchema.safeParse(answer.body) : undefined;
    // The trade itself is certain: without its order it counts as one of another hand.
    if (order?.success === true) older.push(order.data);
  }
  return older;
}

function orderEvents(order: VenueOrder, { instrument }: Market, { book, fromAt }: Span): readonly Dated[] {
  const facts = orderFacts(order, instrument, book);
  if (facts === undefined || isExternal(facts.clientOrderId)) return [];
  const madeAt = order.time ?? order.updateTime;
  const known = book.orders.get(facts.clientOrderId) ?? {
    ...facts,
    isWorking: false,
    isAccepted: true,
    isEndTold: false,
    isExpiring: false,
  };
  const events: Dated[] = [];
  if (madeAt >= fromAt)
    events.push({ at: madeAt, change: 0, rank: 0, input: () => acceptedInput({ ...facts, at: madeAt }) });
  if (ended.has(order.status) && order.updateTime >= fromAt) {
    events.push({ at: order.updateTime, change: 0, rank: 2, input: () => endInput(known, order.status, undefined) });
  }
  return events;
}

function tradeEvent(
  trade: UserTrade,
  orders: readonly VenueOrder[],
  { market, span }: { readonly market: Market; readonly span: Span },
): readonly Dated[] {
  const order = orders.find(({ orderId }) => orderId === trade.orderId);
  const facts = order === undefined ? undefined : orderFacts(order, market.instrument, span.book);
  const clientOrderId = facts?.clientOrderId ?? `external-${trade.orderId}`;
  const fill = tradeFill(trade, clientOrderId, { instrument: market.instrument, book: span.book });
  if (fill === undefined) {
    span.onNotice(`a trade of '${trade.symbol}' cannot be read and is left to the next report`);
    return [];
  }
  const change = fill.realizedPnl - fill.fee;
  return [{ at: trade.time, change, rank: 1, input: (balance) => ({ ...fill, balance }) }];
}

function incomeKey({ incomeType, tranId, symbol, time, income }: Income): string {
  return `${incomeType} ${tranId ?? ''} ${symbol ?? ''} ${time} ${income}`;
}

function incomeEvent(income: Income, book: AccountBook): readonly Dated[] {
  const { incomeType, time, symbol = '' } = income;
  const amount = moneyOf(income.income, book);
  if (ofFills.has(incomeType) || income.asset !== book.accountCurrency || amount === undefined || amount === 0)
    return [];
  const dated = (input: Dated['input']): Dated[] => [{ at: time, change: amount, rank: 1, input }];
  if (incomeType !== 'FUNDING_FEE') {
    if (!isNewTransfer(book, amount, time)) return [];
    return dated((balance) => ({ type: 'balance.changed', amount, balance, reason: incomeType.slice(0, 50) }));
  }
  if (!isNewFunding(book, symbol, time)) return [];
  const instrument = instrumentIdOf(symbol);
  return dated((balance) => ({ type: 'financing.charged', instrument, amount, days: 0, balance }));
}

/** Conditional orders of ours that we thought were working and that are not listed any more. */
async function endedMeanwhile({ book, rest, ...options }: Span): Promise<readonly Dated[]> {
  const open = new Set((await readOpenOrders({ ...options, book, rest })).map(({ clientOrderId }) => clientOrderId));
  const dated: Dated[] = [];
  for (const order of [...book.orders.values()]) {
    if (!order.isWorking || open.has(order.clientOrderId) || order.venueOrderId === '') continue;
    const finding = await findOrder(order.clientOrderId, instrumentIdOf(order.symbol), { ...options, book, rest });
    if (finding.type !== 'found') continue;
    const events = finding.events.filter(({ type }) => type !== 'order.filled');
    dated.push(...events.map((event) => ({ at: rest.venueNow(), change: 0, rank: 2, input: () => event })));
  }
  return dated;
}

/** Oldest first; each with the balance right after it, counted back from the present one. */
function withBalances(dated: readonly Dated[], balanceNow: number): readonly VenueInput[] {
  const ordered = dated.toSorted((a, b) => a.at - b.at || a.rank - b.rank);
  const inputs: VenueInput[] = [];
  let balance = balanceNow;
  for (const { change, input } of ordered.toReversed()) {
    inputs.push(input(balance));
    balance -= change;
  }
  return inputs.toReversed();
}
