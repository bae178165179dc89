import { VenueError } from '#domain/venue-error.ts';
import { type AccountBook, noteTrade } from './account-book.ts';
import { unitsOf } from './mapper.ts';
import { missingTradeId } from './mapper-created-orders.ts';
import type { OandaContext } from './oanda-context.ts';
import { readAnswer } from './read-answer.ts';
import { tradeAnswerSchema, type VenueTransaction } from './schema.ts';

/** Asks for what a transaction refers to and the book does not have; where there is no answer it is read without. */
export async function prepareReading(
  context: OandaContext,
  book: AccountBook,
  transaction: VenueTransaction,
): Promise<void> {
  await referTo(context, book, { symbol: transaction.instrument, tradeId: missingTradeId(book, transaction) });
}

/** What a transaction or an order may refer to without telling it. */
export interface References {
  readonly symbol?: string | undefined;
  readonly tradeId?: string | undefined;
}

export async function referTo(context: OandaContext, book: AccountBook, references: References): Promise<void> {
  const { symbol, tradeId } = references;
  try {
    if (symbol !== undefined) await context.catalogue.look(symbol);
    if (tradeId !== undefined && !book.tradeById.has(tradeId)) await lookUpTrade(context, book, tradeId);
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    context.notice(`'${tradeId ?? symbol}' is referred to and cannot be asked for: ${error.message}`);
  }
}

async function lookUpTrade(context: OandaContext, book: AccountBook, tradeId: string): Promise<void> {
  const { reading, rest } = context;
  const { trade } = readAnswer(await rest.trade(tradeId), tradeAnswerSchema, `trade '${tradeId}'`);
  const instrument = await context.catalogue.look(trade.instrument);
  const current = instrument === undefined ? undefined : unitsOf(trade.currentUnits, instrument);
  const initial = instrument === undefined ? undefined : unitsOf(trade.initialUnits, instrument);
  // A trade that is closed by now had its size when the order was made.
  const signedQuantity = current === 0 ? initial : current;
  if (signedQuantity === undefined || signedQuantity === 0) return;
  const entryId = trade.clientExtensions?.id;
  const entryOrderId = entryId !== undefined && reading.isOwnOrder(entryId) ? entryId : null;
  noteTrade(book, { tradeId, symbol: trade.instrument, entryOrderId, signedQuantity });
}
