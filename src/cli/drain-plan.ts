import type { DeskStatus } from '#runtime/status.ts';

/** A position that uses more margin than it may, and by how many units it is to shrink. */
export interface DrainStep {
  readonly instrument: string;
  readonly symbol: string;
  readonly signedQuantity: number;
  readonly marginUsed: number;
  readonly cap: number;
  readonly quantity: number;
}

export interface DrainLimits {
  /** How far above its cap a position may be before it is touched, as a fraction of the cap. */
  readonly bufferFraction: number;
  /** Reductions below so many units are left alone. */
  readonly minimumUnits: number;
}

/**
 * The reductions that bring every position under its cap (FX desk specification f.1 and f.4). A position within the buffer is left
 * alone; one beyond it shrinks to the cap itself. Without a budget every position may use nothing.
 */
export function planDrain(
  { budget, instruments }: DeskStatus,
  { bufferFraction, minimumUnits }: DrainLimits,
): DrainStep[] {
  const cap = budget?.perPositionCap ?? 0;
  const steps: DrainStep[] = [];
  for (const { id, symbol, signedQuantity, marginUsed, marginPerUnit } of instruments) {
    if (signedQuantity === 0 || marginPerUnit === null || marginPerUnit <= 0) continue;
    if (marginUsed <= cap * (1 + bufferFraction)) continue;
    const held = Math.abs(signedQuantity);
    const quantity = held - Math.min(held, Math.floor(cap / marginPerUnit));
    if (quantity < minimumUnits) continue;
    steps.push({ instrument: id, symbol, signedQuantity, marginUsed, cap, quantity });
  }
  return steps;
}
