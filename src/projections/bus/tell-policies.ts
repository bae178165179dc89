import type { Event, EventByType } from '#domain/events.ts';
import { textDigest } from '#domain/text-digest.ts';
import type { BusPolicy, BusState } from './bus-state.ts';
import type { Teller } from './teller.ts';

type Change = EventByType['policy.changed'];

/** Versions of a document whose content is remembered, so that a return to one of them is seen. */
const versionsMax = 20;
const digestLength = 12;

/** True where the entry after a policy change says that it was refused: the engine tells that next or never. */
export function isRefusalOf(change: Change, next: Event): boolean {
  return next.type === 'policy.refused' && next.key === change.key;
}

/** Tells a policy change that is in force, and takes from the document what other payloads say. */
export function takePolicy(state: BusState, teller: Teller, change: Change): void {
  const before = state.policies[change.key];
  const after = nextPolicy(change, before);
  state.policies[change.key] = after;
  const domain = change.key.split('/')[0] ?? change.key;
  const { version, actor, reason } = change;
  const common = { policy: change.key, version, updated_by: actor, reason };
  teller.tell('policy.updated', {
    ...common,
    previous_version: before?.version ?? null,
    changed_paths: changedFields(before?.fields ?? {}, after.fields).map((field) => `${domain}.${field}`),
    previous_mode: null,
    new_mode: null,
  });
  const restored = before === undefined ? undefined : restoredVersion(before, after);
  if (before !== undefined && restored !== undefined) {
    teller.tell('policy.rolled_back', { ...common, previous_version: before.version, restored_version: restored });
  }
  if (change.key === `desk/${state.desk}`) takeDesk(state, teller, change);
  if (change.key === `limits/${state.desk}`) state.maximumPositions = numberIn(change.document, 'maximumPositions');
}

function nextPolicy({ version, document }: Change, before: BusPolicy | undefined): BusPolicy {
  const fields: Record<string, string> = {};
  for (const [field, value] of Object.entries(document)) fields[field] = digestOf(value);
  const digest = digestOf(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)));
  return { version, fields, versions: [...(before?.versions ?? []), { version, digest }].slice(-versionsMax) };
}

function digestOf(value: unknown): string {
  return textDigest(JSON.stringify(value) ?? '').slice(0, digestLength);
}

function changedFields(before: BusPolicy['fields'], after: BusPolicy['fields']): string[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].filter((field) => before[field] !== after[field]).sort();
}

/** The newest version before the last whose content is in force again; undefined where the content is new, or has not changed. */
function restoredVersion(before: BusPolicy, after: BusPolicy): number | undefined {
  const digest = after.versions.at(-1)?.digest;
  if (before.versions.at(-1)?.digest === digest) return undefined;
  return before.versions.findLast((known) => known.digest === digest)?.version;
}

function takeDesk(state: BusState, teller: Teller, change: Change): void {
  const { document } = change;
  const currency = document['accountCurrency'];
  const decimals = numberIn(document, 'moneyDecimals');
  state.money = typeof currency === 'string' && decimals !== null ? { currency, decimals } : null;
  state.barIntervalMs = numberIn(document, 'barIntervalMs');
  const before = state.modes;
  const cap = document['modeCap'];
  const after = { cap: typeof cap === 'string' ? cap : '', byModule: textsIn(document['modes']) };
  state.modes = after;
  if (before !== null) tellModes(teller, change, before, after);
}

type Modes = NonNullable<BusState['modes']>;

function tellModes(teller: Teller, { actor, reason }: Change, before: Modes, after: Modes): void {
  const told = { updated_by: actor, reason };
  if (before.cap !== after.cap) {
    teller.tell('system.mode_changed', { scope: 'desk', previous_mode: before.cap, new_mode: after.cap, ...told });
  }
  for (const module of changedFields(before.byModule, after.byModule)) {
    const previous = before.byModule[module] ?? null;
    const next = after.byModule[module] ?? null;
    teller.tell('system.mode_changed', { scope: module, previous_mode: previous, new_mode: next, ...told });
  }
}

function numberIn(document: Change['document'], field: string): number | null {
  const value = document[field];
  return typeof value === 'number' ? value : null;
}

function textsIn(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  if (typeof value !== 'object' || value === null) return texts;
  for (const [name, text] of Object.entries(value)) if (typeof text === 'string') texts[name] = text;
  return texts;
}
