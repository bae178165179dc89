import { type Costs, costsSchema } from '#domain/costs.ts';
import { type DeskPolicy, deskSchema } from '#domain/policies.ts';
import type { KeysState } from './keys-state.ts';

/** Documents read once: a document is never changed in place. */
const deskPolicies = new WeakMap<object, DeskPolicy>();
const costPolicies = new WeakMap<object, Costs>();

/** The desk's own policy; undefined before there is one. */
export function deskPolicy(state: KeysState): DeskPolicy | undefined {
  return read(state, 'desk', deskPolicies, (document) => deskSchema.safeParse(document).data);
}

export function costPolicy(state: KeysState): Costs | undefined {
  return read(state, 'costs', costPolicies, (document) => costsSchema.safeParse(document).data);
}

/** A field of a domain's document for the whole desk, where it is a number; else what stands in. */
export function policyNumber(
  state: KeysState,
  field: readonly [domain: string, name: string],
  otherwise: number,
): number {
  const value = deskDocument(state, field[0])?.[field[1]];
  return typeof value === 'number' ? value : otherwise;
}

/** The document of a domain for the whole desk. */
export function deskDocument(state: KeysState, domain: string): Readonly<Record<string, unknown>> | undefined {
  return state.policies[`${domain}/${state.desk}`]?.document;
}

function read<T>(
  state: KeysState,
  domain: string,
  known: WeakMap<object, T>,
  parse: (document: object) => T | undefined,
): T | undefined {
  const document = deskDocument(state, domain);
  if (document === undefined) return undefined;
  const parsed = known.get(document) ?? parse(document);
  if (parsed !== undefined) known.set(document, parsed);
  return parsed;
}
