import { z } from 'zod';
import { closeWhere } from '#domain/closing-changes.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';
import { slopeBps } from '#metrics/combined-direction.ts';
import { slopeExit as isSlopeAgainst } from '#metrics/exit-rules.ts';

const parameters = z.strictObject({});
type Context = ModuleContext<Record<string, never>>;

/** Closes a position when the price slope has turned against it (FX desk specification g). */
export const slopeExit = defineModule<Record<string, never>, Record<string, never>>({
  name: 'slope-exit',
  displayName: 'Slope exit',
  purpose: 'Closes a position when the price slope has turned against it.',
  parameters,
  initialState: () => ({}),
  propose: {
    position: (value, _, context) =>
      closeWhere(value, context.held(), (instrument, signedQuantity) => {
        const slope = slopeAgainst(instrument, signedQuantity, context);
        return slope === undefined ? undefined : { code: 'exit-slope', value: slope };
      }),
  },
});

/** The slope in basis points where it ends the position; undefined where the position stays, the rule is off or bars are missing. */
function slopeAgainst(instrument: InstrumentId, held: number, context: Context): number | undefined {
  const { exitSlopeEnabled, exitSlopeBps, directionThresholdBps, directionLookback } = context.strategy(instrument);
  if (!exitSlopeEnabled) return undefined;
  const close = context.closeAgo(instrument, 0);
  const closeBefore = context.closeAgo(instrument, directionLookback);
  if (close === undefined || closeBefore === undefined) return undefined;
  const slope = slopeBps(close, closeBefore);
  return isSlopeAgainst(held > 0 ? 1 : -1, slope, exitSlopeBps ?? directionThresholdBps) ? slope : undefined;
}
