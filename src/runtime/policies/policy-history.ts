import type { Event, EventByType } from '#domain/events.ts';
import { changedPaths } from '#domain/policies/policy-paths.ts';
import { parsePolicy, parsePolicyKey } from '#domain/policies.ts';
import type { PolicyDomains } from '#engine/policy-view.ts';
import type { RecordedEvent } from '../read-run.ts';

/** Entries kept of one document, the newest of them. */
const historyMax = 500;

/** One change of a document as the journal has it. */
export interface PolicyHistoryEntry {
  readonly sequence: number;
  /** Event time, ms UTC. */
  readonly at: number;
  readonly key: string;
  readonly version: number;
  readonly actor: string;
  readonly reason: string;
  /** Why it was refused; null where it came into force. */
  readonly refusal: string | null;
  /** Fields that it changed; empty where it was refused. */
  readonly changedPaths: readonly string[];
  /** The document in the schema of today; as it was written where it was refused. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** Gathers the changes of every document, or of one, out of a journal's entries in their order. */
export interface PolicyHistoryFold {
  see(recorded: RecordedEvent): void;
  /** From the oldest on, once the last entry was seen. A refusal follows what it refuses. */
  entries(): PolicyHistoryEntry[];
}

export function policyHistoryFold(domains: PolicyDomains, key?: string): PolicyHistoryFold {
  const byKey = new Map<string, PolicyHistoryEntry[]>();
  let pending: { readonly event: EventByType['policy.changed']; readonly sequence: number } | undefined;
  const settle = (next: Event | undefined): void => {
    if (pending === undefined) return;
    const { event, sequence } = pending;
    pending = undefined;
    const refusal = next?.type === 'policy.refused' && next.key === event.key ? next.reason : null;
    const entries = byKey.get(event.key) ?? [];
    entries.push(entryOf(event, sequence, { refusal, before: inForce(entries)?.document, domains }));
    if (entries.length > historyMax) entries.shift();
    byKey.set(event.key, entries);
  };
  return {
    see: ({ sequence, event }) => {
      settle(event);
      if (event.type === 'policy.changed' && (key === undefined || event.key === key)) pending = { event, sequence };
    },
    entries: () => {
      settle(undefined);
      return [...byKey.values()].flat().sort((left, right) => left.sequence - right.sequence);
    },
  };
}

/** Changes of every document, or of one, from the oldest on. A refusal follows what it refuses. */
export function policyHistory(
  recorded: Iterable<RecordedEvent>,
  domains: PolicyDomains,
  key?: string,
): PolicyHistoryEntry[] {
  const fold = policyHistoryFold(domains, key);
  for (const entry of recorded) fold.see(entry);
  return fold.entries();
}

/** The document as it was in a version; undefined where the history does not have it. */
export function versionOf(
  history: readonly PolicyHistoryEntry[],
  key: string,
  version: number,
): PolicyHistoryEntry | undefined {
  return history.findLast((entry) => entry.key === key && entry.version === version && entry.refusal === null);
}

function inForce(entries: readonly PolicyHistoryEntry[]): PolicyHistoryEntry | undefined {
  return entries.findLast(({ refusal }) => refusal === null);
}

interface EntryParts {
  readonly refusal: string | null;
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly domains: PolicyDomains;
}

function entryOf(
  event: EventByType['policy.changed'],
  sequence: number,
  { refusal, before, domains }: EntryParts,
): PolicyHistoryEntry {
  const { at, key, version, actor, reason } = event;
  const document = refusal === null ? lifted(event, domains) : event.document;
  const paths = refusal === null ? changedPaths(before ?? {}, document) : [];
  return { sequence, at, key, version, actor, reason, refusal, changedPaths: paths, document };
}

function lifted(
  { key, document, schemaVersion }: EventByType['policy.changed'],
  domains: PolicyDomains,
): Readonly<Record<string, unknown>> {
  const parts = parsePolicyKey(key);
  const domain = parts === undefined ? undefined : domains[parts.domain];
  if (parts === undefined || domain === undefined) return document;
  const parsed = parsePolicy(domain, { ...document }, schemaVersion, parts.symbol !== undefined);
  return 'problem' in parsed ? document : parsed.document;
}
