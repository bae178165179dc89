import { type BusEventName, type BusPayload, busEventOf, houseSchemaVersion } from '#domain/bus/bus-catalogue.ts';
import { type Envelope, envelopeId } from '#domain/bus/envelope.ts';
import { parentSpanIdOf, spanIdOf, traceIdOf } from '#domain/trace.ts';
import type { TailEntry } from '#projections/tail-entry.ts';
import type { BusState } from './bus-state.ts';

/** Tells what one entry of the journal means, in envelopes that carry its time and its trace. */
export interface Teller {
  readonly entry: TailEntry;
  /** The event itself, under the name of the house. */
  tellEvent(key: string): void;
  /** An event of the catalogue, under its name and its aliases. */
  tell<T extends BusEventName>(type: T, payload: BusPayload<T>): void;
}

export function createTeller(state: BusState, entry: TailEntry, change: (envelope: Envelope) => void): Teller {
  const { sequence, event, root } = entry;
  const parts = new Map<string, number>();
  const send = (type: string, version: number, key: string, payload: Envelope['payload']): void => {
    const part = parts.get(type) ?? 0;
    parts.set(type, part + 1);
    const parentSpanId = parentSpanIdOf(root, sequence);
    change({
      id: envelopeId({ runId: root.runId, sequence, type, at: event.at, part }),
      type,
      schema_version: version,
      source: `tradewind/${state.desk}`,
      ts: event.at,
      trace_id: traceIdOf(root),
      span_id: spanIdOf(root.runId, sequence),
      ...(parentSpanId === null ? {} : { parent_span_id: parentSpanId }),
      ...(key === '' ? {} : { key }),
      payload,
    });
  };
  return {
    entry,
    tellEvent: (key) => send(event.type, houseSchemaVersion, key, { ...event }),
    tell: (type, told) => {
      const row = busEventOf(type);
      if (row === undefined) return;
      const payload: Envelope['payload'] = { ...told };
      const key = row.key === null ? state.desk : String(payload[row.key] ?? state.desk);
      for (const name of [type, ...row.aliases]) send(name, row.version, key, payload);
    },
  };
}

/** The name of something that began with an entry: the same at every reading of the journal. */
export function beginningId(kind: string, { root, sequence }: TailEntry, symbol: string): string {
  return `${kind}-${root.runId.slice(0, 16)}-${sequence.toString(36)}-${symbol}`;
}
