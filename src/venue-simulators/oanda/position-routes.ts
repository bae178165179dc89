import { z } from 'zod';
import { parseDecimalText } from '#domain/decimal-text.ts';
import type { Book } from '#sim/venue-state.ts';
import { marketTerms, type OrderTerms } from './account-order.ts';
import { positionBodies, positionBody } from './account-views.ts';
import { type Exchange, failed, ok, type RouteAnswer, readBody } from './exchange.ts';
import type { OandaAccount } from './oanda-account.ts';
import { namedTransactions, rejected, related } from './order-routes.ts';
import { unitsText } from './wire-text.ts';

const sideSchema = z.union([z.string(), z.number()]).transform(String).optional();
const closeSchema = z.object({ longUnits: sideSchema, shortUnits: sideSchema });

export function listPositions(account: OandaAccount): RouteAnswer {
  return ok({ positions: positionBodies(account), lastTransactionID: account.log.lastId });
}

export function listOpenPositions(account: OandaAccount): RouteAnswer {
  const open = [...account.floor.state.books.values()].filter(({ position }) => position.signedQuantity !== 0);
  return ok({ positions: open.map((book) => positionBody(account, book)), lastTransactionID: account.log.lastId });
}

export function getPosition({ parameters }: Exchange, account: OandaAccount): RouteAnswer {
  const book = bookOf(account, parameters[0] ?? '');
  if (book === undefined) return failed(400, "Invalid value specified for 'instrument'");
  return ok({ position: positionBody(account, book), lastTransactionID: account.log.lastId });
}

/** PUT positions/{instrument}/close. An absent side cannot be closed. */
export function closePosition(exchange: Exchange, account: OandaAccount): RouteAnswer {
  const book = bookOf(account, exchange.parameters[0] ?? '');
  if (book === undefined) return failed(400, "Invalid value specified for 'instrument'");
  const parsed = closeSchema.safeParse(readBody(exchange.request));
  if (!parsed.success) return failed(400, 'Invalid JSON in request body');
  const sides = (['long', 'short'] as const).flatMap((side) => {
    const asked = parsed.data[`${side}Units`];
    return asked === undefined || asked === 'NONE' ? [] : [{ side, asked, refusal: refusalOf(book, side, asked) }];
  });
  if (sides.length === 0)
    return refuse(exchange, account, { book, sides: [], reason: 'CLOSEOUT_POSITION_INCOMPLETE_SPECIFICATION' });
  const refused = sides.find(({ refusal }) => refusal !== undefined);
  if (refused?.refusal !== undefined) return refuse(exchange, account, { book, sides, reason: refused.refusal });
  const orders: { side: Side; id: string }[] = [];
  const batch = account.log.batch(() => {
    for (const { side, asked } of sides) {
      const order = account.create(closingTerms(book, asked), {
        reason: 'POSITION_CLOSEOUT',
        fields: { [`${side}PositionCloseout`]: { instrument: book.instrument.symbol, units: asked } },
      });
      orders.push({ side, id: order.id });
    }
  }, exchange.requestId);
  const named = orders.map(({ side, id }) => namedTransactions(batch, id, `${side}Order`));
  return ok({ ...Object.assign({}, ...named), ...related(batch, account) });
}

type Side = 'long' | 'short';

interface ClosedSide {
  readonly side: Side;
  readonly asked: string;
  readonly refusal: string | undefined;
}

function refusalOf(book: Book, side: Side, asked: string): string | undefined {
  const held = side === 'long' ? book.position.signedQuantity : -book.position.signedQuantity;
  if (held <= 0) return 'CLOSEOUT_POSITION_DOESNT_EXIST';
  if (asked === 'ALL') return undefined;
  const units = parseDecimalText(asked, book.instrument.quantityDecimals);
  if (units === undefined || units <= 0) return 'UNITS_INVALID';
  return units > held ? 'CLOSEOUT_POSITION_UNITS_EXCEED_POSITION_SIZE' : undefined;
}

function closingTerms({ instrument, position }: Book, asked: string): OrderTerms {
  const held = position.signedQuantity;
  const units = asked === 'ALL' ? Math.abs(held) : (parseDecimalText(asked, instrument.quantityDecimals) ?? 0);
  return marketTerms(instrument, -Math.sign(held) * units);
}

/** Where one side is refused, nothing is closed: the other side is refused with it. */
function refuse(
  exchange: Exchange,
  account: OandaAccount,
  { book, sides, reason }: { book: Book; sides: readonly ClosedSide[]; reason: string },
): RouteAnswer {
  const { instrument, position } = book;
  const transactions: Record<string, unknown> = {};
  const batch = account.log.batch(() => {
    for (const { side, asked, refusal } of sides) {
      transactions[`${side}OrderRejectTransaction`] = account.log.append('MARKET_ORDER_REJECT', {
        instrument: instrument.symbol,
        ...(refusal === undefined ? { units: unitsText(instrument, -position.signedQuantity) } : {}),
        timeInForce: 'FOK',
        positionFill: 'REDUCE_ONLY',
        reason: 'POSITION_CLOSEOUT',
        [`${side}PositionCloseout`]: { instrument: instrument.symbol, units: asked },
        rejectReason: refusal ?? 'CLOSEOUT_POSITION_REJECT',
      });
    }
  }, exchange.requestId);
  return rejected(400, reason, transactions, { batch, account });
}

function bookOf(account: OandaAccount, symbol: string): Book | undefined {
  return [...account.floor.state.books.values()].find(({ instrument }) => instrument.symbol === symbol);
}
