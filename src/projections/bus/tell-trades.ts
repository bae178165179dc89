import type { EventByType } from '#domain/events.ts';
import { applyFill, flatPosition, type Position } from '#domain/position.ts';
import type { BusInstrument, BusOrder, BusState, OpenTrade } from './bus-state.ts';
import { notionalOf, priceOf, quantityOf } from './tell-market.ts';
import { beginningId, type Teller } from './teller.ts';
import { closedFigures, endFigures, moneyOf, openedFigures, updatedFigures } from './trade-figures.ts';

type Fill = EventByType['order.filled'];

/** Fills that a repeated one is known by. */
const seenFillsMax = 512;

/** A fill opens, changes or closes a trade, and may do two of it at once. A repeated one changes nothing. */
export function takeFill(state: BusState, teller: Teller, fill: Fill): void {
  const instrument = state.instruments[fill.instrument];
  if (instrument === undefined || !isNewFill(state, fill)) return;
  const order = state.orders[fill.clientOrderId];
  tellExecution(state, teller, fill);
  if (order !== undefined) fillOrder(state, fill, order);
  const trade = state.trades[fill.instrument];
  const position = trade?.position ?? flatPosition(fill.instrument);
  const openedAt = position.openedAt;
  const sign = Math.sign(position.signedQuantity);
  const { closedQuantity, openedQuantity } = applyFill(position, fill);
  if (trade !== undefined) markAt(trade, fill.price);
  if (trade !== undefined && closedQuantity > 0) closePart(trade, fill, closedQuantity);
  const hasEnded = trade !== undefined && sign * position.signedQuantity <= 0;
  if (hasEnded) {
    delete state.trades[fill.instrument];
    const view = { trade: { ...trade, position: { ...position, openedAt } }, instrument, money: state.money };
    teller.tell('trade.closed', closedFigures(view, { sign, at: fill.at, reason: order?.reason ?? 'external' }));
  }
  if (openedQuantity > 0 && (trade === undefined || hasEnded)) {
    position.strategy = order?.strategy ?? 'external';
    openTrade(state, teller, { position, share: fillShare(fill, openedQuantity), order });
    return;
  }
  if (trade === undefined || hasEnded) return;
  if (openedQuantity > 0) addPart(trade, fill, openedQuantity);
  tellUpdate(state, teller, trade);
}

/** The part of the money of a fill that belongs to a part of its quantity. */
interface FillShare {
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
}

function fillShare(fill: Fill, quantity: number): FillShare {
  return { quantity, price: fill.price, fee: Math.round(fill.fee * (quantity / fill.quantity)) };
}

function tellExecution(state: BusState, teller: Teller, fill: Fill): void {
  const instrument = state.instruments[fill.instrument];
  if (instrument === undefined) return;
  const order = state.orders[fill.clientOrderId];
  teller.tell('trade.executed', {
    symbol: instrument.symbol,
    side: fill.side === 'buy' ? 'BUY' : 'SELL',
    entry_price: priceOf(instrument, fill.price),
    notional: notionalOf(instrument, fill.quantity, fill.price),
    leverage: null,
    order_id: fill.clientOrderId,
    fee: moneyOf(state.money, fill.fee),
    slippage_bps: null,
    // Any other order waits for its price, and that is no delay.
    latency_ms: order?.orderType === 'market' ? fill.at - order.submittedAt : null,
    qty: quantityOf(instrument, fill.quantity),
    purpose: order?.purpose ?? null,
    spread_cost: moneyOf(state.money, fill.spreadCost),
  });
}

function fillOrder(state: BusState, fill: Fill, order: BusOrder): void {
  order.filledQuantity += fill.quantity;
  if (order.filledQuantity >= order.quantity) delete state.orders[fill.clientOrderId];
}

/** A position that has just come into being: how, and by which order where one is known. */
interface Opening {
  readonly position: Position;
  readonly share: FillShare;
  readonly order: BusOrder | undefined;
}

function openTrade(state: BusState, teller: Teller, { position, share, order }: Opening): void {
  const instrument = state.instruments[position.instrument];
  if (instrument === undefined) return;
  const isEntry = order?.purpose === 'entry';
  const stopPrice = isEntry ? order.stopPrice : null;
  const trade: OpenTrade = {
    tradeId: beginningId('trade', teller.entry, instrument.symbol),
    position,
    openedQuantity: share.quantity,
    openedCost: position.cost,
    closedQuantity: 0,
    closedValue: 0,
    realizedPnl: 0,
    fees: share.fee,
    funding: 0,
    stopPrice,
    targetPrice: isEntry ? order.targetPrice : null,
    firstStopPrice: stopPrice,
    lowestPrice: share.price,
    highestPrice: share.price,
  };
  state.trades[position.instrument] = trade;
  teller.tell('trade.opened', openedFigures({ trade, instrument, money: state.money }));
}

function addPart(trade: OpenTrade, fill: Fill, quantity: number): void {
  trade.openedQuantity += quantity;
  trade.openedCost += quantity * fill.price;
  trade.fees += fillShare(fill, quantity).fee;
}

function closePart(trade: OpenTrade, fill: Fill, quantity: number): void {
  trade.closedQuantity += quantity;
  trade.closedValue += quantity * fill.price;
  trade.realizedPnl += fill.realizedPnl;
  trade.fees += fillShare(fill, quantity).fee;
}

/** The exit is a point of the way too: a stop inside a bar ends the trade before that bar is told. */
function markAt(trade: OpenTrade, price: number): void {
  trade.lowestPrice = Math.min(trade.lowestPrice, price);
  trade.highestPrice = Math.max(trade.highestPrice, price);
}

function tellUpdate(state: BusState, teller: Teller, trade: OpenTrade): void {
  const instrument = state.instruments[trade.position.instrument];
  if (instrument !== undefined) teller.tell('trade.updated', updatedFigures({ trade, instrument, money: state.money }));
}

export function takeFinancing(state: BusState, { instrument, amount }: EventByType['financing.charged']): void {
  const trade = state.trades[instrument];
  if (trade !== undefined) trade.funding += amount;
}

/** Takes over what the orders at the venue now say of a trade's stop or target, and tells it where it differs. */
export function protectTrade(state: BusState, teller: Teller, { instrument, purpose }: BusOrder): void {
  const trade = state.trades[instrument];
  if (trade === undefined || (purpose !== 'stopLoss' && purpose !== 'takeProfit')) return;
  const order = Object.values(state.orders).findLast(
    (candidate) => candidate.instrument === instrument && candidate.purpose === purpose,
  );
  const { stopPrice, targetPrice } = trade;
  if (purpose === 'stopLoss') trade.stopPrice = order?.stopPrice ?? null;
  if (purpose === 'takeProfit') trade.targetPrice = order?.targetPrice ?? null;
  trade.firstStopPrice ??= trade.stopPrice;
  if (trade.stopPrice !== stopPrice || trade.targetPrice !== targetPrice) tellUpdate(state, teller, trade);
}

/** The venue's books win over ours: what they no longer hold has ended out of sight, what they hold besides is a trade. */
export function takeReport(state: BusState, teller: Teller, report: EventByType['venue.reconciled']): void {
  for (const [id, instrument] of Object.entries(state.instruments)) {
    const reported = report.positions.find((position) => position.instrument === id);
    const books = { signedQuantity: reported?.signedQuantity ?? 0, cost: reported?.cost ?? 0 };
    const trade = state.trades[id];
    const held = trade?.position ?? flatPosition(id);
    if (held.signedQuantity === books.signedQuantity && held.cost === books.cost) continue;
    if (trade !== undefined && held.signedQuantity * books.signedQuantity > 0) {
      adoptSize(trade, books);
      tellUpdate(state, teller, trade);
      continue;
    }
    if (trade !== undefined) endUnseen(state, teller, { trade, instrument }, report.at);
    if (books.signedQuantity === 0) continue;
    const position = {
      ...flatPosition(id),
      ...books,
      openedAt: report.at,
      increasedAt: report.at,
      strategy: 'external',
    };
    const quantity = Math.abs(books.signedQuantity);
    const share = { quantity, price: books.cost / quantity, fee: 0 };
    openTrade(state, teller, { position, share, order: undefined });
  }
}

/** A trade that the venue counts otherwise: the difference counts as opened at the venue's average, since its fills were not seen. */
function adoptSize(trade: OpenTrade, books: Pick<Position, 'signedQuantity' | 'cost'>): void {
  Object.assign(trade.position, books);
  trade.openedQuantity = Math.abs(books.signedQuantity) + trade.closedQuantity;
  trade.openedCost = (books.cost / Math.abs(books.signedQuantity)) * trade.openedQuantity;
}

function endUnseen(
  state: BusState,
  teller: Teller,
  { trade, instrument }: { readonly trade: OpenTrade; readonly instrument: BusInstrument },
  at: number,
): void {
  delete state.trades[trade.position.instrument];
  const sign = Math.sign(trade.position.signedQuantity);
  const view = { trade, instrument, money: state.money };
  teller.tell('trade.closed', endFigures(view, { sign, at, reason: 'reconciled' }));
}

/** Venues count fills by instrument, so an id is only known together with its instrument. */
function isNewFill(state: BusState, { instrument, fillId }: Fill): boolean {
  const key = `${instrument} ${fillId}`;
  if (state.seenFills.includes(key)) return false;
  state.seenFills.push(key);
  if (state.seenFills.length > seenFillsMax) state.seenFills.shift();
  return true;
}
