import { z } from 'zod';
import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import type { Instrument } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { CancelOutcome } from '#engine/live-port.ts';
import type { OandaContext } from './oanda-context.ts';
import { transactionsIn } from './order-sender.ts';
import { readAnswer, refusalOf } from './read-answer.ts';
import { ordersAnswerSchema, positionAnswerSchema, transactionSchema, type VenueOrder } from './schema.ts';
import type { TransactionFeed } from './transaction-feed.ts';
import { externalPrefix } from './transaction-reading.ts';

/**
 * Cancels every order that waits, stops and targets of trades among them; those whose ids are to be kept stay. An order that is gone by then
 * is no problem. Rejects with a `VenueError` where the orders cannot be listed.
 */
export async function cancelEverything(
  context: OandaContext,
  feed: TransactionFeed,
  keep: ReadonlySet<string>,
): Promise<CancelOutcome> {
  const { orders } = readAnswer(await context.rest.pendingOrders(), ordersAnswerSchema, 'pending orders');
  const doomed = orders.filter((order) => !idsOf(feed, order).some((id) => keep.has(id)));
  const problems = await Promise.all(doomed.map((order) => cancelOne(context, feed, order)));
  return { attempted: doomed.length, problems: problems.filter((problem) => problem !== undefined) };
}

/**
 * Closes whatever is held of an instrument by the venue's own means; that nothing is held is success. Where the side that is held cannot be
 * asked for, both are tried. Rejects with a `VenueError` where it is not certain that the position is closed.
 */
export async function closeWholePosition(
  context: OandaContext,
  feed: TransactionFeed,
  instrument: Instrument,
): Promise<void> {
  for (const side of await heldSides(context, instrument.symbol)) {
    const answer = await context.rest.closePosition(instrument.symbol, { [`${side}Units`]: 'ALL' });
    if (answer.type === 'answered') await feed.take(transactionsIn(answer.body));
    refuseUnlessClosed(answer, `closing '${instrument.symbol}'`);
  }
}

const sides = ['long', 'short'] as const;
const nothingToClose = 'CLOSEOUT_POSITION_DOESNT_EXIST';

async function heldSides(context: OandaContext, symbol: string): Promise<readonly (typeof sides)[number][]> {
  try {
    const answer = await context.rest.position(symbol);
    const { position } = readAnswer(answer, positionAnswerSchema, `position in '${symbol}'`);
    return sides.filter((side) => /[1-9]/.test(position[side].units));
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    return sides;
  }
}

function refuseUnlessClosed(answer: VenueAnswer, what: string): void {
  if (answer.type === 'answered' && refusalCodes(answer).includes(nothingToClose)) return;
  const body = readAnswer(answer, closeAnswerSchema, what);
  const canceled = transactionsIn(body)
    .map((transaction) => transactionSchema.safeParse(transaction).data)
    .find((transaction) => transaction?.type === 'ORDER_CANCEL');
  const isFilled = transactionsIn(body).some(
    (transaction) => transactionSchema.safeParse(transaction).data?.type === 'ORDER_FILL',
  );
  if (isFilled && canceled === undefined) return;
  const code = canceled?.reason ?? 'NOT_FILLED';
  throw new VenueError('refused', code, `${what} was taken and not filled: '${code}'`);
}

/** A refusal names its reason in the transaction of the side that was to be closed, or by its code. */
function refusalCodes(answer: { readonly status: number; readonly body: unknown }): readonly string[] {
  const inTransactions = transactionsIn(answer.body).map(
    (transaction) => transactionSchema.safeParse(transaction).data?.rejectReason ?? '',
  );
  return [refusalOf(answer.status, answer.body).code, ...inTransactions];
}

const closeAnswerSchema = z.looseObject({});

/** All ids that an order may be known by here. */
function idsOf(feed: TransactionFeed, order: VenueOrder): readonly string[] {
  const ids = [feed.book.orderById.get(order.id)?.clientOrderId, order.clientExtensions?.id, externalPrefix + order.id];
  return ids.filter((id) => id !== undefined);
}

async function cancelOne(context: OandaContext, feed: TransactionFeed, order: VenueOrder): Promise<string | undefined> {
  const answer = await context.rest.cancelOrder(order.id);
  const what = `order '${order.id}' of '${order.type}'`;
  if (answer.type === 'denied') return `${what} was not cancelled: ${answer.reason}`;
  if (answer.type === 'unknown') return `${what} may not be cancelled: ${answer.reason}`;
  await feed.take(transactionsIn(answer.body));
  if ((answer.status >= 200 && answer.status < 300) || answer.status === 404) return undefined;
  const { code, message } = refusalOf(answer.status, answer.body);
  return `${what} was not cancelled: '${code}' ${message}`;
}
