import { present } from '#base/assert.ts';
import type { Costs } from '#domain/costs.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { DeskPolicy, LimitsPolicy, PolicyDomain, StrategyPolicy } from '#domain/policies.ts';
import type { EngineState } from './state.ts';

/** Every policy domain the engine knows: those of the house and one for each module. */
export type PolicyDomains = Readonly<Record<string, PolicyDomain>>;

/** Policies in force, resolved once for each change: a domain's document, and what differs for one instrument. */
export interface PolicyView {
  readonly desk: DeskPolicy;
  readonly limits: LimitsPolicy;
  readonly costs: Costs;
  /** The document of a domain in force for an instrument, or the desk's own without one. */
  of(domain: string, instrument?: InstrumentId): unknown;
}

/**
 * Reads the policies of a desk out of the state. Documents were checked when they came in, so their shapes are trusted here:
 * this is the parser's end. Undefined while the desk has not been set up.
 */
export function readPolicies(state: EngineState): PolicyView | undefined {
  const desk = state.policies[`desk/${state.desk}`]?.document;
  const limits = state.policies[`limits/${state.desk}`]?.document;
  const costs = state.policies[`costs/${state.desk}`]?.document;
  if (desk === undefined || limits === undefined || costs === undefined) return undefined;
  const resolved = new Map<string, Map<string, unknown>>();
  return {
    desk: desk as unknown as DeskPolicy,
    limits: limits as unknown as LimitsPolicy,
    costs: costs as unknown as Costs,
    of: (domain, instrument = '') => {
      const known = resolved.get(domain)?.get(instrument);
      if (known !== undefined) return known;
      const document = mergedDocument(state, domain, instrument === '' ? undefined : instrument);
      const ofDomain = resolved.get(domain) ?? new Map<string, unknown>();
      ofDomain.set(instrument, document);
      resolved.set(domain, ofDomain);
      return document;
    },
  };
}

function mergedDocument(
  state: EngineState,
  domain: string,
  instrument: InstrumentId | undefined,
): Record<string, unknown> {
  const common = present(state.policies[`${domain}/${state.desk}`], `policy '${domain}/${state.desk}'`).document;
  const symbol = instrument === undefined ? undefined : state.markets[instrument]?.instrument.symbol;
  const own = symbol === undefined ? undefined : state.policies[`${domain}/${state.desk}/${symbol}`]?.document;
  return own === undefined ? common : { ...common, ...own };
}

export function strategyOf(policies: PolicyView, instrument?: InstrumentId): StrategyPolicy {
  return policies.of('strategy', instrument) as StrategyPolicy;
}
