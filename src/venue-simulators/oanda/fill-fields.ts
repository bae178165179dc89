import type { EventByType } from '#domain/events.ts';
import { signOf } from '#domain/order.ts';
import type { Book } from '#sim/venue-state.ts';
import { type AccountOrder, compact } from './account-order.ts';
import { fillReasonOf } from './order-endings.ts';
import type { ClosedPart, Trade, TradeOutcome } from './trade-book.ts';
import { priceText, unitsText } from './wire-text.ts';

/** What can be had at a price, as the venue tells it for the first level. */
const liquidity = 10_000_000;

export interface FillScene {
  readonly order: AccountOrder;
  readonly event: EventByType['order.filled'];
  readonly outcome: TradeOutcome;
  readonly book: Book;
  readonly money: (amount: number) => string;
}

/** The fields of a fill's transaction. */
export function fillFields(scene: FillScene): Record<string, unknown> {
  const { order, event, outcome, book, money } = scene;
  const { instrument } = order.terms;
  const price = priceText(instrument, event.price);
  const side = (bookPrice: number): unknown[] => [{ price: priceText(instrument, bookPrice), liquidity }];
  const { closed, reduced, opened } = outcome;
  return compact({
    orderID: order.id,
    clientOrderID: order.clientExtensions?.id,
    instrument: instrument.symbol,
    units: unitsText(instrument, signOf(event.side) * event.quantity),
    price,
    fullVWAP: price,
    fullPrice: { bids: side(book.bidPrice), asks: side(book.askPrice) },
    reason: fillReasonOf(order),
    pl: money(event.realizedPnl),
    financing: money(0),
    commission: money(event.fee),
    guaranteedExecutionFee: money(0),
    accountBalance: money(event.balance),
    tradeOpened: opened === null ? undefined : openedBody(opened, scene),
    tradesClosed: closed.length === 0 ? undefined : closed.map((part) => closedBody(part, scene)),
    tradeReduced: reduced === null ? undefined : closedBody(reduced, scene),
    halfSpreadCost: money(event.spreadCost),
  });
}

/** Units of a trade that was closed have the sign of the closing. */
function closedBody(
  { trade, quantity, realizedPnl }: ClosedPart,
  { event, money }: FillScene,
): Record<string, unknown> {
  return compact({
    tradeID: trade.id,
    clientTradeID: trade.clientExtensions?.id,
    units: unitsText(trade.instrument, -Math.sign(trade.initialUnits) * quantity),
    price: priceText(trade.instrument, event.price),
    realizedPL: money(realizedPnl),
    financing: money(0),
    halfSpreadCost: money((event.spreadCost * quantity) / event.quantity),
  });
}

function openedBody(trade: Trade, { event, money }: FillScene): Record<string, unknown> {
  return compact({
    tradeID: trade.id,
    units: unitsText(trade.instrument, trade.initialUnits),
    price: priceText(trade.instrument, trade.price),
    guaranteedExecutionFee: money(0),
    halfSpreadCost: money((event.spreadCost * Math.abs(trade.initialUnits)) / event.quantity),
    initialMarginRequired: money(trade.marginRequired),
    clientExtensions: trade.clientExtensions ?? undefined,
  });
}
