import type { Event } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { createReplay, replayEvent } from '#engine/replay.ts';
import type { SlotCall } from '#engine/run-slot.ts';
import { engineBefore, recordedEvents } from './read-run.ts';
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
  const { engine, fromSequence } = engineBefore(folder, at);
  const replay = createReplay(engine);
  let calls: SlotCall[] = [];
  let last: { at: number; calls: readonly SlotCall[]; events: readonly Event[]; held: number; mid: number } | undefined;
  engine.trace = (call) => void calls.push(call);
  for (const { sequence, event } of recordedEvents(folder, fromSequence)) {
    if (event.at > at) break;
    const decisions = engine.state.counts.decisions;
    calls = [];
    if (replayEvent(replay, event, sequence) !== undefined) {
      throw new RunError(
        `the journal cannot be decided anew from sequence ${sequence} on: 'replay' names the difference`,
      );
    }
    if (engine.state.counts.decisions === decisions) continue;
    const market = engine.state.markets[instrument];
    last = {
      at: event.at,
      calls,
      events: replay.expected,
      held: engine.state.positions[instrument]?.signedQuantity ?? 0,
      mid: market === undefined ? 0 : (market.bidPrice + market.askPrice) / 2,
    };
  }
  if (last === undefined) throw new RunError('the run decided nothing at or before that time');
  if (engine.state.markets[instrument] === undefined) {
    throw new RunError(
      `the run has no instrument '${instrument}': expected one of ${engine.state.instrumentIds.join(', ')}`,
    );
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
