import type { DecisionEntry } from './events.ts';
import type { InstrumentId } from './instrument.ts';
import type { PositionChange } from './pipeline.ts';

/** Why a position is closed, and the figure behind it. */
export interface ClosingReason {
  readonly code: string;
  readonly value: number | null;
}

/** What the position slot holds once every position with a reason is closed whole. The list itself comes back where none has one. */
export function closeWhere(
  changes: readonly PositionChange[],
  held: Iterable<readonly [InstrumentId, number]>,
  reasonOf: (instrument: InstrumentId, signedQuantity: number) => ClosingReason | undefined,
): { readonly value: readonly PositionChange[]; readonly entries: readonly DecisionEntry[] } {
  const entries: DecisionEntry[] = [];
  const closing: PositionChange[] = [];
  for (const [instrument, signedQuantity] of held) {
    if (signedQuantity === 0) continue;
    const reason = reasonOf(instrument, signedQuantity);
    if (reason === undefined) continue;
    entries.push({ subject: instrument, ...reason });
    closing.push({ type: 'reduce', instrument, quantity: Math.abs(signedQuantity), reason: reason.code });
  }
  return { value: closing.length === 0 ? changes : [...changes, ...closing], entries };
}
