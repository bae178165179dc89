import type { Event, EventByType } from '#domain/events.ts';
import type { OrderRequest } from '#domain/order.ts';
import type { EntryPlan, Target } from '#domain/pipeline.ts';
import { dueDeadline } from '#engine/deadlines.ts';
import type { Module, View } from '#engine/module.ts';
import { acceptanceOf, euro, fillOf, ofType, targetOf, unitMoney } from './desk-events.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from './desk-fixture.ts';

export interface OpenedOptions extends FixtureOptions {
  readonly hasNativeBrackets?: boolean;
  /** False leaves the desk as it starts at a real venue: nobody has armed it. */
  readonly isArmed?: boolean;
}

/** A desk at a real venue, which is told by hand, event by event; its own deadlines fall as a live run lets them. */
export interface OpenedDesk {
  readonly fixture: DeskFixture;
  readonly view: View;
  /** Every event since the desk was opened, in order. */
  readonly events: readonly Event[];
  at(): number;
  tell(event: Event): readonly Event[];
  /** Bars at 1.10000 and 150.000 and the grid point that decides on them. */
  minute(): void;
  /** Lets time pass; the desk's deadlines come when they are due, ticks do not. */
  pass(ms: number): readonly Event[];
  /** The venue takes an order. */
  accept(clientOrderId: string): readonly Event[];
  /** The venue fills so much of an order of the desk, or what is left of it. */
  fill(clientOrderId: string, changes?: Partial<EventByType['order.filled']>): readonly Event[];
  reject(clientOrderId: string, code: string): readonly Event[];
  cancel(clientOrderId: string): readonly Event[];
  /** The newest order that was submitted. */
  newest(): OrderRequest;
  held(instrument?: string): number;
}

const deadlinesMax = 1_000;

export function openedDesk(modules: readonly Module[] = [], options: OpenedOptions = {}): OpenedDesk {
  const { hasNativeBrackets = false, isArmed = true, ...fixtureOptions } = options;
  const fixture = createDeskFixture(modules, fixtureOptions);
  const view: View = fixture.engine.state;
  fixture.tick();
  fixture.send(openingOf(fixture.at, hasNativeBrackets));
  if (isArmed) fixture.send({ type: 'desk.armed', at: fixture.at, actor: 'operator', reason: 'checked' });
  fixture.events.length = 0;
  let fills = 0;
  return {
    fixture,
    view,
    events: fixture.events,
    at: () => fixture.at,
    tell: (event) => fixture.send(event),
    minute: () => void fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 }),
    pass: (ms) => passTo(fixture, fixture.at + ms),
    accept: (clientOrderId) => fixture.send(acceptanceOf(clientOrderId, fixture.at)),
    fill: (clientOrderId, changes = {}) => {
      fills += 1;
      return fixture.send(nextFill(view, fixture.at, clientOrderId, { fillId: `fill-${fills}`, ...changes }));
    },
    reject: (clientOrderId, code) =>
      fixture.send({ type: 'order.rejected', at: fixture.at, clientOrderId, code, reason: 'refused' }),
    cancel: (clientOrderId) =>
      fixture.send({ type: 'order.canceled', at: fixture.at, clientOrderId, reason: 'canceled' }),
    newest: () => newestOrder(fixture.events),
    held: (instrument = euro) => view.positions[instrument]?.signedQuantity ?? 0,
  };
}

export function openingOf(at: number, hasNativeBrackets = false): EventByType['venue.opened'] {
  return { type: 'venue.opened', at, venue: 'OANDA', account: '001', environment: 'practice', hasNativeBrackets };
}

/** Wants so many euros, with the stop at 1.09900 and the target at 1.10300 of a long unless told. */
export function plannedTarget(signedQuantity: number, plan: Partial<EntryPlan> = {}): Target {
  return {
    ...targetOf(euro, signedQuantity),
    plan: { stopPrice: 109_900, targetPrice: 110_300, leverage: null, ...plan },
  };
}

/** The orders among events, in short: side, quantity, purpose and price. */
export function sentOrders(events: readonly Event[]): string[] {
  return ofType(events, 'order.submitted').map(({ order }) => {
    const price = order.stopPrice ?? order.limitPrice;
    return `${order.side} ${order.quantity} ${order.purpose}${price === null ? '' : ` at ${price}`}`;
  });
}

/** Our ids of the orders that were asked to be cancelled. */
export function cancelledIds(events: readonly Event[]): string[] {
  return ofType(events, 'order.cancelRequested').map(({ clientOrderId }) => clientOrderId);
}

function newestOrder(events: readonly Event[]): OrderRequest {
  const order = ofType(events, 'order.submitted').at(-1)?.order;
  if (order === undefined) throw new Error('the desk has sent no order');
  return order;
}

function nextFill(
  view: View,
  at: number,
  clientOrderId: string,
  changes: Partial<EventByType['order.filled']>,
): EventByType['order.filled'] {
  const record = view.orders.get(clientOrderId);
  const known =
    record === undefined
      ? {}
      : {
          instrument: record.request.instrument,
          side: record.request.side,
          quantity: record.request.quantity - record.filledQuantity,
        };
  return fillOf(at, { clientOrderId, balance: 100_000 * unitMoney, ...known, ...changes });
}

function passTo(fixture: DeskFixture, untilAt: number): readonly Event[] {
  const produced: Event[] = [];
  for (let count = 0; count < deadlinesMax; count += 1) {
    const deadline = dueDeadline(fixture.engine.state, untilAt);
    if (deadline === undefined) {
      fixture.at = untilAt;
      return produced;
    }
    fixture.at = deadline.at;
    produced.push(...fixture.send(deadline));
  }
  throw new Error(`more than ${deadlinesMax} deadlines until ${untilAt}`);
}
