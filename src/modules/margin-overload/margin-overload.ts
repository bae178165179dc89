import { z } from 'zod';
import { defineModule, type ModuleContext } from '#engine/module.ts';
import { marginUtilization } from '#metrics/margin-utilization.ts';

const parameters = z.strictObject({
  /** Share of the margin in use at which the kill switch is engaged. */
  overload: z.number().gt(0).max(1).default(0.8),
});
type Parameters = z.infer<typeof parameters>;
type Context = ModuleContext<Parameters>;

/** Engages the kill switch when nearly all margin is in use (FX desk specification f.4). Positions are kept; only increases end. */
export const marginOverload = defineModule<Record<string, never>, Parameters>({
  name: 'margin-overload',
  displayName: 'Margin overload',
  purpose: 'Engages the kill switch when nearly all margin is in use.',
  parameters,
  initialState: () => ({}),
  protectsOn: ['time.ticked', 'order.filled'],
  propose: {
    protection: (value, _, context) => {
      if (!hasPosition(context)) return { value, entries: [] };
      const figure = marginUtilization(context.account());
      if (figure < context.parameters().overload) return { value, entries: [] };
      const entries = [{ subject: 'account', code: 'margin-overload', value: figure }];
      // An engaged switch stays as it is: a second engagement would overwrite nothing and only fill the journal.
      if (context.view.kill.isEngaged) return { value, entries };
      return { value: [...value, { type: 'engageKill', instrument: null, reason: 'margin-overload' }], entries };
    },
  },
});

function hasPosition(context: Context): boolean {
  for (const id of context.universe) if ((context.view.positions[id]?.signedQuantity ?? 0) !== 0) return true;
  return false;
}
