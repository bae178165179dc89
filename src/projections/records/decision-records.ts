import type { EventByType } from '#domain/events.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import { type RecordRow, recordOf } from '#domain/records/record-tables.ts';
import { traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import { quantityOf, type RecordsState } from './records-state.ts';

type DecisionEvent = EventByType['module.decided' | 'directive.issued' | 'order.denied'];
type Change = (change: RecordChange) => void;
type Decision = Omit<RecordRow<'decisions'>, 'sequence' | 'at' | 'trace_id'>;

/** A decision in one row, whoever took it. */
export function recordDecision(
  state: RecordsState,
  event: DecisionEvent,
  { sequence, root }: TailEntry,
  change: Change,
): void {
  const place = { sequence, at: event.at, trace_id: traceIdOf(root) };
  change(recordOf('decisions', { ...decision(state, event), ...place }));
}

export function recordEvaluation(
  _state: RecordsState,
  event: EventByType['evaluation.completed'],
  { sequence, root }: TailEntry,
  change: Change,
): void {
  const { at, instrument, parameterKey, days, summary, floors, isEligible } = event;
  change(
    recordOf('evaluations', {
      sequence,
      at,
      instrument,
      parameter_key: parameterKey,
      days,
      trades: summary.trades,
      win_rate: summary.winRate,
      pnl_total: summary.pnlTotal,
      maximum_drawdown: summary.maxDrawdown,
      calmar: summary.calmar,
      floors: JSON.stringify(floors),
      is_eligible: isEligible,
      trace_id: traceIdOf(root),
    }),
  );
}

function decision(state: RecordsState, event: DecisionEvent): Decision {
  switch (event.type) {
    case 'module.decided': {
      const { module, slot, mode, outcome, reason, entries } = event;
      const told = { module, slot, mode, outcome, reason, entries: JSON.stringify(entries) };
      return { ...none, kind: 'module', ...told };
    }
    case 'directive.issued': {
      const { module, action, instrument, expiresAt, reason } = event;
      return { ...none, kind: 'directive', module, outcome: action, reason, instrument, expires_at: expiresAt };
    }
    case 'order.denied': {
      const { instrument, code, reason, signedQuantity } = event;
      const signed_quantity = quantityOf(state, instrument, signedQuantity);
      return { ...none, kind: 'denial', module: 'limits', outcome: code, reason, instrument, signed_quantity };
    }
  }
}

const none: Decision = {
  kind: null,
  module: null,
  slot: null,
  mode: null,
  outcome: null,
  reason: null,
  instrument: null,
  signed_quantity: null,
  expires_at: null,
  entries: null,
};
