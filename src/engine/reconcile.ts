import type { DeepReadonly } from '#base/deep-readonly.ts';
import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import {
  EXTERNAL_STRATEGY,
  isTerminal,
  type OrderPurpose,
  type OrderRequest,
  type Side,
  signOf,
} from '#domain/order.ts';
import type { LiveReport, OpenOrder, VenueInput } from './live-port.ts';
import { midPrice } from './market.ts';
import { isUnresolved } from './order-life.ts';
import type { OrderRecord, View } from './state.ts';

/** What the venue's own books say that ours do not, and what must be asked before anything is made of it. */
export interface Reconciliation {
  /** Brings our orders and positions to the venue's; handled in order. */
  readonly events: readonly VenueInput[];
  /** Each difference in words, whether an event mends it or not. */
  readonly differences: readonly string[];
  /** Orders of ours that should work and are not in the report: the venue is asked about each. */
  readonly missingOrderIds: readonly string[];
}

/** An order is not missed in a report before it has had this long to arrive there. */
const arrivalMs = 5_000;

/**
 * Compares a report with the books, orders first. What is inferred has ids that are functions of what was seen, so the same gap found
 * twice makes the same events and counts once. Fills that the venue can still tell must have been taken in before: only what no history
 * explains is inferred here.
 */
export function reconcileWith(view: View, report: LiveReport): Reconciliation {
  const orders = report.openOrders.map((order) => openOrderFinding(view, order));
  const missing = missingOrders(view, report);
  const positions = view.instrumentIds.map((id) => positionFinding(view, report, id));
  const findings = [...orders, ...positions];
  return {
    events: findings.flatMap(({ events }) => events),
    differences: [
      ...findings.flatMap(({ differences }) => differences),
      ...missing.map((id) => `order '${id}' works here and is not at the venue`),
      ...balanceDifferences(view, report),
    ],
    missingOrderIds: [...missing, ...findings.flatMap(({ asked }) => asked)],
  };
}

interface Finding {
  readonly events: readonly VenueInput[];
  readonly differences: readonly string[];
  readonly asked: readonly string[];
}

const agreed: Finding = { events: [], differences: [], asked: [] };

function openOrderFinding(view: View, order: OpenOrder): Finding {
  const { clientOrderId } = order;
  const record = view.orders.get(clientOrderId);
  if (record === undefined || isTerminal(record.state)) return unknownFinding(view, order, record);
  if (order.filledQuantity > record.filledQuantity) {
    const difference = `order '${clientOrderId}' has filled ${order.filledQuantity}, here ${record.filledQuantity}`;
    return { ...agreed, differences: [difference], asked: [clientOrderId] };
  }
  const findings = [acceptanceFinding(view, order, record), amendmentFinding(order, record)];
  return {
    ...agreed,
    events: findings.flatMap(({ events }) => events),
    differences: findings.flatMap(({ differences }) => differences),
  };
}

function unknownFinding(view: View, order: OpenOrder, record: DeepReadonly<OrderRecord> | undefined): Finding {
  const { clientOrderId, venueOrderId, filledQuantity } = order;
  const reason = record === undefined ? 'not sent by this desk' : `here it was '${record.state}'`;
  const differences = [`order '${clientOrderId}' works at the venue: ${reason}`];
  // What has filled whole does not work: such a report is older than the fill.
  if (record?.state === 'filled') return { ...agreed, differences };
  const adopted: VenueInput = {
    type: 'order.adopted',
    order: requestOf(order),
    venueOrderId,
    venueAt: view.at,
    filledQuantity,
    reason,
  };
  const hasMore = record !== undefined && filledQuantity > record.filledQuantity;
  return { events: [adopted], differences, asked: hasMore ? [clientOrderId] : [] };
}

/** An order that was not known to be taken, or that goes on although it was asked to be cancelled. */
function acceptanceFinding(
  view: View,
  { clientOrderId, venueOrderId }: OpenOrder,
  record: DeepReadonly<OrderRecord>,
): Finding {
  const { cancelRequestedAt } = record;
  const isUncanceled = cancelRequestedAt !== null && view.at - cancelRequestedAt >= arrivalMs;
  const isTaken = record.state !== 'submitted' && !isUnresolved(record);
  if (isTaken && !isUncanceled) return agreed;
  const accepted: VenueInput = { type: 'order.accepted', clientOrderId, venueOrderId, venueAt: view.at, child: null };
  const difference = isTaken ? 'works on although it was to be cancelled' : 'was taken by the venue';
  return { ...agreed, events: [accepted], differences: [`order '${clientOrderId}' ${difference}`] };
}

function amendmentFinding(order: OpenOrder, { request }: DeepReadonly<OrderRecord>): Finding {
  const { clientOrderId, quantity, stopPrice, limitPrice } = order;
  const isAlike = request.quantity === quantity && request.stopPrice === stopPrice && request.limitPrice === limitPrice;
  if (isAlike) return agreed;
  const amended: VenueInput = { type: 'order.amended', clientOrderId, quantity, stopPrice, limitPrice };
  return { ...agreed, events: [amended], differences: [`order '${clientOrderId}' stands otherwise at the venue`] };
}

function requestOf(order: OpenOrder): OrderRequest {
  const { clientOrderId, instrument, side, quantity, orderType, limitPrice, stopPrice, isReduceOnly } = order;
  return {
    clientOrderId,
    instrument,
    side,
    quantity,
    orderType,
    limitPrice,
    stopPrice,
    timeInForce: 'goodTillCancel',
    expiresAt: null,
    isReduceOnly,
    purpose: purposeOf(order),
    bracket: null,
    strategy: EXTERNAL_STRATEGY,
    reason: 'found at the venue',
  };
}

function purposeOf({ isReduceOnly, orderType }: OpenOrder): OrderPurpose {
  if (!isReduceOnly) return 'entry';
  return orderType === 'stop' ? 'stopLoss' : orderType === 'limit' ? 'takeProfit' : 'exit';
}

function missingOrders(view: View, report: LiveReport): string[] {
  const reported = new Set(report.openOrders.map(({ clientOrderId }) => clientOrderId));
  const missing: string[] = [];
  for (const record of view.orders.values()) {
    const { clientOrderId } = record.request;
    if (isTerminal(record.state) || reported.has(clientOrderId)) continue;
    const hadTime = view.at - record.changedAt >= arrivalMs;
    if (hadTime || isUnresolved(record)) missing.push(clientOrderId);
  }
  return missing;
}

function positionFinding(view: View, report: LiveReport, instrument: InstrumentId): Finding {
  const position = view.positions[instrument];
  const reported = report.positions.find((candidate) => candidate.instrument === instrument);
  const held = position?.signedQuantity ?? 0;
  const wanted = reported?.signedQuantity ?? 0;
  if (held === wanted) return agreed;
  // What turns from one side to the other is closed first and opened then.
  const changes = held * wanted < 0 ? [-held, wanted] : [wanted - held];
  const events = changes.map((change, index) =>
    inferredFill(view, report, {
      instrument,
      change,
      id: `inferred-${report.cursor}-${held}-${wanted}-${index}`,
      isClosing: index === 0 && held * change < 0,
    }),
  );
  const priced = events.filter((event) => event !== undefined);
  const difference = `'${instrument}' is ${wanted} at the venue, here ${held}`;
  return { ...agreed, events: priced, differences: [difference] };
}

interface Step {
  readonly instrument: InstrumentId;
  readonly change: number;
  /** Of the venue's history so far and of both positions: another gap under the same cursor is another fill. */
  readonly id: string;
  readonly isClosing: boolean;
}

/** A fill that must have happened, at the venue's entry price where it opens and at the market's where it closes. */
function inferredFill(view: View, report: LiveReport, step: Step): VenueInput | undefined {
  const { instrument, change, id, isClosing } = step;
  const price = isClosing ? closingPrice(view, instrument) : openingPrice(view, report, step);
  if (price === undefined) return undefined;
  const side: Side = change > 0 ? 'buy' : 'sell';
  const fill: Omit<EventByType['order.filled'], 'at'> = {
    type: 'order.filled',
    clientOrderId: `external-${id}`,
    venueOrderId: id,
    fillId: id,
    instrument,
    side,
    quantity: Math.abs(change),
    price,
    fee: 0,
    // The report's balance has the profit in it already; at what price it was made is not known.
    realizedPnl: 0,
    spreadCost: 0,
    balance: report.balance,
    venueAt: view.at,
    isPessimistic: false,
  };
  return fill;
}

function closingPrice(view: View, instrument: InstrumentId): number | undefined {
  const position = view.positions[instrument];
  const mid = midPrice(view.markets[instrument]);
  if (mid !== undefined) return Math.max(1, Math.round(mid));
  return position === undefined || position.signedQuantity === 0
    ? undefined
    : Math.max(1, Math.round(position.cost / Math.abs(position.signedQuantity)));
}

/** What must have been paid for the part that is new, given what was paid for the rest. */
function openingPrice(view: View, report: LiveReport, { instrument, change }: Step): number | undefined {
  const reported = report.positions.find((candidate) => candidate.instrument === instrument);
  if (reported === undefined) return closingPrice(view, instrument);
  const position = view.positions[instrument];
  const isGrowth = position !== undefined && position.signedQuantity * signOf(change > 0 ? 'buy' : 'sell') > 0;
  const added = isGrowth ? reported.cost - position.cost : reported.cost;
  const quantity = isGrowth ? Math.abs(change) : Math.abs(reported.signedQuantity);
  const price = Math.round(added / quantity);
  return price > 0 ? price : Math.max(1, Math.round(reported.cost / Math.abs(reported.signedQuantity)));
}

function balanceDifferences(view: View, { balance }: LiveReport): string[] {
  const difference = balance - view.account.balance;
  return difference === 0 ? [] : [`the balance is ${balance} at the venue, here ${view.account.balance}`];
}
