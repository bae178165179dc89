import type { EventByType } from '#domain/events.ts';
import { formatScaled, mulDivRound, scaleOf } from '#domain/scale.ts';
import type { VenueEvent } from '#engine/ports.ts';
import { tellAccount, tellMarginCall } from './account-events.ts';
import { addIncome, addTrade, bookPosition, type IncomeType, moveBalance, moveOtherAsset } from './account-ledger.ts';
import { publishForceOrder } from './force-orders.ts';
import { positionAtMark, quoteMoney } from './mark-price.ts';
import { type Market, priceText, quantityText, quoteText } from './markets.ts';
import { createOrder, endOrder, tellNew } from './order-entry.ts';
import { type ToldFill, tellInShort, tellOrder } from './order-events.ts';
import { isOpen, keepOrder, type Order } from './order-store.ts';
import { nextTradeId, nextTransactionId } from './venue-ids.ts';
import { marketOf, serverNow, type World } from './world.ts';

type Filled = EventByType['order.filled'];

/** Books what the floor tells and passes it on to the account's stream. */
export function tellFloorEvent(world: World, event: VenueEvent): void {
  switch (event.type) {
    case 'order.accepted':
      tellAccepted(world, event.clientOrderId);
      break;
    case 'order.rejected':
      tellRejected(world, event);
      break;
    case 'order.filled':
      tellFilled(world, event);
      break;
    case 'order.canceled':
      tellCanceled(world, event);
      break;
    case 'order.expired':
      tellExpired(world, event.clientOrderId);
      break;
    case 'order.amended':
      tellAmended(world, event);
      break;
    case 'financing.charged':
      tellFunding(world, event);
      break;
    case 'account.closedOut':
      tellCloseOut(world);
      break;
  }
}

/** Records money that came or went for another reason than a fill. */
export function recordIncome(
  world: World,
  row: { type: IncomeType; market: Market | undefined; income: string; asset: string; tradeId?: number },
): void {
  addIncome(world.ledger, {
    symbol: row.market?.symbol ?? '',
    incomeType: row.type,
    income: row.income,
    asset: row.asset,
    at: serverNow(world),
    transactionId: nextTransactionId(world.ids),
    tradeId: row.tradeId === undefined ? '' : String(row.tradeId),
  });
}

function tellAccepted(world: World, floorId: string): void {
  const order = world.orders.byFloorId.get(floorId) ?? adoptWorking(world, floorId);
  if (order !== undefined && order.origin !== 'liquidation') tellNew(world, order);
}

/** Refused before its sender has an answer it never was; later it ends as an order that could not be carried out. */
function tellRejected(world: World, event: EventByType['order.rejected']): void {
  const order = world.orders.byFloorId.get(event.clientOrderId);
  if (order === undefined) return;
  if (order.isTold) endOrder(world, order, 'EXPIRED', '8');
  else order.refusalCode = event.code;
}

function tellFilled(world: World, event: Filled): void {
  const order = world.orders.byFloorId.get(event.clientOrderId) ?? adoptFilled(world, event);
  const { market } = order;
  const isMaker = order.isResting && order.type === 'LIMIT';
  const fee = chargeFee(world, market, event, isMaker);
  const fill: ToldFill = {
    tradeId: nextTradeId(world.ids),
    quantity: event.quantity,
    price: event.price,
    realizedPnl: event.realizedPnl,
    feeText: fee.text,
    feeAsset: fee.asset,
    isMaker,
  };
  moveBalance(world.ledger, event.realizedPnl - fee.money, serverNow(world));
  bookPosition(world.ledger, market.instrumentId, { ...event, at: serverNow(world) });
  growOrder(world, order, event);
  recordFill(world, order, fill);
  tellFill(world, order, fill);
}

function growOrder(world: World, order: Order, event: Filled): void {
  order.filledQuantity += event.quantity;
  order.filledQuote += event.quantity * event.price;
  order.updatedAt = serverNow(world);
  order.status = order.filledQuantity >= order.quantity ? 'FILLED' : 'PARTIALLY_FILLED';
  if (order.status === 'FILLED') world.orders.open.delete(order.orderId);
}

function tellFill(world: World, order: Order, fill: ToldFill): void {
  const isLiquidation = order.origin === 'liquidation';
  if (!isLiquidation) {
    tellNew(world, order);
    tellInShort(world, order, fill);
  }
  const feeAsset = fill.feeAsset === world.ledger.asset ? {} : { otherAsset: fill.feeAsset };
  tellAccount(world, { reason: 'ORDER', market: order.market, ...feeAsset });
  tellOrder(world, order, { type: isLiquidation ? 'CALCULATED' : 'TRADE', fill });
  if (isLiquidation) publishForceOrder(world, order, fill);
}

interface Fee {
  /** What it takes from the account's own balance. */
  readonly money: number;
  readonly text: string;
  readonly asset: string;
}

/** Charges the fee of the side that the order was on; where the floor took another one, the difference is given back or taken too. */
function chargeFee(world: World, market: Market, event: Filled, isMaker: boolean): Fee {
  const { ledger, floor, script } = world;
  const notional = quoteMoney(world, market, event.quantity * event.price);
  const due = mulDivRound(notional, isMaker ? world.makerFeePpm : world.takerFeePpm, 1_000_000, 'up');
  const money = script.feeAsset === null ? due : 0;
  if (event.fee !== money) floor.transfer(event.fee - money);
  if (script.feeAsset === null) return { money, text: formatScaled(due, ledger.moneyDecimals), asset: ledger.asset };
  const { asset, price } = script.feeAsset;
  const amount = Math.ceil((due / scaleOf(ledger.moneyDecimals) / price) * 1e8);
  moveOtherAsset(ledger, asset, -amount);
  return { money, text: formatScaled(amount, 8), asset };
}

function recordFill(world: World, order: Order, fill: ToldFill): void {
  const { ledger } = world;
  const { market } = order;
  const realizedPnl = formatScaled(fill.realizedPnl, ledger.moneyDecimals);
  addTrade(ledger, {
    tradeId: fill.tradeId,
    orderId: order.orderId,
    symbol: market.symbol,
    side: order.side,
    price: priceText(market, fill.price),
    quantity: quantityText(market, fill.quantity),
    quoteQuantity: quoteText(market, fill.quantity * fill.price),
    realizedPnl,
    fee: fill.feeText,
    feeAsset: fill.feeAsset,
    isMaker: fill.isMaker,
    at: serverNow(world),
  });
  const { tradeId } = fill;
  recordIncome(world, { type: 'COMMISSION', market, income: `-${fill.feeText}`, asset: fill.feeAsset, tradeId });
  if (fill.realizedPnl === 0) return;
  recordIncome(world, { type: 'REALIZED_PNL', market, income: realizedPnl, asset: ledger.asset, tradeId });
}

function tellCanceled(world: World, event: EventByType['order.canceled']): void {
  const order = world.orders.byFloorId.get(event.clientOrderId);
  if (order === undefined) return;
  tellNew(world, order);
  const isExpiry = expiryReasons[event.reason];
  if (isExpiry === undefined) endOrder(world, order, 'CANCELED');
  else endOrder(world, order, 'EXPIRED', isExpiry);
}

/** What the market itself ends has expired, with the venue's number for the reason; the rest was cancelled. */
const expiryReasons: Readonly<Record<string, string>> = {
  NOT_FILLABLE: '8',
  IMMEDIATE_OR_CANCEL: '8',
  FILL_OR_KILL: '8',
  REDUCE_ONLY: '3',
  POSITION_CLOSED: '3',
  POSITION_REDUCED: '3',
  INSUFFICIENT_MARGIN: '6',
};

function tellExpired(world: World, floorId: string): void {
  const order = world.orders.byFloorId.get(floorId);
  if (order !== undefined) endOrder(world, order, 'EXPIRED', '4');
}

/** The floor cuts what only reduces to the position. Before the order's acknowledgement that is all that is ever said of it. */
function tellAmended(world: World, event: EventByType['order.amended']): void {
  const order = world.orders.byFloorId.get(event.clientOrderId);
  if (order === undefined || order.quantity === event.quantity || !order.isReduceOnly) return;
  order.quantity = event.quantity;
  if (order.isResting && isOpen(order)) tellOrder(world, order, { type: 'AMENDMENT' });
}

function tellFunding(world: World, event: EventByType['financing.charged']): void {
  const { ledger } = world;
  const market = marketOf(world, event.instrument);
  moveBalance(ledger, event.amount, serverNow(world));
  const income = formatScaled(event.amount, ledger.moneyDecimals);
  recordIncome(world, { type: 'FUNDING_FEE', market, income, asset: ledger.asset });
  const isolated = market.isIsolated ? { market } : {};
  tellAccount(world, { reason: 'FUNDING_FEE', balanceChange: event.amount, ...isolated });
}

function tellCloseOut(world: World): void {
  for (const market of world.marketBySymbol.values()) {
    const position = world.ledger.positions.get(market.instrumentId);
    if (position === undefined || position.signedQuantity === 0) continue;
    tellMarginCall(world, market, Math.abs(positionAtMark(world, market, position).notional));
  }
}

/** An order that came past the wire, as another hand's does. */
function adoptWorking(world: World, floorId: string): Order | undefined {
  const working = world.floor.state.workingById.get(floorId);
  if (working === undefined) return undefined;
  const isLimit = working.orderType === 'limit';
  return adopt(world, floorId, {
    instrument: working.instrument,
    side: working.side,
    quantity: working.quantity,
    price: isLimit ? working.price : 0,
    isReduceOnly: working.isReduceOnly,
  });
}

/** One whose first sign is its fill: it ended within the same instant, or the venue itself closes the account's position. */
function adoptFilled(world: World, event: Filled): Order {
  const working = world.floor.state.workingById.get(event.clientOrderId);
  const { instrument, side } = event;
  const quantity = working?.quantity ?? event.quantity;
  return adopt(world, event.clientOrderId, { instrument, side, quantity, price: 0, isReduceOnly: false });
}

interface Adopted {
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly price: number;
  readonly isReduceOnly: boolean;
}

function adopt(world: World, floorId: string, found: Adopted): Order {
  const isLiquidation = /^(closeout|autoclose|adl_autoclose|settlement_autoclose)/.test(floorId);
  const order = createOrder(world, {
    clientOrderId: floorId.startsWith('closeout') ? `autoclose-${serverNow(world)}` : floorId,
    market: marketOf(world, found.instrument),
    side: found.side === 'buy' ? 'BUY' : 'SELL',
    type: isLiquidation ? 'LIQUIDATION' : found.price === 0 ? 'MARKET' : 'LIMIT',
    timeInForce: isLiquidation ? 'IOC' : 'GTC',
    quantity: found.quantity,
    price: found.price,
    isReduceOnly: found.isReduceOnly,
    origin: isLiquidation ? 'liquidation' : 'other',
    floorId,
  });
  keepOrder(world.orders, order);
  order.isResting = found.price !== 0;
  return order;
}
