import type { Event, EventByType } from '#domain/events.ts';
import type { AuditRecord } from '#domain/records/audit-record.ts';
import { type AuditState, moneyText, priceText } from './audit-state.ts';
import { isVenueAuditEvent, venueFactOf } from './venue-audit-facts.ts';

/** A record without its place. */
export type AuditFact = Omit<AuditRecord, 'sequence' | 'at' | 'traceId'>;

/** Subjects named in one record at most. */
const subjectsMax = 20;
/** What modules say of a subject they let through as it is. */
const harmlessCodes: ReadonlySet<string> = new Set(['pass', 'as-is', 'fixed']);

/** What the audit log says of one event; nothing for market data and published figures. */
export function auditFactsOf(state: AuditState, event: Event): AuditFact[] {
  if (isVenueAuditEvent(event)) return [venueFactOf(state, event)];
  switch (event.type) {
    case 'order.submitted':
    case 'order.denied':
    case 'order.cancelRequested':
    case 'order.amendRequested':
    case 'order.rejected':
      return tradeDecisions(event);
    case 'order.filled':
    case 'roundTrip.closed':
      return [tradeResult(state, event)];
    case 'module.decided':
      return blocks(event);
    case 'directive.issued':
      return [directive(event)];
    case 'reduction.requested':
      return [override(event)];
    case 'kill.engaged':
    case 'flatten.requested':
    case 'account.closedOut':
    case 'kill.released':
      return [emergency(event)];
    case 'policy.changed':
    case 'policy.refused':
      return [policy(event)];
    case 'run.started':
    case 'calendar.loaded':
      return configuration(event);
    case 'warmup.completed':
    case 'venue.reconciled':
    case 'feed.stalled':
    case 'module.overran':
    case 'alert.raised':
    case 'alert.cleared':
      return [stateChange(event)];
    case 'job.requested':
    case 'job.completed':
    case 'job.failed':
    case 'job.canceled':
      return [job(event)];
    case 'instrument.listed':
    case 'time.ticked':
    case 'deadline.reached':
    case 'mark.updated':
    case 'depth.updated':
    case 'bar.closed':
    case 'quote.updated':
    case 'order.accepted':
    case 'order.canceled':
    case 'order.expired':
    case 'order.amended':
    case 'financing.charged':
    case 'manifold.published':
    case 'evaluation.completed':
    case 'gates.published':
    case 'weights.published':
      return [];
  }
}

type OrderEvent = EventByType[
  | 'order.submitted'
  | 'order.denied'
  | 'order.cancelRequested'
  | 'order.amendRequested'
  | 'order.rejected'];

/** An order refused by the hard limits is both a decision on a trade and a block. */
function tradeDecisions(event: OrderEvent): AuditFact[] {
  const kind = 'trade.decision';
  if (event.type === 'order.submitted') {
    const { clientOrderId, instrument, side, quantity, purpose, strategy, reason } = event.order;
    const action = `${side} ${quantity} (${purpose})`;
    return [{ kind, actor: strategy, action, target: instrument, reason, outcome: `submitted '${clientOrderId}'` }];
  }
  if (event.type === 'order.denied') {
    const { instrument, code, reason, signedQuantity } = event;
    const action = `${signedQuantity > 0 ? 'buy' : 'sell'} ${Math.abs(signedQuantity)}`;
    const denied = { actor: 'limits', action, target: instrument, reason, outcome: `denied: ${code}` };
    return [
      { kind, ...denied },
      { kind: 'risk.block', ...denied },
    ];
  }
  const target = `order '${event.clientOrderId}'`;
  if (event.type === 'order.rejected') {
    const { code, reason } = event;
    return [{ kind, actor: 'venue', action: 'reject', target, reason, outcome: `rejected: ${code}` }];
  }
  const action = event.type === 'order.cancelRequested' ? 'cancel' : 'amend';
  return [{ kind, actor: 'desk', action, target, reason: event.reason, outcome: 'requested' }];
}

function tradeResult(state: AuditState, event: EventByType['order.filled' | 'roundTrip.closed']): AuditFact {
  const { instrument, quantity } = event;
  const profit = `profit ${moneyText(state, event.realizedPnl)}`;
  if (event.type === 'order.filled') {
    return {
      kind: 'trade.executed',
      actor: 'venue',
      action: `${event.side} ${quantity}`,
      target: instrument,
      reason: `order '${event.clientOrderId}'`,
      outcome: `filled at ${priceText(state, instrument, event.price)}, ${profit}`,
    };
  }
  const { direction, reason } = event;
  return {
    kind: 'trade.closed',
    actor: 'desk',
    action: `close ${direction} ${quantity}`,
    target: instrument,
    reason,
    outcome: profit,
  };
}

/** What an active gate or risk module kept from trading, and a failure of one, which closes it. */
function blocks(event: EventByType['module.decided']): AuditFact[] {
  const { module, slot, mode, outcome, reason } = event;
  if (mode !== 'ACTIVE' || (slot !== 'gate' && slot !== 'risk')) return [];
  const blocked = event.entries.filter(({ code }) => !harmlessCodes.has(code));
  const isClosed = outcome === 'failed' || outcome === 'refused';
  if (blocked.length === 0 && !isClosed) return [];
  const told = blocked.slice(0, subjectsMax);
  const rest = blocked.length > told.length ? ` and ${blocked.length - told.length} more` : '';
  return [
    {
      kind: 'risk.block',
      actor: module,
      action: `block in ${slot}`,
      target: isClosed ? '*' : told.map(({ subject }) => subject).join(', ') + rest,
      reason: isClosed ? reason : told.map(({ subject, code }) => `${subject} ${code}`).join(', ') + rest,
      outcome,
    },
  ];
}

function directive({ module, action, instrument, expiresAt, reason }: EventByType['directive.issued']): AuditFact {
  const outcome = `until ${expiresAt}`;
  return { kind: 'risk.block', actor: module, action, target: instrument ?? '*', reason, outcome };
}

function override({ actor, instrument, quantity, reason }: EventByType['reduction.requested']): AuditFact {
  return {
    kind: 'risk.override',
    actor,
    action: `reduce by ${quantity}`,
    target: instrument,
    reason,
    outcome: 'requested',
  };
}

type EmergencyEvent = EventByType['kill.engaged' | 'kill.released' | 'flatten.requested' | 'account.closedOut'];

function emergency(event: EmergencyEvent): AuditFact {
  const { type, reason } = event;
  const actor = 'actor' in event ? event.actor : 'venue';
  const said = { actor, reason, target: 'desk' };
  if (type === 'kill.released') {
    return { kind: 'emergency.recovered', ...said, action: 'release kill switch', outcome: 'released' };
  }
  const action = {
    'kill.engaged': 'engage kill switch',
    'flatten.requested': 'flatten',
    'account.closedOut': 'close out',
  };
  const outcome = type === 'flatten.requested' ? 'requested' : 'engaged';
  return { kind: 'emergency.triggered', ...said, action: action[type], outcome };
}

function policy(event: EventByType['policy.changed' | 'policy.refused']): AuditFact {
  const { key, actor, reason } = event;
  const outcome = event.type === 'policy.changed' ? `version ${event.version}` : 'refused';
  return { kind: 'policy.changed', actor, action: 'change', target: key, reason, outcome };
}

function configuration(event: EventByType['run.started' | 'calendar.loaded']): AuditFact[] {
  const kind = 'config.updated';
  if (event.type === 'calendar.loaded') {
    return [
      {
        kind,
        actor: 'run',
        action: 'load',
        target: 'calendar',
        reason: 'start',
        outcome: `version ${event.calendar.version}`,
      },
    ];
  }
  const { runId, kind: run, desk, configHash, codeVersion } = event;
  return [
    {
      kind: 'system.state_change',
      actor: 'run',
      action: 'start',
      target: desk,
      reason: `${run} run`,
      outcome: `run '${runId}'`,
    },
    {
      kind,
      actor: 'run',
      action: 'load',
      target: 'configuration',
      reason: `code ${codeVersion}`,
      outcome: `hash ${configHash}`,
    },
  ];
}

type StateEvent = EventByType[
  | 'warmup.completed'
  | 'venue.reconciled'
  | 'feed.stalled'
  | 'module.overran'
  | 'alert.raised'
  | 'alert.cleared'];

function stateChange(event: StateEvent): AuditFact {
  const kind = 'system.state_change';
  switch (event.type) {
    case 'warmup.completed':
      return { kind, actor: 'run', action: 'go live', target: 'desk', reason: `${event.bars} bars`, outcome: 'warm' };
    case 'venue.reconciled': {
      const { differences } = event;
      const told = differences.slice(0, subjectsMax).join('; ');
      const outcome = differences.length === 0 ? 'no differences' : `${differences.length} differences`;
      return { kind, actor: 'venue', action: 'reconcile', target: 'account', reason: told, outcome };
    }
    case 'feed.stalled':
      return {
        kind,
        actor: 'feed',
        action: 'stall',
        target: event.instrument,
        reason: event.reason,
        outcome: 'stalled',
      };
    case 'module.overran':
      return {
        kind,
        actor: 'run',
        action: 'lower mode',
        target: event.module,
        reason: event.reason,
        outcome: 'overran',
      };
    case 'alert.raised':
      return {
        kind,
        actor: 'desk',
        action: 'raise alert',
        target: event.name,
        reason: event.reason,
        outcome: 'raised',
      };
    case 'alert.cleared':
      return { kind, actor: 'desk', action: 'clear alert', target: event.name, reason: '', outcome: 'cleared' };
  }
}

/** Slow work changes what a desk knows, so who asked for it and how it ended is kept. */
function job(event: EventByType['job.requested' | 'job.completed' | 'job.failed' | 'job.canceled']): AuditFact {
  const { type, jobId, kind } = event;
  const actor = type === 'job.requested' ? event.requestedBy : 'jobs';
  const reason = type === 'job.failed' ? event.reason : '';
  return { kind: 'system.state_change', actor, action: `job ${kind}`, target: jobId, reason, outcome: type.slice(4) };
}
