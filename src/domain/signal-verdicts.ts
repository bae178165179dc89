import type { DecisionEntry } from './events.ts';
import type { Signal } from './pipeline.ts';

/** A gate's word on one signal: the code 'pass', or why it is blocked, with the figure behind it. */
export type SignalVerdict = Omit<DecisionEntry, 'subject'>;

export const passVerdict: SignalVerdict = { code: 'pass', value: null };

/** The signals whose verdict is a pass, with every verdict told. The list itself comes back where all pass. */
export function filterSignals(
  signals: readonly Signal[],
  verdictOf: (signal: Signal) => SignalVerdict,
): { readonly value: readonly Signal[]; readonly entries: readonly DecisionEntry[] } {
  const entries: DecisionEntry[] = [];
  const passed = signals.filter((signal) => {
    const { code, value } = verdictOf(signal);
    entries.push({ subject: signal.instrument, code, value });
    return code === 'pass';
  });
  return { value: passed.length === signals.length ? signals : passed, entries };
}
