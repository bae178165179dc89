import type { DecisionEntry, Event, EventByType, EventType } from '#domain/events.ts';
import { signOf } from '#domain/order.ts';
import { spanIdOf, traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from './tail-entry.ts';

/** What a desk did, as its log tells it. */
export interface DeskLogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** `signal.generated`, `order.filled`, `position.opened`, … */
  readonly event: string;
  readonly message: string;
  /** The part of the desk that acted. */
  readonly module: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly traceId: string;
  readonly spanId: string;
}

/** The positions as the fills make them, by instrument: plain data. */
export interface DeskLogState {
  held: Record<string, number>;
}

type Told = Pick<DeskLogLine, 'level' | 'event' | 'message' | 'module'> & {
  readonly metadata?: Readonly<Record<string, unknown>>;
};

export function createDeskLogState(): DeskLogState {
  return { held: {} };
}

/**
 * The log lines of one entry of the tail, none for market data and published figures. `sequence` and the event time `at` stand in the
 * metadata, since a desk may run faster than the clock.
 */
export function deskLogOf(state: DeskLogState, { sequence, event, root }: TailEntry): DeskLogLine[] {
  const told = linesOf(state, event);
  if (told.length === 0) return [];
  const ids = { traceId: traceIdOf(root), spanId: spanIdOf(root.runId, sequence) };
  return told.map((line) => ({ ...line, ...ids, metadata: { sequence, at: event.at, ...line.metadata } }));
}

function linesOf(state: DeskLogState, event: Event): Told[] {
  if (isSilent(event)) return [];
  switch (event.type) {
    case 'module.decided':
      return decided(event);
    case 'order.submitted':
      return submitted(event);
    case 'order.filled':
      return filled(state, event);
    case 'order.amended':
      return [amended(event)];
    case 'venue.reconciled':
      return [reconciled(state, event)];
    case 'order.rejected':
    case 'order.denied':
    case 'account.closedOut':
    case 'feed.stalled':
    case 'module.overran':
    case 'policy.refused':
    case 'alert.raised':
    case 'kill.engaged':
    case 'job.failed':
    case 'order.unresolved':
    case 'order.adopted':
    case 'venue.impaired':
    case 'message.quarantined':
      return [troubled(event)];
    case 'run.started':
    case 'warmup.completed':
    case 'policy.changed':
    case 'order.canceled':
    case 'order.expired':
    case 'directive.issued':
    case 'kill.released':
    case 'flatten.requested':
    case 'reduction.requested':
    case 'alert.cleared':
    case 'job.requested':
    case 'job.completed':
    case 'job.canceled':
    case 'desk.armed':
    case 'desk.disarmed':
    case 'venue.opened':
    case 'venue.restored':
    case 'balance.changed':
    case 'instrument.changed':
    case 'deadline.reached':
      return [noted(event)];
  }
}

/** The market, figures that are published, and what other lines tell. */
const silentTypes = [
  'calendar.loaded',
  'instrument.listed',
  'time.ticked',
  'bar.closed',
  'quote.updated',
  'mark.updated',
  'depth.updated',
  'order.accepted',
  'financing.charged',
  'order.cancelRequested',
  'order.amendRequested',
  'manifold.published',
  'evaluation.completed',
  'gates.published',
  'weights.published',
  'roundTrip.closed',
] as const satisfies readonly EventType[];
const silentTypeSet: ReadonlySet<EventType> = new Set(silentTypes);

function isSilent(event: Event): event is EventByType[(typeof silentTypes)[number]] {
  return silentTypeSet.has(event.type);
}

/** What a module decided, one line for each subject it named. Only an active module's word changes a trade. */
function decided(event: EventByType['module.decided']): Told[] {
  const { module, slot, mode, outcome, reason } = event;
  const metadata = { slot, mode, outcome, reason };
  if (outcome === 'failed' || outcome === 'refused') {
    const level = outcome === 'failed' ? 'error' : 'warn';
    return [{ level, event: `module.${outcome}`, message: `'${module}' ${outcome}: ${reason}`, module, metadata }];
  }
  const lineName = mode === 'ACTIVE' ? lineNames[slot] : undefined;
  if (lineName === undefined) return [];
  return event.entries.flatMap((entry) => {
    const { subject, code, value } = entry;
    const name = lineName(entry);
    if (name === undefined) return [];
    const said = { ...metadata, subject, code, value };
    return [{ level: 'info', event: name, message: `${subject} ${code}`, module, metadata: said }];
  });
}

type LineName = (entry: DecisionEntry) => string | undefined;

/** What a module's word on a subject is called. That a gate lets a signal pass is no event; its order tells that all of them did. */
const lineNames: Partial<Record<EventByType['module.decided']['slot'], LineName>> = {
  signal: ({ code }) => (/(?:^|-)(?:long|short)$/.test(code) ? 'signal.generated' : undefined),
  gate: ({ code }) => (code === 'pass' ? undefined : 'signal.rejected'),
};

/** An order that opens comes of a signal that every gate let pass. */
function submitted({ order }: EventByType['order.submitted']): Told[] {
  const { clientOrderId, instrument, side, quantity, orderType, purpose, strategy, reason } = order;
  const metadata = { orderId: clientOrderId, instrument, side, quantity, orderType, purpose, reason };
  const message = `${side} ${quantity} ${instrument}, ${purpose}`;
  const sent: Told = { level: 'info', event: 'order.submitted', message, module: strategy, metadata };
  return purpose === 'entry' ? [{ ...sent, event: 'signal.approved' }, sent] : [sent];
}

/** A fill, and what it made of the position: a turn from long to short closes one and opens another. */
function filled(state: DeskLogState, event: EventByType['order.filled']): Told[] {
  const { clientOrderId, instrument, side, quantity, price, realizedPnl, isPessimistic } = event;
  const before = state.held[instrument] ?? 0;
  const after = before + signOf(side) * quantity;
  state.held[instrument] = after;
  const metadata = { orderId: clientOrderId, instrument, side, quantity, price, realizedPnl, isPessimistic };
  const message = `${side} ${quantity} ${instrument}`;
  const lines: Told[] = [{ level: 'info', event: 'order.filled', message, module: 'venue', metadata }];
  const isTurned = before * after < 0;
  if (before !== 0 && (after === 0 || isTurned)) {
    const closed = { instrument, signedQuantity: before, realizedPnl };
    lines.push({ level: 'info', event: 'position.closed', message: instrument, module: 'position', metadata: closed });
  }
  if (after !== 0 && (before === 0 || isTurned)) {
    const opened = { instrument, signedQuantity: after, price };
    lines.push({ level: 'info', event: 'position.opened', message: instrument, module: 'position', metadata: opened });
  }
  return lines;
}

function amended({ clientOrderId, quantity, stopPrice, limitPrice }: EventByType['order.amended']): Told {
  return {
    level: 'info',
    event: stopPrice === null ? 'order.amended' : 'stop.adjusted',
    message: `order '${clientOrderId}'`,
    module: 'venue',
    metadata: { orderId: clientOrderId, quantity, stopPrice, limitPrice },
  };
}

/** The venue's books replace what the fills made. */
function reconciled(state: DeskLogState, event: EventByType['venue.reconciled']): Told {
  state.held = Object.fromEntries(
    event.positions.map(({ instrument, signedQuantity }) => [instrument, signedQuantity]),
  );
  const { differences } = event;
  return {
    level: differences.length === 0 ? 'info' : 'warn',
    event: 'venue.reconciled',
    message: differences.length === 0 ? 'no differences' : `${differences.length} differences`,
    module: 'venue',
    metadata: { differences },
  };
}

type Troubled = EventByType[
  | 'order.rejected'
  | 'order.denied'
  | 'account.closedOut'
  | 'feed.stalled'
  | 'module.overran'
  | 'policy.refused'
  | 'alert.raised'
  | 'kill.engaged'
  | 'job.failed'
  | 'order.unresolved'
  | 'order.adopted'
  | 'venue.impaired'
  | 'message.quarantined'];

function troubled(event: Troubled): Told {
  const { type, at: _at, ...metadata } = withoutTrace(event);
  const level = type === 'order.rejected' || type === 'account.closedOut' ? 'error' : 'warn';
  return { level, event: type, message: event.reason, module: moduleOf(event), metadata };
}

type Noted = EventByType[
  | 'run.started'
  | 'warmup.completed'
  | 'policy.changed'
  | 'order.canceled'
  | 'order.expired'
  | 'directive.issued'
  | 'kill.released'
  | 'flatten.requested'
  | 'reduction.requested'
  | 'alert.cleared'
  | 'job.requested'
  | 'job.completed'
  | 'job.canceled'
  | 'desk.armed'
  | 'desk.disarmed'
  | 'venue.opened'
  | 'venue.restored'
  | 'balance.changed'
  | 'instrument.changed'
  | 'deadline.reached'];

function noted(event: Noted): Told {
  const { type, at: _at, ...metadata } = withoutTrace(event);
  return {
    level: 'info',
    event: type,
    message: 'reason' in event ? event.reason : type,
    module: moduleOf(event),
    metadata,
  };
}

/** The trace stands in its own field, and whole documents are the journal's. */
const untold: ReadonlySet<string> = new Set(['traceparent', 'document', 'input', 'result']);

/** Names that hold the word `key` would be blotted out by the log. */
function withoutTrace(event: Troubled | Noted): Readonly<Record<string, unknown>> & { readonly type: string } {
  const renamed = Object.entries(event)
    .filter(([name]) => !untold.has(name))
    .map(([name, value]) => [name === 'key' ? 'policy' : name, value as unknown]);
  return { ...Object.fromEntries(renamed), type: event.type };
}

function moduleOf(event: Troubled | Noted): string {
  if ('module' in event) return event.module;
  if ('actor' in event) return event.actor;
  if ('jobId' in event) return 'jobs';
  return event.type.startsWith('order.') && event.type !== 'order.denied' ? 'venue' : 'desk';
}
