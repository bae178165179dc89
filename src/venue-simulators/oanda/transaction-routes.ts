import { type Exchange, failed, ok, type RouteAnswer } from './exchange.ts';
import type { OandaAccount } from './oanda-account.ts';
import type { Transaction } from './transaction-log.ts';
import { instantText, parseInstant } from './wire-text.ts';

/** How many transactions one answer has at most. */
const TRANSACTIONS_PER_ANSWER_MAX = 1_000;
const pageSizeUsual = 100;

export interface TransactionRoutesScene {
  readonly account: OandaAccount;
  readonly accountId: string;
  readonly createdAt: number;
  readonly now: number;
}

/** GET transactions: addresses of pages, and not what is on them. */
export function listPages({ request, query }: Exchange, scene: TransactionRoutesScene): RouteAnswer {
  const { account, accountId } = scene;
  const pageSize = Number(query.get('pageSize') ?? pageSizeUsual);
  if (!(Number.isInteger(pageSize) && pageSize > 0 && pageSize <= TRANSACTIONS_PER_ANSWER_MAX))
    return failed(400, "Invalid value specified for 'pageSize'", { errorCode: 'INVALID_PAGESIZE' });
  const fromAt = instantOf(query.get('from'), scene.createdAt);
  const toAt = instantOf(query.get('to'), scene.now);
  if (fromAt === undefined) return failed(400, "Invalid value specified for 'from'");
  if (toAt === undefined) return failed(400, "Invalid value specified for 'to'");
  const found = account.log.all().filter((each) => {
    const at = Date.parse(each.time);
    return at >= fromAt && at <= toAt && isWanted(each, query.get('type'));
  });
  const base = `${originOf(request.headers)}/v3/accounts/${accountId}/transactions/idrange`;
  const type = query.has('type') ? `&type=${query.get('type')}` : '';
  const pages: string[] = [];
  for (let first = 0; first < found.length; first += pageSize) {
    const page = found.slice(first, first + pageSize);
    pages.push(`${base}?from=${page[0]?.id}&to=${page.at(-1)?.id}${type}`);
  }
  return ok({
    from: instantText(fromAt),
    to: instantText(toAt),
    pageSize,
    count: found.length,
    pages,
    lastTransactionID: account.log.lastId,
  });
}

/** GET transactions/idrange, both ends included. */
export function listRange({ query }: Exchange, { account }: TransactionRoutesScene): RouteAnswer {
  const from = Number(query.get('from'));
  const to = Number(query.get('to'));
  const isRight = Number.isInteger(from) && Number.isInteger(to) && from > 0 && from <= to;
  if (!isRight || to > Number(account.log.lastId)) return outOfRange(account);
  return list(account.log.range(from, to), account, query.get('type'));
}

/** GET transactions/sinceid, the given id left out. */
export function listSince({ query }: Exchange, { account }: TransactionRoutesScene): RouteAnswer {
  const id = Number(query.get('id') ?? Number.NaN);
  const lastId = Number(account.log.lastId);
  if (!(Number.isInteger(id) && id >= 0 && id <= lastId)) return outOfRange(account);
  return list(account.log.range(id + 1, lastId), account, query.get('type'));
}

export function getTransaction({ parameters }: Exchange, { account }: TransactionRoutesScene): RouteAnswer {
  const transaction = account.log.find(Number(parameters[0]));
  if (transaction === undefined)
    return failed(404, 'The transaction ID specified does not exist', { errorCode: 'NO_SUCH_TRANSACTION' });
  return ok({ transaction, lastTransactionID: account.log.lastId });
}

/** What is asked for lies outside of the history. */
export function outOfRange(account: OandaAccount): RouteAnswer {
  return failed(416, 'The Transaction ID range specified is not valid', {
    errorCode: 'INVALID_TRANSACTION_ID',
    lastTransactionID: account.log.lastId,
  });
}

/** Oldest first; more than one answer has come with the next ones, from the last id of this one on. */
function list(found: readonly Transaction[], account: OandaAccount, types: string | undefined): RouteAnswer {
  const shown = found.filter((each) => isWanted(each, types)).slice(0, TRANSACTIONS_PER_ANSWER_MAX);
  return ok({ transactions: shown, lastTransactionID: account.log.lastId });
}

/** `ORDER` and the like stand for many types at the venue; those that are not the name of one are taken as the beginning of it. */
function isWanted({ type }: Transaction, types: string | undefined): boolean {
  if (types === undefined || types === '') return true;
  return types.split(',').some((wanted) => type === wanted || (wanted === 'ORDER' && type.includes('ORDER')));
}

function instantOf(text: string | undefined, otherwise: number): number | undefined {
  return text === undefined ? otherwise : parseInstant(text);
}

/** The address as the client wrote it: pages are asked for at the same place. */
function originOf(headers: Readonly<Record<string, string>>): string {
  const host = headers['host'] ?? 'localhost';
  return `${headers['x-forwarded-proto'] ?? 'http'}://${host}`;
}
