import { planRole, planRun, type RolePlan, type RunArguments, type RunPlan } from '#cli/run-plan.ts';
import { gappedPairs } from './gapped-market.ts';
import { eagerSettings } from './paper-desk.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Asks for a desk that trades a small recorded market at once, on any free port. */
export function eagerArguments(market: string, dataDir: string, changes: Partial<RunArguments> = {}): RunArguments {
  return {
    market: `data:${market}`,
    dataDir,
    instruments: gappedPairs,
    balance: 100_000,
    port: 0,
    speed: 100_000,
    set: eagerSettings,
    ...changes,
  };
}

export function eagerPlan(asked: RunArguments, environment: Environment = {}): RunPlan {
  return planRun(asked, { TRADEWIND_ENGINE_PORT: '0', ...environment });
}

/** A part of a desk that finds its engine at an address. */
export function rolePlan(role: 'api' | 'mirror', engineUrl: string, environment: Environment = {}): RolePlan {
  const asked = { market: 'synthetic', balance: 100_000, port: 0, set: {}, role };
  return planRole(asked, { ...environment, TRADEWIND_ENGINE_URL: engineUrl });
}
