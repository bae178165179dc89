import type { EventByType } from '#domain/events.ts';
import type { BusState, StandingSignal } from './bus-state.ts';
import { priceOf, timeframeOf } from './tell-market.ts';
import { beginningId, type Teller } from './teller.ts';

type Decision = EventByType['module.decided'];

/** The word by which a signal module says a direction: `long`, `pulse-short`. */
const directionPattern = /(?:^|-)(long|short)$/;

/** Where the house itself denies a target. */
const limitsStage = 'hard-limits';

export function takeDecision(state: BusState, teller: Teller, decision: Decision): void {
  if (decision.slot === 'signal') takeSignals(state, teller, decision);
  if (decision.slot === 'gate') takeVerdicts(state, teller, decision);
}

/** A module says all its directions whenever one has changed: those that stood before are not new. */
function takeSignals(state: BusState, teller: Teller, { module, mode, outcome, entries }: Decision): void {
  const before = state.signals[module] ?? {};
  const standing: Record<string, StandingSignal> = {};
  state.signals[module] = standing;
  // A signal that is not applied is no signal of the desk, and a call that failed left none.
  if (mode !== 'ACTIVE' || outcome !== 'changed') return;
  for (const { subject, code, value } of entries) {
    const direction = directionOf(code);
    const instrument = state.instruments[subject];
    if (direction === undefined || instrument === undefined) continue;
    const known = before[subject];
    const stands = known?.direction === direction;
    standing[subject] = stands
      ? known
      : { signalId: beginningId('signal', teller.entry, instrument.symbol), direction };
    if (stands) continue;
    teller.tell('signal.generated', {
      signal_id: standing[subject].signalId,
      symbol: instrument.symbol,
      side: direction,
      confidence: null,
      raw_confidence: null,
      consensus: null,
      votes: { [module]: direction },
      timeframe: timeframeOf(state),
      model_versions: {},
      features_ref: null,
      regime: null,
      price: instrument.lastPrice === null ? null : priceOf(instrument, instrument.lastPrice),
      strategy: module,
      score: value,
    });
  }
}

/** A gate says all it drops whenever that has changed: what it dropped before for the same reason is not new. */
function takeVerdicts(state: BusState, teller: Teller, { module, mode, reason, entries }: Decision): void {
  const before = state.verdicts[module] ?? {};
  const verdicts: Record<string, string> = {};
  state.verdicts[module] = verdicts;
  if (mode !== 'ACTIVE') return;
  for (const { subject, code, value } of entries) {
    const signal = standingSignal(state, subject);
    if (signal === undefined || code === 'pass') continue;
    const verdict = `${signal.signalId} ${code}`;
    verdicts[subject] = verdict;
    if (before[subject] === verdict) continue;
    teller.tell('signal.rejected', {
      signal_id: signal.signalId,
      symbol: state.instruments[subject]?.symbol ?? subject,
      stage: module,
      code,
      reason,
      values: value === null ? {} : { [code]: value },
    });
  }
}

/** A denied target ends the signal it came from: the one that stands on its side. */
export function rejectDenied(state: BusState, teller: Teller, denial: EventByType['order.denied']): void {
  const signal = standingSignal(state, denial.instrument);
  const direction = denial.signedQuantity > 0 ? 'LONG' : 'SHORT';
  if (signal === undefined || signal.direction !== direction) return;
  teller.tell('signal.rejected', {
    signal_id: signal.signalId,
    symbol: state.instruments[denial.instrument]?.symbol ?? denial.instrument,
    stage: limitsStage,
    code: denial.code,
    reason: denial.reason,
    values: {},
  });
}

function standingSignal(state: BusState, instrument: string): StandingSignal | undefined {
  for (const signals of Object.values(state.signals)) {
    const signal = signals[instrument];
    if (signal !== undefined) return signal;
  }
  return undefined;
}

function directionOf(code: string): StandingSignal['direction'] | undefined {
  const word = directionPattern.exec(code)?.[1];
  if (word === undefined) return undefined;
  return word === 'long' ? 'LONG' : 'SHORT';
}
