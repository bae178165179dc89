import type { Event, EventByType, EventType } from '#domain/events.ts';
import type { AuditFact } from './audit-facts.ts';
import { type AuditState, moneyText } from './audit-state.ts';

const venueTypes = [
  'order.adopted',
  'order.unresolved',
  'desk.armed',
  'desk.disarmed',
  'venue.opened',
  'venue.impaired',
  'venue.restored',
  'message.quarantined',
  'instrument.changed',
  'balance.changed',
] as const satisfies readonly EventType[];
const venueTypeSet: ReadonlySet<EventType> = new Set(venueTypes);

/** What only happens at a real venue and must be told whoever asks later. */
export type VenueAuditEvent = EventByType[(typeof venueTypes)[number]];

export function isVenueAuditEvent(event: Event): event is VenueAuditEvent {
  return venueTypeSet.has(event.type);
}

/** Who did what at a venue, and what came of it. */
export function venueFactOf(state: AuditState, event: VenueAuditEvent): AuditFact {
  switch (event.type) {
    case 'order.adopted': {
      const { clientOrderId, side, quantity } = event.order;
      const action = `${side} ${quantity} by other hands`;
      return decision({ action, target: `order '${clientOrderId}'`, reason: event.reason, outcome: 'adopted' });
    }
    case 'order.unresolved': {
      const target = `order '${event.clientOrderId}'`;
      return decision({ action: 'answer', target, reason: event.reason, outcome: 'unknown' });
    }
    case 'desk.armed':
      return change({ actor: event.actor, action: 'arm', target: 'desk', reason: event.reason, outcome: 'armed' });
    case 'desk.disarmed':
      return change({
        actor: event.actor,
        action: 'disarm',
        target: 'desk',
        reason: event.reason,
        outcome: 'disarmed',
      });
    case 'venue.opened':
      return change({ actor: 'run', action: 'open venue', target: event.venue, reason: '', outcome: opened(event) });
    case 'venue.impaired':
      return change({
        ...venueActor,
        action: 'impair',
        target: partOf(event),
        reason: event.reason,
        outcome: 'impaired',
      });
    case 'venue.restored':
      return change({ ...venueActor, action: 'restore', target: partOf(event), reason: '', outcome: 'restored' });
    case 'message.quarantined':
      return change({ ...venueActor, action: 'tell', target: event.part, reason: event.reason, outcome: 'put aside' });
    case 'instrument.changed': {
      const outcome = event.isTrading ? 'trading' : 'halted';
      return change({ ...venueActor, action: 'change', target: event.instrument.id, reason: event.reason, outcome });
    }
    case 'balance.changed': {
      const outcome = `balance ${moneyText(state, event.balance)}`;
      const action = `move ${moneyText(state, event.amount)}`;
      return change({ ...venueActor, action, target: 'account', reason: event.reason, outcome });
    }
  }
}

const venueActor = { actor: 'venue' };

function decision(said: Omit<AuditFact, 'kind' | 'actor'>): AuditFact {
  return { kind: 'trade.decision', actor: 'venue', ...said };
}

function change(said: Omit<AuditFact, 'kind'>): AuditFact {
  return { kind: 'system.state_change', ...said };
}

function opened({ account, environment }: EventByType['venue.opened']): string {
  return `account '${account}' (${environment})`;
}

function partOf({ part, instrument }: EventByType['venue.impaired' | 'venue.restored']): string {
  return instrument === null ? part : `${part} of '${instrument}'`;
}
