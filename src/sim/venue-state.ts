import { assert } from '#base/assert.ts';
import type { PriceBasis } from '#domain/bar.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import { type Costs, slippageTicks, spreadTicksAt } from '#domain/costs.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { flatPosition, type Position } from '#domain/position.ts';
import { money } from '#domain/scale.ts';
import type { Command, VenueEvent } from '#engine/ports.ts';
import type { VenueOrder } from './venue-order.ts';

/** How many orders may work at once; one more is refused. */
export const WORKING_ORDERS_MAX = 1_000;
/** How many ended orders are remembered, so that their ids are not used twice; the oldest are forgotten first. */
export const ENDED_IDS_MAX = 10_000;
/** How many events may wait to be polled, and commands on their way: more means that nobody polls. */
export const QUEUE_MAX = 100_000;

/** One instrument at the venue: its price, its orders in the order of acceptance, and the account's position. */
export interface Book {
  readonly instrument: Instrument;
  readonly priceBasis: PriceBasis;
  /** The cost table's spread in ticks by hour of the week, worked out once. */
  readonly spreadByHour: Float64Array;
  /** Ticks that a fill at the market is worse than the touch. */
  readonly slippage: number;
  readonly position: Position;
  orders: VenueOrder[];
  /** 0 until a price is known. */
  bidPrice: number;
  askPrice: number;
  /** Time of the last quote; a bar that began before it has nothing new to say. */
  quoteAt: number;
}

/** A command on its way to the venue. */
export interface Arrival {
  readonly at: number;
  readonly command: Command;
}

/** The whole venue as plain data: written to a snapshot and read back, it goes on as if nothing had happened. */
export interface VenueState {
  readonly accountCurrency: string;
  readonly moneyDecimals: number;
  readonly startBalance: number;
  /** The seed of the run that the venue belongs to. The venue itself draws nothing by chance. */
  readonly seed: number;
  readonly costs: Costs;
  /** Null for a market that never closes. */
  readonly calendar: CalendarDocument | null;
  /** The most that one observation fills of one order; null where the market takes any quantity. */
  readonly fillQuantityMax: number | null;
  /** In ascending order of id, as are the books: the one iteration order. */
  readonly instruments: readonly Instrument[];
  readonly books: Map<InstrumentId, Book>;
  /** Working orders in the order of acceptance. */
  readonly workingById: Map<string, VenueOrder>;
  readonly endedIds: Set<string>;
  readonly arrivals: Arrival[];
  readonly events: VenueEvent[];
  at: number;
  balance: number;
  openPositions: number;
  pendingCloseOuts: number;
  orderCount: number;
  fillCount: number;
  closeOutCount: number;
  observations: number;
  nextArrivalAt: number;
  nextExpiryAt: number;
  /** Minus infinity until the venue has seen a time. */
  nextRolloverAt: number;
  previousRolloverAt: number | null;
}

export interface VenueRequest {
  readonly accountCurrency: string;
  readonly moneyDecimals: number;
  readonly startBalance: number;
  readonly instruments: readonly Instrument[];
  readonly priceBasisOf: Readonly<Record<InstrumentId, PriceBasis>>;
  readonly costs: Costs;
  readonly calendar: CalendarDocument | null;
  readonly seed: number;
  readonly fillQuantityMax?: number | null;
}

/** A venue that has seen nothing yet. An instrument without a stated price basis is quoted by its bid. */
export function createVenueState(request: VenueRequest): VenueState {
  const instruments = request.instruments.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const books = new Map(instruments.map((instrument) => [instrument.id, createBook(instrument, request)]));
  assert(books.size === instruments.length, 'an instrument is listed twice');
  const fillQuantityMax = request.fillQuantityMax ?? null;
  assert(fillQuantityMax === null || fillQuantityMax > 0, `a fill takes at least one step, found '${fillQuantityMax}'`);
  return {
    accountCurrency: request.accountCurrency,
    moneyDecimals: request.moneyDecimals,
    startBalance: money(request.startBalance),
    seed: request.seed,
    costs: request.costs,
    calendar: request.calendar,
    fillQuantityMax,
    instruments,
    books,
    workingById: new Map(),
    endedIds: new Set(),
    arrivals: [],
    events: [],
    at: -Infinity,
    balance: request.startBalance,
    openPositions: 0,
    pendingCloseOuts: 0,
    orderCount: 0,
    fillCount: 0,
    closeOutCount: 0,
    observations: 0,
    nextArrivalAt: Infinity,
    nextExpiryAt: Infinity,
    nextRolloverAt: -Infinity,
    previousRolloverAt: null,
  };
}

/** Hands an event to whoever polls. Events are emitted in the order of their times. */
export function emit(state: VenueState, event: VenueEvent): void {
  assert(state.events.length < QUEUE_MAX, `more than ${QUEUE_MAX} venue events wait to be polled`);
  state.events.push(event);
}

const hoursOfWeek = 168;
const hourMs = 3_600_000;
/** A Monday at midnight UTC, so that adding hours gives the hours of the week in order. */
const mondayAt = 4 * 24 * hourMs;

function createBook(instrument: Instrument, request: VenueRequest): Book {
  const spreadByHour = Float64Array.from({ length: hoursOfWeek }, (_, hour) =>
    spreadTicksAt(request.costs, instrument, mondayAt + hour * hourMs),
  );
  return {
    instrument,
    priceBasis: request.priceBasisOf[instrument.id] ?? 'bid',
    spreadByHour,
    slippage: slippageTicks(request.costs, instrument),
    position: flatPosition(instrument.id),
    orders: [],
    bidPrice: 0,
    askPrice: 0,
    quoteAt: -Infinity,
  };
}
