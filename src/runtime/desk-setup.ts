import { buildCalendar } from '#adapters/calendar/build-calendar.ts';
import type { BarColumns } from '#domain/bar.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import type { ConfigurationValues } from '#domain/configuration/configuration-value.ts';
import { type DeskName, firstPolicies } from '#domain/configuration/first-policies.ts';
import { readConfiguration } from '#domain/configuration/read-configuration.ts';
import type { Costs } from '#domain/costs.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import { scaleOf } from '#domain/scale.ts';
import type { VenuePort } from '#engine/ports.ts';
import { modules } from '#modules/index.ts';
import { simulatedVenue } from '#sim/simulated-venue.ts';
import { createVenueState, type VenueState } from '#sim/venue-state.ts';
import { RunError } from './run-folder.ts';
import type { ListedInstrument, PolicyDocument } from './start-events.ts';

const dayMs = 86_400_000;
/** Time before and after the data that the calendar covers, so that sessions at its edges are whole. */
const calendarMarginDays = 14;

/** The variables in force, every one of them checked. */
export function configurationFrom(environment: Readonly<Record<string, string | undefined>>): ConfigurationValues {
  const { values, problems } = readConfiguration(environment);
  if (problems.length > 0) throw new RunError(problems.join('\n'));
  return values;
}

/** The first documents of every policy domain: the environment's where it says something, the modules' own defaults elsewhere. */
export function policyDocuments(values: ConfigurationValues, desk: DeskName): PolicyDocument[] {
  const stated = new Map(firstPolicies(values, { desk }).map(({ key, document }) => [key, document]));
  for (const module of modules) {
    const key = `${module.name}/${desk}`;
    stated.set(key, { ...module.parameters.parse({}), ...stated.get(key) });
  }
  return [...stated.entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, document]) => ({ key, document }));
}

export function calendarAround(fromAt: number, untilAt: number): CalendarDocument {
  return buildCalendar({
    fromAt: fromAt - calendarMarginDays * dayMs,
    untilAt: untilAt + calendarMarginDays * dayMs,
    preset: 'local',
  });
}

/** The calendar of a market that never closes. */
export function alwaysAround(fromAt: number, untilAt: number): CalendarDocument {
  return buildCalendar({ fromAt, untilAt, preset: 'always' });
}

export function listedSeries(series: readonly BarColumns[], instruments: readonly Instrument[]): ListedInstrument[] {
  const listed: ListedInstrument[] = [];
  for (const { instrument: id, hasVolume, priceBasis } of series) {
    const instrument = instruments.find((candidate) => candidate.id === id);
    if (instrument !== undefined) listed.push({ instrument, hasVolume, priceBasis });
  }
  return listed;
}

export interface VenueSetup {
  readonly listed: readonly ListedInstrument[];
  readonly policies: readonly PolicyDocument[];
  readonly desk: string;
  readonly calendar: CalendarDocument;
  readonly startBalance: number;
  readonly seed: number;
}

/** A simulated venue with the desk's own account and costs. */
export function venueFor(setup: VenueSetup): VenueState {
  const desk = documentOf(setup, 'desk') as unknown as DeskPolicy;
  const costs = documentOf(setup, 'costs') as unknown as Costs;
  return createVenueState({
    accountCurrency: desk.accountCurrency,
    moneyDecimals: desk.moneyDecimals,
    startBalance: Math.round(setup.startBalance * scaleOf(desk.moneyDecimals)),
    instruments: setup.listed.map(({ instrument }) => instrument),
    priceBasisOf: Object.fromEntries(setup.listed.map(({ instrument, priceBasis }) => [instrument.id, priceBasis])),
    costs,
    calendar: setup.calendar,
    seed: setup.seed,
  });
}

export function documentOf(
  setup: { readonly policies: readonly PolicyDocument[]; readonly desk: string },
  domain: string,
): Readonly<Record<string, unknown>> {
  const found = setup.policies.find(({ key }) => key === `${domain}/${setup.desk}`);
  if (found === undefined) throw new RunError(`the configuration makes no policy '${domain}/${setup.desk}'`);
  return found.document;
}

export function openVenue(state: VenueState): VenuePort {
  return simulatedVenue(state);
}
