import type { z } from 'zod';
import type { DeepReadonly } from '#base/deep-readonly.ts';
import { type EventType, eventSchemas, isEventType } from '../events.ts';
import { modelEvents } from './bus-catalogue-model.ts';
import { safetyEvents } from './bus-catalogue-safety.ts';
import { tradeEvents } from './bus-catalogue-trade.ts';
import type { BusEvent } from './bus-event.ts';
import type { Envelope } from './envelope.ts';

/**
 * The catalogue of outward events: what other processes may hear of besides the events of the house, in the words of the seed. A name
 * of the house is never a name of the catalogue, so that a type has one shape.
 */
export const busCatalogue = { ...tradeEvents, ...safetyEvents, ...modelEvents } as const;

export type BusEventName = keyof typeof busCatalogue;
export type BusPayload<T extends BusEventName> = DeepReadonly<z.infer<(typeof busCatalogue)[T]['schema']>>;

/** Version of the payloads that are events of the house as they are journalled. */
export const houseSchemaVersion = 1;

/** Events of the house that stay inside, each with the reason. */
const inwardReasons: Readonly<Partial<Record<EventType, string>>> = {
  'time.ticked': 'the grid of the clock: twice a minute, and no news to anyone who has a clock',
};

/** Why an event of the house is not published; undefined where it is. */
export function inwardReasonOf(type: EventType): string | undefined {
  return inwardReasons[type];
}

/** What the market says, and what is made of it alone. Before a desk is warm that is history, and stays inside. */
const marketData: readonly EventType[] = [
  'bar.closed',
  'quote.updated',
  'mark.updated',
  'depth.updated',
  'manifold.published',
];

export function isMarketData(type: EventType): boolean {
  return marketData.includes(type);
}

const rows: Readonly<Record<string, BusEvent>> = busCatalogue;
const rowByType: ReadonlyMap<string, BusEvent> = new Map(
  Object.entries(rows).flatMap(([name, row]) => [name, ...row.aliases].map((type): [string, BusEvent] => [type, row])),
);

/** The catalogue's row of a type, by its name or by an alias. */
export function busEventOf(type: string): BusEvent | undefined {
  return rowByType.get(type);
}

/** What is wrong with the payload of an envelope: a type nobody knows, another version, or a field; undefined where nothing is. */
export function payloadProblem({ type, schema_version: found, payload }: Envelope): string | undefined {
  const row = isEventType(type) ? { schema: eventSchemas[type], version: houseSchemaVersion } : rowByType.get(type);
  if (row === undefined) return `'${type}' is no type of the catalogue`;
  if (found !== row.version) return `'${type}' is expected in schema version ${row.version}, found ${found}`;
  const issue = row.schema.safeParse(payload).error?.issues[0];
  if (issue === undefined) return undefined;
  return `'${type}' field '${issue.path.join('.')}': ${issue.message}`;
}
