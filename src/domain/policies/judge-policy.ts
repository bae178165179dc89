import { type PolicyDomain, type PolicyKey, parsePolicy, parsePolicyKey } from '../policies.ts';
import { guardRailProblem } from './guard-rails.ts';

/** A change of one document as it is asked for. */
export interface PolicyWriting {
  readonly key: string;
  /** The version it would become: one more than the one in force. */
  readonly version: number;
  readonly schemaVersion: number;
  readonly document: Readonly<Record<string, unknown>>;
}

/** What a change is judged by. */
export interface PolicyLaw {
  readonly domains: Readonly<Record<string, PolicyDomain>>;
  /** The run's desk; empty before the run has begun. */
  readonly desk: string;
  /** The kind of the run. */
  readonly kind: string;
  /** Version of the document in force; 0 where there is none. */
  readonly heldVersion: number;
}

/** Why a change is refused. */
export type PolicyRefusalCode = 'unknown-domain' | 'wrong-desk' | 'stale-version' | 'invalid' | 'guard-rail';

export interface PolicyRefusal {
  readonly code: PolicyRefusalCode;
  readonly problem: string;
}

/** The document that would be in force, lifted to the schema of today, or why it may not be. */
export type PolicyJudgement = { readonly key: PolicyKey; readonly document: Record<string, unknown> } | PolicyRefusal;

/** The one judge of policy changes: the engine, its followers and whoever shows a change before it is made ask it alike. */
export function judgePolicy(law: PolicyLaw, writing: PolicyWriting): PolicyJudgement {
  const key = parsePolicyKey(writing.key);
  const domain = key !== undefined && Object.hasOwn(law.domains, key.domain) ? law.domains[key.domain] : undefined;
  if (key === undefined || domain === undefined) return refusal('unknown-domain', `'${writing.key}' is no policy key`);
  const misplaced = deskProblem(law, key, domain);
  if (misplaced !== undefined) return refusal('wrong-desk', misplaced);
  const expected = law.heldVersion + 1;
  if (writing.version !== expected) {
    const problem = `version ${writing.version} was written over version ${law.heldVersion}, expected ${expected}`;
    return refusal('stale-version', problem);
  }
  const parsed = parsePolicy(domain, { ...writing.document }, writing.schemaVersion, key.symbol !== undefined);
  if ('problem' in parsed) return refusal('invalid', parsed.problem);
  const beyond = guardRailProblem(key.domain, parsed.document, law.kind);
  if (beyond !== undefined) return refusal('guard-rail', beyond);
  return { key, document: parsed.document };
}

/** A document that nobody could ever read is refused, so that nobody believes it is in force. */
function deskProblem({ desk }: PolicyLaw, key: PolicyKey, domain: PolicyDomain): string | undefined {
  if (domain.isDeskWide === true && key.symbol !== undefined)
    return `'${key.domain}' holds for the whole desk, found a document for '${key.symbol}'`;
  if (desk === '' || key.desk === desk || key.desk === domain.keptForDesk) return undefined;
  return `expected a document of the desk '${desk}', found one of '${key.desk}'`;
}

function refusal(code: PolicyRefusalCode, problem: string): PolicyRefusal {
  return { code, problem };
}
