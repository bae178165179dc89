import { z } from 'zod';
import type { Signal } from '#domain/pipeline.ts';
import { filterSignals, passVerdict, type SignalVerdict } from '#domain/signal-verdicts.ts';
import { defineModule, type ModuleContext } from '#engine/module.ts';

const parameters = z.strictObject({});
type Context = ModuleContext<Record<string, never>>;

/** Blocks entries of a strategy on an instrument for a while after its last entry or exit there, in event time. */
export const cooldownGate = defineModule<Record<string, never>, Record<string, never>>({
  name: 'cooldown-gate',
  displayName: 'Cooldown gate',
  purpose: 'Blocks a strategy on an instrument for a while after its last entry or exit there.',
  parameters,
  initialState: () => ({}),
  propose: {
    gate: (value, _, context) => filterSignals(value, (signal) => verdictOf(signal, context)),
  },
});

/** The verdict with the seconds since the fill that blocks. A time of 0 means that there was none. */
function verdictOf({ instrument, strategy }: Signal, context: Context): SignalVerdict {
  const times = context.view.cooldowns[`${strategy} ${instrument}`];
  if (times === undefined) return passVerdict;
  const { entryCooldownSeconds, exitCooldownSeconds } = context.strategy(instrument);
  const sinceEntry = (context.at - times.entryAt) / 1000;
  if (times.entryAt > 0 && sinceEntry < entryCooldownSeconds) {
    return { code: 'entry-cooldown', value: sinceEntry };
  }
  const sinceExit = (context.at - times.exitAt) / 1000;
  if (times.exitAt > 0 && sinceExit < exitCooldownSeconds) {
    return { code: 'exit-cooldown', value: sinceExit };
  }
  return passVerdict;
}
