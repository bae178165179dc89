import { VenueError } from '#domain/venue-error.ts';
import type { AccountHistory, LiveReport, VenueInput } from '#engine/live-port.ts';
import { createAccountBook } from './account-book.ts';
import { noteAccount, reportOf } from './mapper-account.ts';
import { readTransaction } from './mapper-transactions.ts';
import type { OandaContext } from './oanda-context.ts';
import { readAnswer } from './read-answer.ts';
import { accountAnswerSchema, transactionSchema, type VenueTransaction } from './schema.ts';
import { prepareReading } from './trade-lookup.ts';
import type { TransactionFeed } from './transaction-feed.ts';
import { transactionsSince } from './transaction-history.ts';
import { compareIds, isTransactionId } from './transaction-id.ts';
import { quarantined } from './transaction-reading.ts';

/** The account's books of one moment, from one answer. Rejects with a `VenueError` where a part of them cannot be read. */
export async function readReport(context: OandaContext, feed: TransactionFeed): Promise<LiveReport> {
  await context.catalogue.ready();
  const moment = readAnswer(await context.rest.account(), accountAnswerSchema, 'the account');
  // The feed's own book goes by its stream, and may be behind this moment.
  const book = createAccountBook();
  noteAccount(book, moment, context.reading);
  const report = reportOf(book, moment, context.reading);
  if (typeof report === 'string') throw new VenueError('unreachable', 'MALFORMED', report);
  feed.seed(moment);
  // Our ids that another hand took off by replacing an order are known to the feed alone.
  const openOrders = report.openOrders.map((order) => {
    const clientOrderId = feed.book.orderById.get(order.venueOrderId)?.clientOrderId ?? order.clientOrderId;
    return { ...order, clientOrderId };
  });
  return { ...report, openOrders };
}

/** What happened since a cursor, read on its own. Rejects with a `VenueError` where the venue does not know the cursor. */
export async function readHistory(
  context: OandaContext,
  feed: TransactionFeed,
  cursor: string,
): Promise<AccountHistory> {
  if (!isTransactionId(cursor))
    throw new VenueError('refused', 'BAD_CURSOR', `a cursor is a transaction's id, found '${cursor}'`);
  await context.catalogue.ready();
  const history = await transactionsSince(context.rest, cursor);
  const book = createAccountBook();
  const events: VenueInput[] = [];
  for (const transaction of inOrder(context, history.transactions, cursor, events)) {
    await prepareReading(context, book, transaction);
    const { inputs, notices } = readTransaction(book, transaction, context.reading);
    for (const text of notices) context.notice(text);
    events.push(...inputs);
  }
  feed.startAfter(history.lastId);
  return { events, cursor: history.lastId };
}

/** Each transaction once, by its id; what is none is put aside among the events. */
function inOrder(
  context: OandaContext,
  values: readonly unknown[],
  cursor: string,
  events: VenueInput[],
): readonly VenueTransaction[] {
  const byId = new Map<string, VenueTransaction>();
  for (const value of values) {
    const parsed = transactionSchema.safeParse(value);
    if (!parsed.success || !isTransactionId(parsed.data.id)) {
      events.push(quarantined('MALFORMED_TRANSACTION', value, context.reading));
    } else if (compareIds(parsed.data.id, cursor) > 0) byId.set(parsed.data.id, parsed.data);
  }
  return [...byId.values()].sort((left, right) => compareIds(left.id, right.id));
}
