import type { EventByType } from '#domain/events.ts';
import type { BusState } from './bus-state.ts';
import { quantityOf } from './tell-market.ts';
import { rejectDenied } from './tell-signals.ts';
import type { Teller } from './teller.ts';

/** Denials that name a state of the desk or of the market and no limit that was reached. */
const notLimits: readonly string[] = [
  'KILL_SWITCH',
  'NOT_WARM',
  'DIRECTIVE',
  'MARKET_CLOSED',
  'NO_PRICE',
  'INVALID_QUANTITY',
];

export function takeDenial(state: BusState, teller: Teller, denial: EventByType['order.denied']): void {
  rejectDenied(state, teller, denial);
  const instrument = state.instruments[denial.instrument];
  if (instrument === undefined || notLimits.includes(denial.code)) return;
  teller.tell('risk.limit_breached', {
    symbol: instrument.symbol,
    limit: denial.code,
    reason: denial.reason,
    signed_qty: quantityOf(instrument, denial.signedQuantity),
  });
}

export function takeAlert(state: BusState, teller: Teller, { name, reason }: EventByType['alert.raised']): void {
  tellAlert(state, teller, { severity: 'MEDIUM', alert_type: name, message: reason, action_taken: null });
}

/** The venue has closed positions for want of margin: the kill switch is engaged with it. */
export function takeCloseOut(state: BusState, teller: Teller, { reason }: EventByType['account.closedOut']): void {
  tellAlert(state, teller, {
    severity: 'CRITICAL',
    alert_type: 'margin-close-out',
    message: reason,
    action_taken: 'the kill switch is engaged',
  });
  stop(state, teller, { actor: 'venue', reason: `margin close-out: ${reason}` });
}

interface Alert {
  readonly severity: 'MEDIUM' | 'CRITICAL';
  readonly alert_type: string;
  readonly message: string;
  readonly action_taken: string | null;
}

function tellAlert(state: BusState, teller: Teller, alert: Alert): void {
  teller.tell('risk.alert', {
    ...alert,
    dd: null,
    limit: null,
    open_positions: Object.keys(state.trades).length,
    max_positions: state.maximumPositions,
  });
}

export function takeKill(state: BusState, teller: Teller, kill: EventByType['kill.engaged']): void {
  stop(state, teller, kill);
}

interface Cause {
  readonly actor: string;
  readonly reason: string;
}

/** A switch that is engaged already stays as it is. */
function stop(state: BusState, teller: Teller, { actor, reason }: Cause): void {
  if (state.isStopped) return;
  state.isStopped = true;
  teller.tell('emergency.stop', { reason, evaluator: actor, metrics: {}, positions_closed: null });
}

/** A desk begins with the switch engaged; releasing that is the beginning and no recovery. */
export function takeRelease(state: BusState, teller: Teller, { actor, reason }: EventByType['kill.released']): void {
  if (!state.isStopped) return;
  state.isStopped = false;
  teller.tell('emergency.recovered', { reason, evaluator: actor, metrics: {}, positions_closed: null });
}
