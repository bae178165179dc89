import { AssertionError } from '#base/assert.ts';
import type { DecisionEntry, EventByType } from '#domain/events.ts';
import { type Mode, modes, type SlotName, type SlotValues } from '#domain/pipeline.ts';
import type { Module, ModuleContext, Proposal } from './module.ts';
import { ruleBroken } from './slot-rules.ts';
import type { CallCounts, EngineState, LastOutcome, View } from './state.ts';

/** A module in its place: the mode the desk gives it, already capped. */
export interface SlotEntry {
  readonly module: Module;
  readonly mode: Mode;
}

/** What one call came to; recorded by the slot's runner, shown whole when a decision is traced. */
export interface SlotCall {
  readonly module: string;
  readonly slot: SlotName;
  readonly mode: Mode;
  readonly outcome: EventByType['module.decided']['outcome'];
  readonly reason: string;
  readonly entries: readonly DecisionEntry[];
  /** Values that came in, and that the proposal left: of a gate, the signals offered and passed. */
  readonly offered: number;
  readonly passed: number;
}

/** How a slot is run: with what context, and where its calls and shadow proposals go. */
export interface SlotRun {
  readonly state: EngineState;
  contextOf(module: Module): ModuleContext<unknown>;
  onCall(call: SlotCall): void;
  onShadow<K extends SlotName>(entry: SlotEntry, slot: K, value: SlotValues[K]): void;
}

/** The lower of a module's mode and the desk's cap. */
export function cappedMode(mode: Mode, cap: Mode): Mode {
  return modes[Math.min(modes.indexOf(mode), modes.indexOf(cap))] ?? 'DISABLED';
}

/**
 * Runs one slot: each module in the desk's order may replace the value. This is the one place that knows modes: OBSERVATION is
 * called and recorded, SHADOW is also scored, ACTIVE is also applied. A proposal that breaks the slot's rule is refused; a
 * module that throws has failed, and the slot's own rule says what then holds.
 */
export function runSlot<K extends SlotName>(
  slot: K,
  entries: readonly SlotEntry[],
  initial: SlotValues[K],
  run: SlotRun,
): SlotValues[K] {
  let value = initial;
  for (const entry of entries) {
    if (entry.mode === 'DISABLED') continue;
    const result = call(slot, entry, value, run);
    run.onCall({
      module: entry.module.name,
      slot,
      mode: entry.mode,
      outcome: result.outcome,
      reason: result.reason,
      entries: result.entries,
      offered: value.length,
      passed: result.value.length,
    });
    if (entry.mode === 'SHADOW') run.onShadow(entry, slot, result.value);
    if (entry.mode === 'ACTIVE') value = result.value;
  }
  return value;
}

interface CallResult<K extends SlotName> {
  readonly value: SlotValues[K];
  readonly outcome: SlotCall['outcome'];
  readonly reason: string;
  readonly entries: readonly DecisionEntry[];
}

function call<K extends SlotName>(slot: K, entry: SlotEntry, value: SlotValues[K], run: SlotRun): CallResult<K> {
  let proposal: Proposal<K>;
  const propose = entry.module.propose[slot];
  if (propose === undefined)
    throw new AssertionError(`module '${entry.module.name}' stands in slot '${slot}' without a proposal for it`);
  try {
    proposal = propose(value, run.state.modules[entry.module.name], run.contextOf(entry.module));
  } catch (failure) {
    // A proposal is pure, so nothing is half done: the slot's failure rule decides what holds, and the event tells it.
    const reason = failure instanceof Error ? failure.message : String(failure);
    return { value: valueOnFailure(slot, value, run.state), outcome: 'failed', reason, entries: [] };
  }
  const broken = ruleBroken(slot, value, proposal.value, run.state);
  if (broken !== undefined) {
    return {
      value: valueOnFailure(slot, value, run.state),
      outcome: 'refused',
      reason: broken,
      entries: proposal.entries,
    };
  }
  const outcome = proposal.value === value ? 'kept' : 'changed';
  return { value: proposal.value, outcome, reason: proposal.reason ?? '', entries: proposal.entries };
}

/** The table of the house: a gate closes, risk lets no increase through, every other slot keeps what it had. */
function valueOnFailure<K extends SlotName>(slot: K, value: SlotValues[K], view: View): SlotValues[K] {
  const closed: Partial<SlotValues> = { gate: [], risk: slot === 'risk' ? reductionsOf(value, view) : [] };
  const fallback = closed[slot];
  return fallback === undefined ? value : (fallback as SlotValues[K]);
}

function reductionsOf(value: SlotValues[SlotName], view: View): SlotValues['risk'] {
  const reductions: SlotValues['risk'][number][] = [];
  for (const target of value) {
    if (typeof target !== 'object' || !('signedQuantity' in target)) continue;
    const held = view.positions[target.instrument]?.signedQuantity ?? 0;
    const isReduction =
      target.signedQuantity === 0 ||
      (held * target.signedQuantity > 0 && Math.abs(target.signedQuantity) <= Math.abs(held));
    if (isReduction) reductions.push(target);
  }
  return reductions;
}

/**
 * Counts a call and gives the entries to be told if its outcome differs from the module's last one in this slot. Only a
 * difference becomes an event, so that a guard that blocks all night leaves one line; quiet codes are left out of it.
 */
export function noteCall(
  state: EngineState,
  made: SlotCall,
  quietCodes: readonly string[] = [],
): readonly DecisionEntry[] | undefined {
  const key = callKey(made.module, made.slot);
  let counts = state.calls[key];
  if (counts === undefined) {
    counts = { calls: 0, changed: 0, refused: 0, failed: 0, decided: 0, offered: 0, passed: 0 };
    state.calls[key] = counts;
  }
  counts.calls += 1;
  counts.offered += made.offered;
  counts.passed += made.passed;
  countOutcome(counts, made.outcome);
  const isTold = ({ code }: DecisionEntry): boolean => code !== 'pass' && !quietCodes.includes(code);
  if (isSameOutcome(state.outcomes[key], made, isTold)) return undefined;
  const told = made.entries.filter(isTold);
  const { mode, outcome, reason } = made;
  state.outcomes[key] = { mode, outcome, reason, told: told.flatMap(({ subject, code }) => [subject, code]) };
  counts.decided += 1;
  return told;
}

/** Keys of calls, each made once: a key is needed at every call. */
const callKeys = new Map<string, Map<SlotName, string>>();

/** The key that a module's calls in a slot are counted under. */
function callKey(module: string, slot: SlotName): string {
  const known = callKeys.get(module)?.get(slot);
  if (known !== undefined) return known;
  const key = `${module}/${slot}`;
  const ofModule = callKeys.get(module) ?? new Map<SlotName, string>();
  callKeys.set(module, ofModule.set(slot, key));
  return key;
}

/** Compared without making anything: most calls come to what they came to a minute ago. */
function isSameOutcome(
  last: LastOutcome | undefined,
  made: SlotCall,
  isTold: (entry: DecisionEntry) => boolean,
): boolean {
  if (last === undefined || last.outcome !== made.outcome || last.mode !== made.mode || last.reason !== made.reason)
    return false;
  let place = 0;
  for (const entry of made.entries) {
    if (!isTold(entry)) continue;
    if (last.told[place] !== entry.subject || last.told[place + 1] !== entry.code) return false;
    place += 2;
  }
  return place === last.told.length;
}

function countOutcome(counts: CallCounts, outcome: SlotCall['outcome']): void {
  if (outcome === 'changed') counts.changed += 1;
  else if (outcome === 'refused') counts.refused += 1;
  else if (outcome === 'failed') counts.failed += 1;
}
