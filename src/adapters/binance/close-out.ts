import type { InstrumentId } from '#domain/instrument.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { CancelOutcome } from '#engine/live-port.ts';
import { instrumentIdOf, type OrderFacts, symbolOf } from './account-book.ts';
import { type ReaderOptions, readAccount } from './account-reader.ts';
import { quantityText } from './mapper.ts';
import { readOpenOrders } from './open-orders.ts';
import { cancelRequest } from './order-request.ts';
import type { CallAnswer } from './rest.ts';

/** A position larger than the largest market order is closed in so many pieces at most. */
export const piecesMax = 10;
const reduction = { priority: 'reduction' } as const;
const goneCodes = new Set(['-2011', '-2013']);

export interface CloseOutOptions extends ReaderOptions {
  /** The desk's symbols, for when the venue does not say where orders work. */
  readonly symbols: readonly string[];
}

/** Cancels in both families, since neither knows of the other's orders. Where the lists cannot be had, every symbol is swept. */
export async function cancelAllOrders(keep: ReadonlySet<string>, options: CloseOutOptions): Promise<CancelOutcome> {
  const open = await listOrders(options);
  if (open === undefined) {
    if (keep.size > 0) return { attempted: 0, problems: ['which orders work is not known, so none is known to go'] };
    return sweep(new Set(options.symbols), options, 0);
  }
  const going = open.filter(({ clientOrderId }) => !keep.has(clientOrderId));
  if (keep.size === 0) return sweep(new Set(going.map(({ symbol }) => symbol)), options, going.length);
  const problems = await Promise.all(going.map((order) => cancelOne(order, options)));
  return { attempted: going.length, problems: problems.filter((problem) => problem !== '') };
}

async function listOrders(options: CloseOutOptions): Promise<readonly OrderFacts[] | undefined> {
  try {
    return await readOpenOrders(options, reduction);
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    options.onNotice(`the open orders cannot be listed: ${error.message}`);
    return undefined;
  }
}

async function sweep(symbols: ReadonlySet<string>, { rest }: CloseOutOptions, count: number): Promise<CancelOutcome> {
  const problems = await Promise.all(
    [...symbols].flatMap((symbol) => [
      rest
        .call('cancelAllOrders', { symbol }, reduction)
        .then((answer) => problemOf(`the orders of '${symbol}'`, answer)),
      rest
        .call('cancelAllAlgoOrders', { symbol }, reduction)
        .then((answer) => problemOf(`the stops of '${symbol}'`, answer)),
    ]),
  );
  return { attempted: Math.max(count, symbols.size), problems: problems.filter((problem) => problem !== '') };
}

async function cancelOne(order: OrderFacts, { rest }: CloseOutOptions): Promise<string> {
  const { name, parameters } = cancelRequest(order);
  return problemOf(`'${order.clientOrderId}'`, await rest.call(name, parameters, reduction));
}

function problemOf(what: string, answer: CallAnswer): string {
  if (answer.type === 'confirmed' || (answer.type === 'refused' && goneCodes.has(answer.code))) return '';
  return `${what}: ${answer.type}, ${answer.reason}`;
}

/**
 * Closes whatever the venue says is held, by reduce-only market orders. They carry the venue's own ids, so that they are told as of another
 * hand. Rejects with a `VenueError` unless every piece was taken.
 */
export async function closePosition(instrument: InstrumentId, options: CloseOutOptions): Promise<void> {
  const symbol = symbolOf(instrument);
  const market = options.book.markets.get(symbol);
  if (market === undefined) throw new VenueError('refused', 'UNKNOWN_INSTRUMENT', `'${instrument}' is not listed`);
  const { positions } = await readAccount(options);
  const signedQuantity = positions.get(symbol)?.signedQuantity ?? 0;
  const side = signedQuantity > 0 ? 'SELL' : 'BUY';
  let left = Math.abs(signedQuantity);
  for (let piece = 0; left > 0 && piece < piecesMax; piece++) {
    const quantity = Math.min(left, market.instrument.maximumQuantity);
    const text = quantityText(quantity, market.instrument);
    const parameters = { symbol, side, type: 'MARKET', quantity: text, reduceOnly: true, newOrderRespType: 'RESULT' };
    const answer = await options.rest.call('newOrder', parameters, reduction);
    if (answer.type !== 'confirmed') {
      const kind = answer.type === 'unknown' ? 'unreachable' : answer.type;
      throw new VenueError(kind, answer.code, `the position of '${instrument}' was not closed: ${answer.reason}`);
    }
    left -= quantity;
  }
  if (left > 0)
    throw new VenueError('refused', 'TOO_LARGE', `'${left}' of '${instrument}' is left after '${piecesMax}' pieces`);
}

/** Tells the venue to cancel the ordinary orders of each of these symbols in a while; conditional ones are not touched, and so protect on. */
export async function renewCountdowns(
  symbols: ReadonlySet<string>,
  ms: number,
  { rest }: ReaderOptions,
): Promise<void> {
  for (const symbol of symbols) {
    const answer = await rest.call('countdown', { symbol, countdownTime: ms }, reduction);
    if (answer.type === 'confirmed') continue;
    const kind = answer.type === 'unknown' ? 'unreachable' : answer.type;
    const id = instrumentIdOf(symbol);
    throw new VenueError(
      kind,
      answer.code,
      `the venue was not told to cancel the orders of '${id}' by itself: ${answer.reason}`,
    );
  }
}
