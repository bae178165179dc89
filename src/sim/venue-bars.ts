import type { EventByType } from '#domain/events.ts';
import { signOf } from '#domain/order.ts';
import { fillOrder } from './venue-fill.ts';
import { isAtMarket, isImmediate, type VenueOrder } from './venue-order.ts';
import { type BarPrices, barPrices, type SidePrices, worsePrice } from './venue-spread.ts';
import type { Book, VenueState } from './venue-state.ts';
import { cancelOrder, sweepBook } from './venue-working.ts';

type ClosedBar = EventByType['bar.closed'];

/**
 * Shows a bar to the orders of its book. The bar hides in which order its prices came, so the reading that is worse for the account is
 * taken: after the open, stops come first, with every extreme of the bar; then limits, which must be passed by a full tick; a position
 * opened inside the bar can lose by the bar's extremes, but can win only by its close, the one price that is certain to come later.
 * The venue cannot look inside a bar, so an order meets the first bar that opens at or after its arrival.
 */
export function matchBar(state: VenueState, book: Book, bar: ClosedBar): void {
  const scene: BarScene = { state, book, bar, prices: barPrices(book, bar) };
  book.bidPrice = scene.prices.sell.open;
  book.askPrice = scene.prices.buy.open;
  walkOrders(scene, meetOpen);
  walkOrders(scene, meetStop);
  walkOrders(scene, (each, order) => meetLimit(each, order, false));
  // Limits may have opened positions: their stops have not met the bar yet, and their targets have only its close.
  walkOrders(scene, meetStop);
  walkOrders(scene, (each, order) => meetLimit(each, order, true));
  sweepBook(book);
}

interface BarScene {
  readonly state: VenueState;
  readonly book: Book;
  readonly bar: ClosedBar;
  readonly prices: BarPrices;
}

/** Oldest first; orders placed on the way are met too. */
function walkOrders(scene: BarScene, meet: (scene: BarScene, order: VenueOrder) => void): void {
  const { orders } = scene.book;
  for (let index = 0; index < orders.length; index += 1) {
    const order = orders[index];
    if (order?.isWorking === true && order.filledObservation !== scene.state.observations) meet(scene, order);
  }
}

/** The open is the one price of which the time is known: nothing about it is hidden. */
function meetOpen(scene: BarScene, order: VenueOrder): void {
  const { book, bar } = scene;
  if (order.workingFromAt > bar.openAt || isBornInside(order, bar)) return;
  const sign = signOf(order.side);
  const { open } = scene.prices[order.side];
  if (order.orderType === 'stop' && sign * (open - order.price) >= 0) order.isTriggered = true;
  // A limit that already waited needs more than a touch, since others wait at the same price; one that just came takes what it meets.
  const reachNeeded = order.isResting ? book.instrument.tickSize : 0;
  const isReached = order.orderType === 'limit' && sign * (order.price - open) >= reachNeeded;
  if (isAtMarket(order)) fillIn(scene, order, { price: open, isAtOpen: true, isPessimistic: false });
  else if (isReached) fillIn(scene, order, { price: open, isAtOpen: true, isPessimistic: false });
  else if (order.orderType === 'limit' && isImmediate(order)) cancelOrder(scene.state, order, bar.at, 'NOT_FILLABLE');
  order.isResting = true;
}

/** A stop that the bar touched fills at its price, or at the open where that is worse. */
function meetStop(scene: BarScene, order: VenueOrder): void {
  const { bar } = scene;
  if (order.orderType !== 'stop' || order.isTriggered || !isStopExposed(order, bar)) return;
  const facing = scene.prices[order.side];
  if (signOf(order.side) * (facing.worst - order.price) < 0) return;
  const isPessimistic = order.isReduceOnly && isReadingWorse(scene, order);
  order.isTriggered = true;
  const price = isBornInside(order, bar) ? order.price : worsePrice(order.side, order.price, facing.open);
  fillIn(scene, order, { price, isAtOpen: false, isPessimistic });
}

function meetLimit(scene: BarScene, order: VenueOrder, isLastPass: boolean): void {
  const { bar } = scene;
  if (order.orderType !== 'limit' || isBornInside(order, bar) !== isLastPass || !isLimitPassed(scene, order)) return;
  fillIn(scene, order, { price: order.price, isAtOpen: false, isPessimistic: false });
}

/**
 * A stop that only reduces counts for the whole bar in which it came or was moved: whether the touch came before or after is hidden, and
 * that it came after is the worse reading. Every other order waits for a bar of its own.
 */
function isStopExposed(order: VenueOrder, bar: ClosedBar): boolean {
  return order.isReduceOnly ? order.workingFromAt < bar.at : order.workingFromAt <= bar.openAt;
}

/** Whether something else than the stop could have happened in this bar. */
function isReadingWorse(scene: BarScene, stop: VenueOrder): boolean {
  const { bar, book } = scene;
  if (stop.entryBarAt === bar.openAt || stop.workingFromAt > bar.openAt) return true;
  return book.orders.some(
    (order) => order.isWorking && order.isReduceOnly && order.side === stop.side && isLimitPassed(scene, order),
  );
}

function isLimitPassed(scene: BarScene, order: VenueOrder): boolean {
  const { bar, book, prices } = scene;
  if (order.orderType !== 'limit' || order.workingFromAt > bar.openAt) return false;
  const facing: SidePrices = prices[order.side];
  const reached = isBornInside(order, bar) ? facing.close : facing.best;
  return signOf(order.side) * (order.price - reached) >= book.instrument.tickSize;
}

function isBornInside(order: VenueOrder, bar: ClosedBar): boolean {
  return order.isEntryInsideBar && order.entryBarAt === bar.openAt;
}

interface BarFill {
  readonly price: number;
  readonly isAtOpen: boolean;
  readonly isPessimistic: boolean;
}

function fillIn(scene: BarScene, order: VenueOrder, fill: BarFill): void {
  const { state, book, bar, prices } = scene;
  const slippage = isAtMarket(order) ? book.slippage : 0;
  fillOrder(state, book, order, {
    price: fill.price + signOf(order.side) * slippage,
    spread: prices.spread,
    slippage,
    at: bar.at,
    venueAt: fill.isAtOpen ? bar.openAt : bar.at,
    isPessimistic: fill.isPessimistic,
    barAt: bar.openAt,
    isInsideBar: !fill.isAtOpen,
  });
}
