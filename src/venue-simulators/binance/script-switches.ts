import type { HttpAnswer } from '#engine/ports.ts';

/** An answer given instead of the venue's own. */
export interface ScriptedResponse {
  readonly answer: HttpAnswer;
  readonly method: string | undefined;
  readonly path: RegExp | undefined;
  readonly isCarriedOut: boolean;
  times: number;
}

/** A refusal of orders by the matching engine. */
export interface ScriptedRefusal {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
  /** Orders that only reduce pass. */
  readonly sparesReductions: boolean;
  times: number;
}

/** What a script has switched on. Counts run down to 0, spans stay until they are set to 0 again. */
export interface ScriptSwitches {
  isKeyRevoked: boolean;
  clockSkewMs: number;
  /** New orders are not found for that long. */
  hideOrdersMs: number;
  /** How long after its acknowledgement an order reaches the market. */
  matchLatencyMs: number;
  /** Triggered orders that are rejected, and why. */
  rejectTriggers: { count: number; reason: string };
  /** Orders that are carried out while their answer is lost. */
  loseAnswers: number;
  /** Orders that are acknowledged and then lost by the venue itself. */
  loseOrders: number;
  /** Orders that fill more than their quantity, and by what fraction. */
  overfills: { count: number; fraction: number };
  /** Orders that take only a part of their quantity, and which. */
  reducedQuantities: { count: number; fraction: number };
  /** A status that the next order events carry instead of the true one. */
  unknownStatuses: { count: number; status: string };
  /** Fees are taken in another asset, at so much of the account's asset for one. */
  feeAsset: { asset: string; price: number } | null;
  /** The next depth differences by symbol that are not sent. */
  readonly droppedDepths: Map<string, number>;
  readonly responses: ScriptedResponse[];
  readonly refusals: ScriptedRefusal[];
}

/** How many scripted answers may wait at once. */
export const SCRIPTED_MAX = 1_000;

export function createSwitches(): ScriptSwitches {
  return {
    isKeyRevoked: false,
    clockSkewMs: 0,
    hideOrdersMs: 0,
    matchLatencyMs: 0,
    rejectTriggers: { count: 0, reason: '' },
    loseAnswers: 0,
    loseOrders: 0,
    overfills: { count: 0, fraction: 0 },
    reducedQuantities: { count: 0, fraction: 1 },
    unknownStatuses: { count: 0, status: '' },
    feeAsset: null,
    droppedDepths: new Map(),
    responses: [],
    refusals: [],
  };
}

/** Takes one of a count, if any is left. */
export function takeOne(counted: { count: number }): boolean {
  if (counted.count <= 0) return false;
  counted.count -= 1;
  return true;
}
