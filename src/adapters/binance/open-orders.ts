import { z } from 'zod';
import { VenueError } from '#domain/venue-error.ts';
import { type KnownOrder, noteOrder, type OrderFacts } from './account-book.ts';
import type { ReaderOptions } from './account-reader.ts';
import { algoFacts, orderFacts } from './order-facts.ts';
import type { CallOptions } from './rest.ts';
import { algoOrderSchema, orderSchema } from './schema.ts';

/** Every order that works at the venue, of both families and of whatever hand; rejects with a `VenueError` unless both lists are whole. */
export async function readOpenOrders(options: ReaderOptions, call: CallOptions = {}): Promise<readonly OrderFacts[]> {
  const { rest, book, onNotice } = options;
  const ordinary = await rest.ask('openOrders', {}, z.array(orderSchema), call);
  const conditional = await rest.ask('openAlgoOrders', {}, z.array(algoOrderSchema), call);
  // Conditional ones first: the ordinary order that one has become carries its id.
  const rows = [
    ...conditional.map((row) => ({ symbol: row.symbol, read: algoReader(row) })),
    ...ordinary.map((row) => ({ symbol: row.symbol, read: ordinaryReader(row) })),
  ];
  const found = new Map<string, OrderFacts>();
  for (const { symbol, read } of rows) {
    const market = book.markets.get(symbol);
    if (market === undefined) {
      onNotice(`an order in '${symbol.slice(0, 30)}' is left out: it is no instrument of ours`);
      continue;
    }
    const facts = read(market.instrument, book);
    if (facts === undefined)
      throw new VenueError('unreachable', 'UNREADABLE', `an open order of '${symbol}' cannot be read`);
    const known = noteOrder(book, facts, true);
    if (!found.has(facts.clientOrderId)) found.set(facts.clientOrderId, asTriggered(facts, known));
  }
  return [...found.values()];
}

/** What a conditional order has become names no trigger any more; to us it is still the stop that was asked for. */
function asTriggered(facts: OrderFacts, { family, orderType, limitPrice, stopPrice }: KnownOrder): OrderFacts {
  if (facts.family === family || family === 'ordinary') return facts;
  return { ...facts, orderType, limitPrice, stopPrice };
}

type Reader = (
  instrument: Parameters<typeof orderFacts>[1],
  book: Parameters<typeof orderFacts>[2],
) => OrderFacts | undefined;

function algoReader(row: z.output<typeof algoOrderSchema>): Reader {
  return (instrument, book) => algoFacts(row, instrument, book);
}

function ordinaryReader(row: z.output<typeof orderSchema>): Reader {
  return (instrument, book) => orderFacts(row, instrument, book);
}
