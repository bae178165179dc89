import { assert } from '#base/assert.ts';

/**
 * Quantity steps that a margin pays for, cut toward zero; a margin above zero that pays for less than one step gives one
 * (FX desk specification f.2). Both figures are money of the account.
 */
export function unitsForMargin(margin: number, marginPerUnit: number): number {
  assert(marginPerUnit > 0, `margin per unit is positive, found '${marginPerUnit}'`);
  if (margin <= 0) return 0;
  return Math.max(1, Math.trunc(margin / marginPerUnit));
}
