import type { InstrumentId } from './instrument.ts';
import type { OrderRequest } from './order.ts';

/** The eleven slots in the order of the flow. */
export const slotNames = [
  'universe',
  'forecast',
  'signal',
  'gate',
  'plan',
  'allocation',
  'risk',
  'execution',
  'position',
  'protection',
  'supervision',
] as const;
export type SlotName = (typeof slotNames)[number];

/** The ladder of modes; each rung adds one thing. */
export const modes = ['DISABLED', 'OBSERVATION', 'SHADOW', 'ACTIVE'] as const;
export type Mode = (typeof modes)[number];

/** A model's probability that the price rises over its horizon. */
export interface Forecast {
  readonly instrument: InstrumentId;
  readonly model: string;
  readonly probabilityUp: number;
  readonly horizonBars: number;
}

/** A wish to hold a direction. `confidence` is 0–1; `sizeFraction` caps the share of the budget, 1 for no cap. */
export interface Signal {
  readonly instrument: InstrumentId;
  readonly direction: 'long' | 'short';
  readonly confidence: number;
  readonly strategy: string;
  readonly reason: string;
  readonly sizeFraction: number;
}

/** Stop and target in ticks, fixed when the position is entered. */
export interface EntryPlan {
  readonly stopPrice: number | null;
  readonly targetPrice: number | null;
  readonly leverage: number | null;
}

export interface PlannedSignal extends Signal {
  readonly plan: EntryPlan;
}

/** A desired signed position. No target means keep; a target of zero means close. */
export interface Target {
  readonly instrument: InstrumentId;
  readonly signedQuantity: number;
  /** Cap as a share of the desk's budget, carried over from the signal; 1 for no cap. */
  readonly sizeFraction: number;
  readonly plan: EntryPlan | null;
  readonly strategy: string;
  readonly reason: string;
}

declare const approval: unique symbol;

/** A target the hard limits have let through. Only they can make one. */
export type ApprovedTarget = Target & { readonly [approval]: true };

/** An order before it has an identity. */
export type OrderPlan = Omit<OrderRequest, 'clientOrderId'>;

/** A change to an open position. A stop may only tighten; an addition becomes a target and passes risk and the hard limits. */
export type PositionChange =
  | {
      readonly type: 'moveStop';
      readonly instrument: InstrumentId;
      readonly stopPrice: number;
      readonly reason: string;
    }
  | {
      readonly type: 'moveTarget';
      readonly instrument: InstrumentId;
      readonly targetPrice: number;
      readonly reason: string;
    }
  | { readonly type: 'reduce'; readonly instrument: InstrumentId; readonly quantity: number; readonly reason: string }
  | { readonly type: 'add'; readonly instrument: InstrumentId; readonly quantity: number; readonly reason: string };

/** What protection may do: never more exposure. */
export type ProtectionAction =
  | {
      readonly type: 'cancel';
      readonly clientOrderId: string;
      readonly instrument: InstrumentId;
      readonly reason: string;
    }
  | { readonly type: 'reduce'; readonly instrument: InstrumentId; readonly quantity: number; readonly reason: string }
  | { readonly type: 'close'; readonly instrument: InstrumentId; readonly reason: string }
  | { readonly type: 'engageKill'; readonly instrument: null; readonly reason: string };

/** What supervision may ask for: a directive with an expiry, or a policy change that is checked like any other. */
export type SupervisionRequest =
  | {
      readonly type: 'directive';
      readonly instrument: InstrumentId | null;
      readonly action: 'holdEntries';
      readonly expiresAt: number;
      readonly reason: string;
    }
  | {
      readonly type: 'changePolicy';
      readonly instrument: InstrumentId | null;
      readonly key: string;
      readonly changes: Readonly<Record<string, unknown>>;
      readonly reason: string;
    };

/** The value type of each slot, the same in and out. */
export interface SlotValues {
  universe: readonly InstrumentId[];
  forecast: readonly Forecast[];
  signal: readonly Signal[];
  gate: readonly Signal[];
  plan: readonly PlannedSignal[];
  allocation: readonly Target[];
  risk: readonly Target[];
  execution: readonly OrderPlan[];
  position: readonly PositionChange[];
  protection: readonly ProtectionAction[];
  supervision: readonly SupervisionRequest[];
}
