import { z } from 'zod';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { OrderFinding, VenueInput } from '#engine/live-port.ts';
import { isExternal, type KnownOrder, noteOrder, type OrderFacts, symbolOf } from './account-book.ts';
import { type ReaderOptions, readBalance } from './account-reader.ts';
import { algoEndInput } from './algo-updates.ts';
import { acceptedInput, amendedInput, fillInput } from './mapper.ts';
import { algoFacts, orderFacts } from './order-facts.ts';
import { endInput } from './order-updates.ts';
import type { CallAnswer } from './rest.ts';
import {
  algoOrderSchema,
  orderSchema,
  type UserTrade,
  userTradeSchema,
  type VenueAlgoOrder,
  type VenueOrder,
} from './schema.ts';
import type { Parameters } from './signing.ts';

const tradesLimit = 1_000;
/** Pages of one order's trades. */
const tradePagesMax = 20;
const notFoundCodes = new Set(['-2013', '-2011']);
const workingStates = new Set(['NEW', 'PARTIALLY_FILLED']);
const endStates = new Set(['CANCELED', 'EXPIRED', 'EXPIRED_IN_MATCH', 'REJECTED']);

interface Search extends ReaderOptions {
  readonly clientOrderId: string;
  readonly instrument: Instrument;
  readonly known: KnownOrder | undefined;
}

/** Asks for one order in both families, and for what it filled. Never rejects: what cannot be learned is unknown. */
export async function findOrder(
  clientOrderId: string,
  id: InstrumentId,
  options: ReaderOptions,
): Promise<OrderFinding> {
  const market = options.book.markets.get(symbolOf(id));
  if (market === undefined) return { type: 'unknown', reason: `'${id}' is no instrument of the venue` };
  const known = options.book.orders.get(clientOrderId);
  const search = { ...options, clientOrderId, instrument: market.instrument, known };
  try {
    const isConditional = known?.family === 'conditional' || clientOrderId.startsWith('external-algo-');
    const [first, second] = isConditional ? [findConditional, findOrdinary] : [findOrdinary, findConditional];
    const finding = await first(search);
    return finding.type === 'absent' ? await second(search) : finding;
  } catch (error) {
    if (error instanceof VenueError) return { type: 'unknown', reason: error.message };
    throw error;
  }
}

async function findOrdinary(search: Search): Promise<OrderFinding> {
  if (search.clientOrderId.startsWith('external-algo-')) return { type: 'absent' };
  return askOrder(search, {
    symbol: search.instrument.symbol,
    ...(isExternal(search.clientOrderId)
      ? { orderId: search.clientOrderId.slice('external-'.length) }
      : { origClientOrderId: search.known?.wireId ?? search.clientOrderId }),
  });
}

async function askOrder(search: Search, parameters: Parameters): Promise<OrderFinding> {
  const answer = await search.rest.call('order', parameters, { priority: 'reduction' });
  return answer.type === 'confirmed' ? foundOrder(answer.body, search) : notFound(answer);
}

function notFound(answer: Exclude<CallAnswer, { type: 'confirmed' }>): OrderFinding {
  if (answer.type === 'refused' && notFoundCodes.has(answer.code)) return { type: 'absent' };
  return { type: 'unknown', reason: answer.reason };
}

async function foundOrder(body: unknown, search: Search): Promise<OrderFinding> {
  const order = orderSchema.safeParse(body);
  if (!order.success) return { type: 'unknown', reason: 'the order cannot be read' };
  const facts = orderFacts(order.data, search.instrument, search.book);
  if (facts === undefined) return { type: 'unknown', reason: 'the quantity of the order cannot be read' };
  const { status } = order.data;
  const isWorking = workingStates.has(status);
  if (!isWorking && status !== 'FILLED' && !endStates.has(status)) {
    return { type: 'unknown', reason: `the state '${status.slice(0, 30)}' is not known` };
  }
  const fills = facts.filledQuantity === 0 ? [] : await fillsOf(order.data, facts, search);
  if (fills === undefined) return { type: 'unknown', reason: 'its trades are not all listed yet' };
  const own = { ...facts, clientOrderId: search.clientOrderId };
  const amended = amendment(own, search.known);
  const kept = noteOrder(search.book, own, isWorking);
  const end = endStates.has(status) ? [endInput(kept, status, undefined)] : [];
  return { type: 'found', isWorking, events: [acceptedInput(own), ...amended, ...fills, ...end] };
}

/** A price or quantity other than the one we know of is told, whoever changed it. */
function amendment(facts: OrderFacts, known: KnownOrder | undefined): VenueInput[] {
  if (known === undefined || known.family === 'conditional' || facts.quantity === 0) return [];
  if (known.quantity === facts.quantity && known.limitPrice === facts.limitPrice) return [];
  known.quantity = facts.quantity;
  known.limitPrice = facts.limitPrice;
  return [amendedInput(facts)];
}

/** All fills of an order with the balance as it is now; undefined while the list of trades lags behind the order. */
async function fillsOf(order: VenueOrder, facts: OrderFacts, search: Search): Promise<VenueInput[] | undefined> {
  const trades = await tradesOf(order, search);
  const { balance } = await readBalance(search);
  let filled = 0;
  const inputs: VenueInput[] = [];
  for (const trade of trades) {
    const fill = tradeFill(trade, search.clientOrderId, search);
    if (fill === undefined) throw new VenueError('unreachable', 'UNREADABLE', 'a trade of the order cannot be read');
    filled += fill.quantity;
    inputs.push({ ...fill, balance });
  }
  return filled < facts.filledQuantity ? undefined : inputs;
}

async function tradesOf({ symbol, orderId }: VenueOrder, { rest }: Search): Promise<readonly UserTrade[]> {
  const trades: UserTrade[] = [];
  for (let page = 0; page < tradePagesMax; page++) {
    const last = trades.at(-1);
    const fromId = last === undefined ? undefined : String(BigInt(last.id) + 1n);
    const rows = await rest.ask(
      'userTrades',
      { symbol, orderId, limit: tradesLimit, fromId },
      z.array(userTradeSchema),
    );
    trades.push(...rows.filter((row) => row.orderId === orderId));
    if (rows.length < tradesLimit) break;
  }
  return trades;
}

/** A trade of the account's history as a fill of an order. */
export function tradeFill(
  trade: UserTrade,
  clientOrderId: string,
  { instrument, book }: Pick<Search, 'instrument' | 'book'>,
): ReturnType<typeof fillInput> {
  return fillInput(
    {
      clientOrderId,
      venueOrderId: trade.orderId,
      tradeId: trade.id,
      side: trade.side,
      price: trade.price,
      quantity: trade.qty,
      realizedPnl: trade.realizedPnl,
      fee: trade.commission,
      feeAsset: trade.commissionAsset,
      at: trade.time,
    },
    instrument,
    book,
  );
}

async function findConditional(search: Search): Promise<OrderFinding> {
  const { clientOrderId, known, instrument, rest } = search;
  const { symbol } = instrument;
  if (isExternal(clientOrderId) && !clientOrderId.startsWith('external-algo-')) return { type: 'absent' };
  const parameters = isExternal(clientOrderId)
    ? { symbol, algoId: clientOrderId.slice('external-algo-'.length) }
    : { symbol, clientAlgoId: known?.wireId ?? clientOrderId };
  const answer = await rest.call('algoOrder', parameters, { priority: 'reduction' });
  if (answer.type !== 'confirmed') return notFound(answer);
  const order = algoOrderSchema.safeParse(answer.body);
  const facts = order.success ? algoFacts(order.data, instrument, search.book) : undefined;
  if (!order.success || facts === undefined) return { type: 'unknown', reason: 'the conditional order cannot be read' };
  return foundConditional(order.data, { ...facts, clientOrderId }, search);
}

async function foundConditional(order: VenueAlgoOrder, facts: OrderFacts, search: Search): Promise<OrderFinding> {
  const { algoStatus, actualOrderId = '' } = order;
  switch (algoStatus) {
    case 'NEW':
      noteOrder(search.book, facts, true);
      return { type: 'found', isWorking: true, events: [acceptedInput(facts)] };
    case 'CANCELED':
    case 'EXPIRED':
    case 'REJECTED': {
      const end = algoEndInput(noteOrder(search.book, facts, false), algoStatus, '');
      return { type: 'found', isWorking: false, events: [acceptedInput(facts), end] };
    }
    case 'TRIGGERING':
    case 'TRIGGERED':
    case 'FINISHED':
      noteOrder(search.book, facts, true);
      return child(actualOrderId, order, search);
    default:
      return { type: 'unknown', reason: `the state '${algoStatus.slice(0, 30)}' of a conditional order is not known` };
  }
}

/** What a triggered order came to is told by the ordinary order that it became. */
async function child(orderId: string, order: VenueAlgoOrder, search: Search): Promise<OrderFinding> {
  const { symbol } = search.instrument;
  const found = await askOrder(
    search,
    orderId === '' ? { symbol, origClientOrderId: order.clientAlgoId } : { symbol, orderId },
  );
  if (found.type !== 'absent') return found;
  return { type: 'unknown', reason: 'the order has been triggered, and what it became is not listed yet' };
}
