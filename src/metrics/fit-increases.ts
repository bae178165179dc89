import type { DecisionEntry } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Target } from '#domain/pipeline.ts';

/** Positions and what one unit of each costs, in whatever a ceiling is counted in: margin, or value at risk. */
export interface ExposureBook {
  readonly instruments: readonly InstrumentId[];
  /** Signed quantity in hand. */
  heldOf(instrument: InstrumentId): number;
  /** Cost of one unit; undefined where it cannot be measured. */
  costPerUnit(instrument: InstrumentId): number | undefined;
}

/** Where positions in hand are read: a module's context is one. */
export interface PositionSource {
  readonly universe: readonly InstrumentId[];
  readonly view: { readonly positions: Readonly<Record<InstrumentId, { readonly signedQuantity: number }>> };
}

/** The book of a source, with a cost of one's own. */
export function exposureBook(
  source: PositionSource,
  costPerUnit: (instrument: InstrumentId) => number | undefined,
): ExposureBook {
  return {
    instruments: source.universe,
    heldOf: (instrument) => source.view.positions[instrument]?.signedQuantity ?? 0,
    costPerUnit,
  };
}

/** The most that all positions together and any one of them may cost; infinity where there is no bound. */
export interface CostCeilings {
  readonly total: number;
  readonly position: number;
}

export interface FittedTargets {
  /** The same array where nothing was changed. */
  readonly targets: readonly Target[];
  readonly entries: readonly DecisionEntry[];
}

/**
 * Shrinks increases, in order, until they fit under both ceilings: what comes first is served first. An increase without room is
 * dropped, which keeps the position. Reductions and moves to the other side pass untouched, and free nothing, since they are not
 * done yet. A cost that cannot be measured lets nothing grow: its own increase, or every increase where the position is in hand.
 */
export function fitIncreases(targets: readonly Target[], book: ExposureBook, ceilings: CostCeilings): FittedTargets {
  const held = costOfHeld(book);
  let room = held === undefined ? undefined : ceilings.total - held;
  const fitted: Target[] = [];
  const entries: DecisionEntry[] = [];
  let isChanged = false;
  for (const target of targets) {
    const heldQuantity = book.heldOf(target.instrument);
    const extra = increaseOf(heldQuantity, target.signedQuantity);
    const cost = measured(book.costPerUnit(target.instrument));
    if (extra === 0) {
      fitted.push(target);
      continue;
    }
    const units =
      cost === undefined || room === undefined
        ? undefined
        : unitsWithin(extra, cost, { room, roomOfOne: ceilings.position - Math.abs(heldQuantity) * cost });
    if (units !== undefined && room !== undefined && cost !== undefined) room -= units * cost;
    if (units === extra) {
      fitted.push(target);
      continue;
    }
    isChanged = true;
    if (units !== undefined && units > 0) {
      const signedQuantity = heldQuantity + Math.sign(target.signedQuantity) * units;
      fitted.push({ ...target, signedQuantity });
      entries.push({ subject: target.instrument, code: 'shrunk', value: signedQuantity });
      continue;
    }
    entries.push({ subject: target.instrument, code: units === undefined ? 'unmeasured' : 'dropped', value: null });
  }
  return { targets: isChanged ? fitted : targets, entries };
}

/** Units that a move adds on the side in hand, or on either side of a flat position; 0 for any other move. */
export function increaseOf(held: number, wanted: number): number {
  if (held !== 0 && wanted * held <= 0) return 0;
  return Math.max(0, Math.abs(wanted) - Math.abs(held));
}

/** What the positions in hand cost, or undefined where one of them cannot be measured. */
function costOfHeld(book: ExposureBook): number | undefined {
  let sum = 0;
  for (const instrument of book.instruments) {
    const held = Math.abs(book.heldOf(instrument));
    if (held === 0) continue;
    const cost = measured(book.costPerUnit(instrument));
    if (cost === undefined) return undefined;
    sum += held * cost;
  }
  return sum;
}

function measured(cost: number | undefined): number | undefined {
  return cost !== undefined && cost > 0 && cost < Infinity ? cost : undefined;
}

function unitsWithin(extra: number, cost: number, rooms: { room: number; roomOfOne: number }): number {
  const room = Math.min(rooms.room, rooms.roomOfOne);
  return Math.max(0, Math.min(extra, Math.floor(room / cost)));
}
