import { VenueError } from '#domain/venue-error.ts';
import { readAnswer } from './read-answer.ts';
import type { OandaRest } from './rest.ts';
import { transactionPagesSchema, transactionsAnswerSchema } from './schema.ts';
import { compareIds, idAfter, isTransactionId, laterId } from './transaction-id.ts';

export const historyPagesMax = 200;

export interface TransactionHistory {
  /** As they came, not yet looked at. */
  readonly transactions: readonly unknown[];
  /** Up to where the account's history is in it. */
  readonly lastId: string;
}

/**
 * Everything after an id, page by page: an answer may stop short of the last transaction that it names. Rejects with a `VenueError` where a
 * page is missing, and where there are more pages than are read at once.
 */
export async function transactionsSince(
  rest: Pick<OandaRest, 'transactionsSince'>,
  id: string,
): Promise<TransactionHistory> {
  const transactions: unknown[] = [];
  let reached = id;
  for (let page = 0; page < historyPagesMax; page += 1) {
    const what = `transactions since '${reached}'`;
    const answer = readAnswer(await rest.transactionsSince(reached), transactionsAnswerSchema, what);
    transactions.push(...answer.transactions);
    const lastRead = newestId(answer.transactions);
    const lastId = isTransactionId(answer.lastTransactionID) ? answer.lastTransactionID : reached;
    const isWhole = lastRead === undefined || compareIds(lastRead, lastId) >= 0 || compareIds(lastRead, reached) <= 0;
    if (isWhole) return { transactions, lastId: laterId(laterId(lastId, lastRead ?? reached), reached) };
    reached = lastRead;
  }
  throw new VenueError('unreachable', 'TOO_LONG', `more than '${historyPagesMax}' pages of transactions since '${id}'`);
}

/** The id before the first transaction at or after an instant; the last of all where none is that late. */
export async function idBefore(rest: Pick<OandaRest, 'transactionPages'>, at: number): Promise<string> {
  const answer = readAnswer(await rest.transactionPages(at), transactionPagesSchema, 'pages of transactions');
  const [first] = answer.pages;
  const from = first === undefined ? null : (/[?&]from=(\d{1,20})(?:&|$)/.exec(first)?.[1] ?? null);
  if (from !== null) return idAfter(from, -1);
  if (first !== undefined || !isTransactionId(answer.lastTransactionID))
    throw new VenueError('unreachable', 'MALFORMED', 'a page of transactions names no first id');
  return answer.lastTransactionID;
}

function newestId(transactions: readonly unknown[]): string | undefined {
  let newest: string | undefined;
  for (const transaction of transactions) {
    const id =
      typeof transaction === 'object' && transaction !== null && 'id' in transaction ? transaction.id : undefined;
    if (typeof id !== 'string' || !isTransactionId(id)) continue;
    newest = newest === undefined ? id : laterId(newest, id);
  }
  return newest;
}
