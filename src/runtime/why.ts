import type { Event } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { midPrice } from '#engine/market.ts';
import { createReplay, replayEvent } from '#engine/replay.ts';
import type { SlotCall } from '#engine/run-slot.ts';
import { engineBefore, type RunStart, recordedEvents } from './read-run.ts';
import { RunError, readManifest } from './run-folder.ts';

/** One module's word on an instrument in one decision. */
export interface Verdict {
  readonly slot: string;
  readonly module: string;
  readonly mode: string;
  readonly outcome: string;
  readonly code: string;
  readonly value: number | null;
  readonly reason: string;
}

/** Everything behind one decision on one instrument, or behind doing nothing. */
export interface Explanation {
  readonly instrument: InstrumentId;
  /** Time of the decision: the last one at or before the time asked for. */
  readonly decidedAt: number;
  readonly verdicts: readonly Verdict[];
  /** Orders, refusals and changes the decision led to. */
  readonly outcomes: readonly Event[];
  readonly signedQuantity: number;
  readonly midPrice: number;
}

/**
 * Decides again up to a time with every call shown. A call that said nothing of the instrument is listed with the code
 * 'silent', so that doing nothing is explained too.
 */
export function explain(folder: string, instrument: InstrumentId, at: number): Explanation {
  readManifest(folder);
  let start = engineBefore(folder, at);
  let last = lastDecision(folder, start, instrument, at);
  // A snapshot may lie after the decision asked for, as that of a desk stopped over a weekend: then an older one is taken.
  while (last === undefined && start.fromSequence > 1) {
    start = engineBefore(folder, start.startedAt);
    last = lastDecision(folder, start, instrument, at);
  }
  const { state } = start.engine;
  if (last === undefined) throw new RunError('the run decided nothing at or before that time');
  if (state.markets[instrument] === undefined) {
    throw new RunError(`the run has no instrument '${instrument}': expected one of ${state.instrumentIds.join(', ')}`);
  }
  return {
    instrument,
    decidedAt: last.at,
    verdicts: last.calls.flatMap((call) => verdictsOf(call, instrument)),
    outcomes: last.events.filter((event) => concerns(event, instrument)),
    signedQuantity: last.held,
    midPrice: last.mid,
  };
}

interface Decision {
  readonly at: number;
  readonly calls: readonly SlotCall[];
  readonly events: readonly Event[];
  readonly held: number;
  readonly mid: number;
}

/** The last decision between where an engine starts and a time, or undefined where there is none. */
function lastDecision(folder: string, start: RunStart, instrument: InstrumentId, at: number): Decision | undefined {
  const { engine, fromSequence } = start;
  const replay = createReplay(engine);
  let calls: SlotCall[] = [];
  let last: Decision | undefined;
  engine.trace = (call) => void calls.push(call);
  for (const { sequence, event } of recordedEvents(folder, fromSequence)) {
    if (event.at > at) break;
    const { decisions } = engine.state.counts;
    calls = [];
    if (replayEvent(replay, event, sequence) !== undefined) {
      throw new RunError(
        `the journal cannot be decided anew from sequence ${sequence} on: 'replay' names the difference`,
      );
    }
    if (engine.state.counts.decisions === decisions) continue;
    const held = engine.state.positions[instrument]?.signedQuantity ?? 0;
    const mid = midPrice(engine.state.markets[instrument]) ?? 0;
    last = { at: event.at, calls, events: replay.expected, held, mid };
  }
  return last;
}

function verdictsOf(call: SlotCall, instrument: InstrumentId): Verdict[] {
  const { slot, module, mode, outcome, reason } = call;
  const own = call.entries.filter((entry) => entry.subject === instrument || entry.subject === '*');
  if (own.length === 0) return [{ slot, module, mode, outcome, code: 'silent', value: null, reason }];
  return own.map((entry) => ({ slot, module, mode, outcome, code: entry.code, value: entry.value, reason }));
}

function concerns(event: Event, instrument: InstrumentId): boolean {
  if (event.type === 'order.submitted') return event.order.instrument === instrument;
  return event.type === 'order.denied' && event.instrument === instrument;
}
