import type { EventType } from '#domain/events.ts';
import { euro, requestOf } from './desk-events.ts';
import {
  end,
  type FairOrder,
  type FairVenue,
  fill,
  hear,
  lose,
  refuse,
  resolve,
  take,
  takeCommands,
  trade,
} from './fair-venue.ts';

/** One thing that happens between a desk and its venue. */
export interface Turn {
  readonly venue: FairVenue;
  readonly index: number;
  /** Which of several orders it happens to. */
  readonly pick: number;
  readonly amount: number;
  readonly isYes: boolean;
}

type Suits = (order: FairOrder) => boolean;

const isPending: Suits = ({ state }) => state === 'pending';
const isWorking: Suits = ({ state, isUnknown }) => state === 'working' && !isUnknown;
const isStop: Suits = ({ request }) => request.purpose === 'stopLoss';

/** What a venue that reconnects tells again. */
const repeated: ReadonlySet<EventType> = new Set<EventType>([
  'order.accepted',
  'order.rejected',
  'order.filled',
  'order.canceled',
]);

/** Everything that may happen; what nothing suits does not. */
export const deeds = {
  enter: ({ venue, index, amount, isYes }) => enter(venue, `e${index}`, { quantity: amount, isBuy: isYes }),
  take: (turn) => on(turn, isPending, (order) => take(turn.venue, order)),
  refuse: (turn) => on(turn, isPending, (order) => refuse(turn.venue, order, 'MARGIN')),
  wouldTrigger: (turn) =>
    on(
      turn,
      (order) => isPending(order) && isStop(order),
      (order) => refuse(turn.venue, order, 'WOULD_TRIGGER'),
    ),
  lose: (turn) => on(turn, isPending, (order) => lose(turn.venue, order, turn.isYes)),
  resolve: (turn) =>
    on(
      turn,
      ({ isUnknown }) => isUnknown,
      (order) => resolve(turn.venue, order),
    ),
  fillPart: (turn) => on(turn, isWorking, (order) => fill(turn.venue, order, turn.amount)),
  fillRest: (turn) => on(turn, isWorking, (order) => fill(turn.venue, order, order.request.quantity)),
  confirmCancel: (turn) =>
    on(
      turn,
      (order) => isWorking(order) && order.isCancelAsked,
      (order) => end(turn.venue, order),
    ),
  drop: (turn) =>
    on(
      turn,
      (order) => isWorking(order) && isStop(order),
      (order) => end(turn.venue, order),
    ),
  triggerReject: (turn) =>
    on(
      turn,
      (order) => isWorking(order) && isStop(order) && order.filled === 0,
      (order) => refuse(turn.venue, order, 'TRIGGER_REJECTED'),
    ),
  hand: ({ venue, amount, isYes }) => trade(venue, isYes ? amount : -amount),
  repeat: ({ venue }) => {
    const { lastTold } = venue;
    if (lastTold !== undefined && repeated.has(lastTold.type)) hear(venue, { ...lastTold, at: venue.desk.at() });
  },
  reduce: ({ venue, amount }) =>
    hear(venue, {
      type: 'reduction.requested',
      at: venue.desk.at(),
      instrument: euro,
      quantity: amount,
      actor: 'operator',
      reason: 'less',
    }),
  move: (turn) =>
    on(
      turn,
      (order) => isWorking(order) && isStop(order),
      ({ request: { clientOrderId, side } }) =>
        hear(turn.venue, {
          type: 'order.amendRequested',
          at: turn.venue.desk.at(),
          clientOrderId,
          stopPrice: side === 'sell' ? 109_000 + turn.amount : 111_000 - turn.amount,
          limitPrice: null,
          reason: 'trail',
        }),
    ),
  kill: ({ venue }) => hear(venue, { type: 'kill.engaged', at: venue.desk.at(), actor: 'operator', reason: 'news' }),
  pass: ({ venue, amount }) => takeCommands(venue, venue.desk.pass(amount * 6)),
} satisfies Readonly<Record<string, (turn: Turn) => void>>;

export type Deed = keyof typeof deeds;

function on({ venue, pick }: Turn, suits: Suits, then: (order: FairOrder) => void): void {
  const suiting = venue.orders.filter(suits);
  const order = suiting[pick % Math.max(1, suiting.length)];
  if (order !== undefined) then(order);
}

/** The desk sends an entry with its stop and target. */
function enter(venue: FairVenue, id: string, { quantity, isBuy }: { quantity: number; isBuy: boolean }): void {
  const bracket = isBuy ? { stopPrice: 109_000, targetPrice: 112_000 } : { stopPrice: 111_000, targetPrice: 108_000 };
  const side = isBuy ? 'buy' : 'sell';
  const order = requestOf({ clientOrderId: id, quantity, side, bracket, orderType: 'limit', limitPrice: 110_000 });
  hear(venue, { type: 'order.submitted', at: venue.desk.at(), order });
}
