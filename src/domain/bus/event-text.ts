import type { z } from 'zod';
import { type EventType, eventSchemas, isEventType, originOf } from '../events.ts';
import { busCatalogue, houseSchemaVersion, inwardReasonOf, isMarketData } from './bus-catalogue.ts';
import type { BusEvent, BusEvents } from './bus-event.ts';
import { consumerGroups, deadLetterStreamOf, envelopeSchema, fastLaneDomains, streamNamesOf } from './envelope.ts';
import { fieldTexts } from './schema-text.ts';

/** The reference page of every event, in Markdown: those of the house, those of the catalogue, and how they travel. */
export function renderEventReference(): string {
  return [...introduction(), ...houseTable(), ...catalogueTable(), ...envelopeTable(), ...travel()].join('\n');
}

function introduction(): string[] {
  return [
    '# Events',
    '',
    'Made from the event table and the catalogue; do not edit. Every event stands in the journal under its name of the house. Other',
    'processes hear it on the bus under that name, and once more in the words of the catalogue where it means something there.',
    'The bus is a projection of the journal: it can be emptied and told again, with the same ids.',
    '',
  ];
}

function houseTable(): string[] {
  const types = Object.keys(eventSchemas).filter(isEventType);
  return [
    '## Events of the house',
    '',
    'Inputs come from outside, decisions and commands follow from them; facts are journalled by live and paper desks and left out',
    'of long backtests. Prices, quantities and money are whole numbers in the declared decimals, instants are ms UTC. On the bus',
    `the payload is the event as it is, in schema version ${houseSchemaVersion}.`,
    '',
    '| event | origin | fields | on the bus |',
    '| --- | --- | --- | --- |',
    ...types.map((type) => row([code(type), originOf(type), fields(eventSchemas[type]), outwardText(type)])),
    '',
  ];
}

function outwardText(type: EventType): string {
  const reason = inwardReasonOf(type);
  if (reason !== undefined) return `no: ${reason}`;
  return isMarketData(type) ? 'once the desk is warm' : 'yes';
}

function catalogueTable(): string[] {
  const events: BusEvents = busCatalogue;
  const entries = Object.entries(events);
  return [
    '## Catalogue',
    '',
    'Prices and sizes are decimal numbers, ratios fractions, instants ms UTC. A figure that does not exist on the desk is null. An',
    'alias is published as well, as an envelope of its own with the same payload. What is planned has a schema and is not published.',
    '',
    '### What exists',
    '',
    '| event | meaning | fields | told by | heard by | key |',
    '| --- | --- | --- | --- | --- | --- |',
    ...entries.filter(([, { plannedIn }]) => plannedIn === null).map(([name, event]) => existingRow(name, event)),
    '',
    '### What is planned',
    '',
    '| event | meaning | fields | told by | planned |',
    '| --- | --- | --- | --- | --- |',
    ...entries.filter(([, { plannedIn }]) => plannedIn !== null).map(([name, event]) => plannedRow(name, event)),
    '',
  ];
}

function existingRow(name: string, event: BusEvent): string {
  const { meaning, schema, consumers, key } = event;
  return row([names(name, event), meaning, fields(schema), toldBy(event), consumers.join(', '), key ?? 'the desk']);
}

function plannedRow(name: string, event: BusEvent): string {
  const { meaning, schema, plannedIn } = event;
  return row([names(name, event), meaning, fields(schema), toldBy(event), `issue ${plannedIn}`]);
}

function names(name: string, { aliases }: BusEvent): string {
  return [name, ...aliases].map(code).join(', also ');
}

function toldBy({ producer, origin }: BusEvent): string {
  return origin === 'journal' ? producer : `${producer}, by the process itself`;
}

function envelopeTable(): string[] {
  return [
    '## Envelope',
    '',
    'What travels is JSON. The id is a uuid of version 7 made of the run, the place in the journal and the type: a message that is',
    'told twice has one id. Trace and spans are those of W3C trace context; an event belongs to the trace of the input that caused it.',
    '',
    '| field | type |',
    '| --- | --- |',
    ...fieldTexts(envelopeSchema).map(({ name, type }) => row([code(name), type])),
    '',
  ];
}

function travel(): string[] {
  const example = 'trade.opened';
  const streams = streamNamesOf(example);
  return [
    '## Streams, groups and patterns',
    '',
    `An envelope lies in the stream of its type and in that of its domain: ${code(example)} in ${code(streams.type)} and in`,
    `${code(streams.domain)}. What a group could not take goes to ${code(deadLetterStreamOf(example))}.`,
    '',
    `Groups: ${consumerGroups.map(code).join(', ')}. Any other name makes a group of its own.`,
    '',
    `A pattern is a type, or has ${code('*')} for one segment and ${code('**')} at its end for the rest: ${code('trade.*')}, ${code('*.changed')},`,
    `${code('market.**')}. Envelopes of one key are delivered in their order.`,
    '',
    `The fast lane is delivered before everything else: ${fastLaneDomains.map((domain) => code(`${domain}.*`)).join(', ')}.`,
    '',
  ];
}

function fields(schema: z.ZodObject): string {
  return fieldTexts(schema)
    .filter(({ name }) => name !== 'type')
    .map(({ name, type }) => `${code(name)} ${type}`)
    .join('; ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
