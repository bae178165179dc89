import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { applyFill, flatPosition } from '#domain/position.ts';
import { traceIdOf } from '#domain/trace.ts';
import { beginningId } from '../bus/teller.ts';
import type { TailEntry } from '../tail-entry.ts';
import { deskPolicy } from './kept-policies.ts';
import { type KeptOrder, type KeptTrade, type KeysState, symbolOf } from './keys-state.ts';
import { openFields, protectionFields, reachFields, roundTripFields } from './trade-fields.ts';

/** How long an ended trade is kept (crypto desk specification 12.6), and how many of a run at most. */
export const TRADE_LIFE_MS = 30 * 86_400_000;
export const TRADES_KEPT = 2_000;
/** Orders and protections remembered of one trade; of more the newest. */
export const TRADE_ORDERS_MAX = 32;
/** Fills remembered, so that one told again counts once; one that comes again after more than these is put right by the next reconciliation. */
export const SEEN_FILLS_MAX = 1_024;
/** Orders remembered at most; of more the newest. */
export const ORDERS_MAX = 512;

type Change = (change: KeyChange) => void;
type Fill = EventByType['order.filled'];

/** Takes in a fill: the position, and the trade it opens, grows, shrinks or ends. */
export function writeFill(state: KeysState, fill: Fill, entry: TailEntry, change: Change): void {
  const seen = `${fill.instrument} ${fill.fillId}`;
  if (state.seenFills.includes(seen)) return;
  state.seenFills.push(seen);
  if (state.seenFills.length > SEEN_FILLS_MAX) state.seenFills.shift();
  state.balance = fill.balance;
  const position = state.positions[fill.instrument] ?? flatPosition(fill.instrument);
  state.positions[fill.instrument] = position;
  const heldBefore = position.signedQuantity;
  const { openedQuantity } = applyFill(position, fill);
  const isEnded = heldBefore !== 0 && heldBefore * position.signedQuantity <= 0;
  if (isEnded) endTrade(state, fill.instrument, fill.at, change);
  if (openedQuantity > 0 && state.trades[fill.instrument] === undefined) beginTrade(state, fill, entry);
  const trade = state.trades[fill.instrument];
  if (trade === undefined) return;
  delete trade.protection[fill.clientOrderId];
  if (!trade.orderIds.includes(fill.clientOrderId)) trade.orderIds.push(fill.clientOrderId);
  if (trade.orderIds.length > TRADE_ORDERS_MAX) trade.orderIds.shift();
  writeTrade(state, fill.instrument, fill.at, change);
}

/** The venue's books win: what it does not report is flat, and a direction that is no longer held has ended out of our sight. */
export function adoptReport(
  state: KeysState,
  event: EventByType['venue.reconciled'],
  entry: TailEntry,
  change: Change,
): void {
  state.balance = event.balance;
  for (const id of state.instrumentIds) {
    const position = state.positions[id] ?? flatPosition(id);
    state.positions[id] = position;
    const reported = event.positions.find(({ instrument }) => instrument === id);
    const signedQuantity = reported?.signedQuantity ?? 0;
    const cost = reported?.cost ?? 0;
    if (position.signedQuantity === signedQuantity && position.cost === cost) continue;
    if (position.signedQuantity * signedQuantity <= 0) endTrade(state, id, event.at, change);
    position.signedQuantity = signedQuantity;
    position.cost = cost;
    if (signedQuantity === 0) continue;
    const trade = state.trades[id];
    const price = Math.round(cost / Math.abs(signedQuantity));
    const side = signedQuantity > 0 ? 'buy' : 'sell';
    if (trade === undefined) beginTrade(state, { instrument: id, side, price, at: event.at, clientOrderId: '' }, entry);
    writeTrade(state, id, event.at, change);
  }
}

/** Moves the highest and lowest price of an open trade with a bar. */
export function markTrade(state: KeysState, bar: EventByType['bar.closed'], change: Change): void {
  const trade = state.trades[bar.instrument];
  const market = state.markets[bar.instrument];
  if (trade === undefined || market === undefined) return;
  if (bar.high <= trade.peakPrice && bar.low >= trade.troughPrice) return;
  trade.peakPrice = Math.max(trade.peakPrice, bar.high);
  trade.troughPrice = Math.min(trade.troughPrice, bar.low);
  writePart(trade, reachFields(trade, market.instrument), bar.at, change);
}

/** Notes the stop or target that a bracket placed at the venue. */
export function noteAcceptance(state: KeysState, event: EventByType['order.accepted'], change: Change): void {
  const { child } = event;
  if (child === null) return;
  rememberOrder(state, event.clientOrderId, { instrument: child.instrument, strategy: '' });
  const trade = state.trades[child.instrument];
  if (trade === undefined) return;
  const isStop = child.purpose === 'stopLoss';
  const price = isStop ? child.stopPrice : child.limitPrice;
  if (price === null || (!isStop && child.purpose !== 'takeProfit')) return;
  trade.protection[event.clientOrderId] = { kind: isStop ? 'stop' : 'target', price };
  const ids = Object.keys(trade.protection);
  if (ids.length > TRADE_ORDERS_MAX && ids[0] !== undefined) delete trade.protection[ids[0]];
  writeProtection(state, child.instrument, event.at, change);
}

/** Notes that a stop or target has moved. */
export function noteAmendment(state: KeysState, event: EventByType['order.amended'], change: Change): void {
  const found = protectedBy(state, event.clientOrderId);
  if (found === undefined) return;
  const [instrument, trade] = found;
  const child = trade.protection[event.clientOrderId];
  const price = child?.kind === 'stop' ? event.stopPrice : event.limitPrice;
  if (child === undefined || price === null || price === child.price) return;
  child.price = price;
  writeProtection(state, instrument, event.at, change);
}

/** Forgets an order that has ended without a fill. */
export function noteEnd(state: KeysState, event: { clientOrderId: string; at: number }, change: Change): void {
  delete state.orders[event.clientOrderId];
  const found = protectedBy(state, event.clientOrderId);
  if (found === undefined) return;
  const [instrument, trade] = found;
  delete trade.protection[event.clientOrderId];
  writeProtection(state, instrument, event.at, change);
}

export function noteSubmission(state: KeysState, { order }: EventByType['order.submitted']): void {
  const { clientOrderId, instrument, strategy } = order;
  rememberOrder(state, clientOrderId, { instrument, strategy });
}

/** Adds the result of a round trip to the trade that has just ended. */
export function writeRoundTrip(state: KeysState, event: EventByType['roundTrip.closed'], change: Change): void {
  const ended = state.endedTrades[event.instrument];
  const instrument = state.markets[event.instrument]?.instrument;
  const desk = deskPolicy(state);
  if (ended === undefined || instrument === undefined || desk === undefined) return;
  delete state.endedTrades[event.instrument];
  const fields = roundTripFields(event, instrument, desk.moneyDecimals);
  const version = String(ended.version + 1);
  change({ type: 'hash', key: `trade:${ended.id}`, fields: { ...fields, version }, ttlMs: TRADE_LIFE_MS });
}

function rememberOrder(state: KeysState, id: string, order: KeptOrder): void {
  state.orders[id] = order;
  const [oldest, ...rest] = Object.keys(state.orders);
  if (oldest !== undefined && rest.length >= ORDERS_MAX) delete state.orders[oldest];
}

function beginTrade(
  state: KeysState,
  fill: Pick<Fill, 'instrument' | 'side' | 'price' | 'at' | 'clientOrderId'>,
  entry: TailEntry,
): void {
  const symbol = symbolOf(state, fill.instrument) ?? fill.instrument;
  state.trades[fill.instrument] = {
    id: beginningId('trade', entry, symbol),
    direction: fill.side === 'buy' ? 'long' : 'short',
    strategy: state.orders[fill.clientOrderId]?.strategy ?? 'external',
    traceId: traceIdOf(entry.root),
    openedAt: fill.at,
    version: 0,
    peakPrice: fill.price,
    troughPrice: fill.price,
    protection: {},
    orderIds: [],
  };
}

function endTrade(state: KeysState, instrument: InstrumentId, at: number, change: Change): void {
  const trade = state.trades[instrument];
  if (trade === undefined) return;
  trade.version += 1;
  const fields = { lifecycle: 'closed', version: String(trade.version), updated_ms: String(at), closed_ms: String(at) };
  change({ type: 'hash', key: `trade:${trade.id}`, fields, ttlMs: TRADE_LIFE_MS });
  state.endedTrades[instrument] = { id: trade.id, version: trade.version };
  delete state.trades[instrument];
  forgetOldTrades(state, trade.id, change);
}

/** A desk that runs faster than the clock ends more trades within their life than are kept: the oldest go. */
function forgetOldTrades(state: KeysState, ended: string, change: Change): void {
  const prefix = `trade-${state.runId.slice(0, 16)}-`;
  state.oldTrades.push(ended.slice(prefix.length));
  if (state.oldTrades.length <= TRADES_KEPT) return;
  change({ type: 'delete', key: `trade:${prefix}${state.oldTrades.shift() ?? ''}` });
}

function writeTrade(state: KeysState, id: InstrumentId, at: number, change: Change): void {
  const trade = state.trades[id];
  const position = state.positions[id];
  const instrument = state.markets[id]?.instrument;
  if (trade === undefined || position === undefined || instrument === undefined) return;
  trade.version += 1;
  change({ type: 'hash', key: `trade:${trade.id}`, fields: openFields(trade, position, instrument, at), ttlMs: null });
}

function writeProtection(state: KeysState, id: InstrumentId, at: number, change: Change): void {
  const trade = state.trades[id];
  const instrument = state.markets[id]?.instrument;
  if (trade !== undefined && instrument !== undefined) {
    writePart(trade, protectionFields(trade, instrument), at, change);
  }
}

function writePart(trade: KeptTrade, part: Record<string, string>, at: number, change: Change): void {
  trade.version += 1;
  const fields = { ...part, version: String(trade.version), updated_ms: String(at) };
  change({ type: 'hash', key: `trade:${trade.id}`, fields, ttlMs: null });
}

function protectedBy(state: KeysState, orderId: string): [InstrumentId, KeptTrade] | undefined {
  return Object.entries(state.trades).find(([, trade]) => trade.protection[orderId] !== undefined);
}
