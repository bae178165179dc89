import { createHash } from 'node:crypto';
import type { PriceBasis } from '#domain/bar.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import type { Event, EventByType } from '#domain/events.ts';
import type { Instrument } from '#domain/instrument.ts';
import { housePolicies } from '#domain/policies.ts';
import { scaleOf } from '#domain/scale.ts';
import { modules } from '#modules/index.ts';
import { codeVersion } from './code-version.ts';

/** An instrument with what is known of its series. */
export interface ListedInstrument {
  readonly instrument: Instrument;
  readonly hasVolume: boolean;
  readonly priceBasis: PriceBasis;
}

export interface PolicyDocument {
  readonly key: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Everything a run begins with; together it names the run. */
export interface RunSetup {
  readonly kind: EventByType['run.started']['kind'];
  readonly desk: string;
  readonly at: number;
  readonly seed: number;
  /** In whole units of the account currency. */
  readonly startBalance: number;
  readonly moneyDecimals: number;
  readonly recordsFacts: boolean;
  readonly dataHash: string;
  readonly instruments: readonly ListedInstrument[];
  readonly policies: readonly PolicyDocument[];
  readonly calendar: CalendarDocument;
  /** A simulated run releases the kill switch itself; a live one starts with it engaged. */
  readonly releasesKill: boolean;
  /** A live desk's own, kept with its folder; that of a simulated run is worked out of the rest. */
  readonly runId?: string;
}

/** The identity of a simulated run: a hash of configuration, data, code and seed. */
export function runIdOf(setup: RunSetup): string {
  const { kind, desk, at, seed, startBalance, dataHash } = setup;
  return sha256([kind, desk, at, seed, startBalance, dataHash, configHashOf(setup), codeVersion()]).slice(0, 16);
}

export function configHashOf(setup: RunSetup): string {
  return sha256([setup.policies, setup.calendar.version, setup.instruments]).slice(0, 16);
}

/** The inputs every run begins with, in order: who it is, the calendar, the instruments, the policies, the kill switch. */
export function startEvents(setup: RunSetup): Event[] {
  const { at, kind, desk, seed, recordsFacts, dataHash } = setup;
  const events: Event[] = [
    {
      type: 'run.started',
      at,
      runId: setup.runId ?? runIdOf(setup),
      kind,
      desk,
      seed,
      startBalance: Math.round(setup.startBalance * scaleOf(setup.moneyDecimals)),
      recordsFacts,
      configHash: configHashOf(setup),
      dataHash,
      codeVersion: codeVersion(),
    },
    { type: 'calendar.loaded', at, calendar: setup.calendar },
  ];
  const listed = setup.instruments.slice().sort((left, right) => (left.instrument.id < right.instrument.id ? -1 : 1));
  for (const { instrument, hasVolume, priceBasis } of listed) {
    events.push({ type: 'instrument.listed', at, instrument, hasVolume, priceBasis });
  }
  for (const policy of setup.policies) events.push(firstVersion(policy, at, 'first policies'));
  if (setup.releasesKill) events.push({ type: 'kill.released', at, actor: 'run', reason: `a fresh ${kind} run` });
  return events;
}

/**
 * The first documents of domains that a folder's run does not have yet: those of modules that came after it was begun. Without them
 * the desk would not act, since it waits until every policy is there.
 */
export function addedPolicies(
  policies: readonly PolicyDocument[],
  held: Readonly<Record<string, unknown>>,
  at: number,
): EventByType['policy.changed'][] {
  const missing = policies.filter(({ key }) => held[key] === undefined);
  return missing.map((policy) => firstVersion(policy, at, 'a domain that the run did not have'));
}

function firstVersion({ key, document }: PolicyDocument, at: number, reason: string): EventByType['policy.changed'] {
  const schemaVersion = schemaVersionOf(key);
  return { type: 'policy.changed', at, key, version: 1, schemaVersion, document, actor: 'configuration', reason };
}

function schemaVersionOf(key: string): number {
  const domain = key.split('/')[0] ?? '';
  const house = Object.entries(housePolicies).find(([name]) => name === domain);
  return house?.[1].version ?? modules.find((module) => module.name === domain)?.version ?? 1;
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
