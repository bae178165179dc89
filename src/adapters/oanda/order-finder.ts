import { VenueError } from '#domain/venue-error.ts';
import type { OrderFinding, VenueInput } from '#engine/live-port.ts';
import { createAccountBook, orderOfClient } from './account-book.ts';
import { childOf, readOrder } from './mapper-created-orders.ts';
import { readTransaction } from './mapper-transactions.ts';
import type { OandaContext } from './oanda-context.ts';
import { parseVenueTime } from './oanda-time.ts';
import { readAnswer } from './read-answer.ts';
import { orderAnswerSchema, transactionSchema, type VenueOrder, type VenueTransaction } from './schema.ts';
import { prepareReading, referTo } from './trade-lookup.ts';
import type { TransactionFeed } from './transaction-feed.ts';
import { idBefore, transactionsSince } from './transaction-history.ts';
import { compareIds, idAfter, isTransactionId } from './transaction-id.ts';
import { venueIdIn } from './transaction-reading.ts';

/** How far back history is searched for an order of which it is not known when it was sent. */
const searchMs = 24 * 60 * 60_000;

/** What the venue says of an order: that it works, or what happened to it since it was made. */
export type OrderTrace =
  | { readonly type: 'working'; readonly order: VenueOrder }
  | { readonly type: 'ended'; readonly transactions: readonly VenueTransaction[] }
  | { readonly type: 'absent' }
  | { readonly type: 'unknown'; readonly reason: string };

/**
 * Asks for an order by our id, and where the venue does not know it by that, for everything that happened since it was sent: an order that
 * was filled at once is in the history under our id, whatever the list of orders says.
 */
export async function traceOrder(
  context: OandaContext,
  feed: TransactionFeed,
  wanted: { readonly clientOrderId: string; readonly sinceId: string | undefined },
): Promise<OrderTrace> {
  try {
    const order = await askOrder(context, orderNameOf(feed, wanted.clientOrderId));
    if (order?.state === 'PENDING') return { type: 'working', order };
    // An order that took another one's place came later than what is asked for.
    const sinceId = wanted.sinceId ?? (order === undefined ? undefined : idAfter(order.id, -1));
    const from = sinceId ?? (await idBefore(context.rest, context.time.now() - searchMs));
    const history = await transactionsSince(context.rest, from);
    const transactions = transactionsOfOrder(history.transactions, wanted.clientOrderId, order?.id);
    return transactions.length === 0 ? { type: 'absent' } : { type: 'ended', transactions };
  } catch (error) {
    if (error instanceof VenueError) return { type: 'unknown', reason: error.message };
    throw error;
  }
}

/** The same as events, read on their own and not told to anybody. */
export async function findOrder(
  context: OandaContext,
  feed: TransactionFeed,
  wanted: { readonly clientOrderId: string; readonly sinceId: string | undefined },
): Promise<OrderFinding> {
  const trace = await traceOrder(context, feed, wanted);
  switch (trace.type) {
    case 'absent':
    case 'unknown':
      return trace;
    case 'working':
      return workingFinding(context, wanted.clientOrderId, trace.order);
    case 'ended':
      return endedFinding(context, wanted.clientOrderId, trace.transactions);
  }
}

/** How requests name an order: by the venue's id where it is known, since another hand may have taken ours off. */
export function orderNameOf(feed: TransactionFeed, clientOrderId: string): string {
  const known = orderOfClient(feed.book, clientOrderId)?.venueOrderId ?? venueIdIn(clientOrderId);
  return known ?? `@${clientOrderId}`;
}

async function askOrder(context: OandaContext, name: string): Promise<VenueOrder | undefined> {
  const answer = await context.rest.order(name);
  if (answer.type === 'answered' && answer.status === 404) return undefined;
  return readAnswer(answer, orderAnswerSchema, `order '${name}'`).order;
}

/** Everything that names the order, or one that took its place, in the order in which it happened. */
function transactionsOfOrder(
  history: readonly unknown[],
  clientOrderId: string,
  venueOrderId: string | undefined,
): readonly VenueTransaction[] {
  const ids = new Set(venueOrderId === undefined ? [] : [venueOrderId]);
  const transactions = history.flatMap((value) => {
    const parsed = transactionSchema.safeParse(value);
    return parsed.success && isTransactionId(parsed.data.id) ? [parsed.data] : [];
  });
  return transactions
    .sort((left, right) => compareIds(left.id, right.id))
    .filter((transaction) => {
      const { id, type, clientExtensions, orderID, clientOrderID, replacesOrderID } = transaction;
      const isMade = clientExtensions?.id === clientOrderId || ids.has(id) || ids.has(replacesOrderID ?? '');
      if (isMade && type.endsWith('_ORDER')) ids.add(id);
      return isMade || clientOrderID === clientOrderId || ids.has(orderID ?? '');
    });
}

async function workingFinding(context: OandaContext, clientOrderId: string, order: VenueOrder): Promise<OrderFinding> {
  const book = createAccountBook();
  await referTo(context, book, { symbol: order.instrument, tradeId: order.tradeID });
  const known = readOrder(book, order, context.reading);
  if (known === undefined) return { type: 'unknown', reason: `order '${order.id}' of '${order.type}' cannot be read` };
  const createTime = typeof order['createTime'] === 'string' ? order['createTime'] : '';
  const venueAt = parseVenueTime(createTime) ?? context.time.now();
  const child = childOf(book, known);
  const events: VenueInput[] = [{ type: 'order.accepted', clientOrderId, venueOrderId: order.id, venueAt, child }];
  return { type: 'found', isWorking: true, events };
}

async function endedFinding(
  context: OandaContext,
  clientOrderId: string,
  transactions: readonly VenueTransaction[],
): Promise<OrderFinding> {
  const book = createAccountBook();
  const events: VenueInput[] = [];
  for (const transaction of transactions) {
    await prepareReading(context, book, transaction);
    events.push(...readTransaction(book, transaction, context.reading).inputs.filter(isOf(clientOrderId)));
  }
  if (events.length === 0) return { type: 'absent' };
  return { type: 'found', isWorking: orderOfClient(book, clientOrderId)?.isPending ?? false, events };
}

function isOf(clientOrderId: string): (input: VenueInput) => boolean {
  return (input) =>
    input.type !== 'order.unresolved' && 'clientOrderId' in input && input.clientOrderId === clientOrderId;
}
