import { slotNames } from '#domain/pipeline.ts';
import { judgePolicy, type PolicyJudgement, type PolicyWriting } from '#domain/policies/judge-policy.ts';
import type { DeskPolicy } from '#domain/policies.ts';
import type { Engine } from './engine.ts';

/** What the engine says of a change of policy: the judge's word, and whether a desk's modules can stand where it puts them. */
export function checkPolicy(engine: Engine, writing: PolicyWriting): PolicyJudgement {
  const { domains, state } = engine;
  const { desk, kind } = state;
  const heldVersion = state.policies[writing.key]?.version ?? 0;
  const judgement = judgePolicy({ domains, desk, kind, heldVersion }, writing);
  if ('problem' in judgement || judgement.key.domain !== 'desk') return judgement;
  const problem = misplacedModule(engine, judgement.document);
  return problem === undefined ? judgement : { code: 'invalid', problem };
}

/**
 * A module in a slot it has no proposal for would stop every decision, after a restart as well; one that does not exist would be
 * missing in silence, and a missing gate lets everything through.
 */
function misplacedModule({ modules }: Engine, document: Record<string, unknown>): string | undefined {
  const { slots } = document as unknown as DeskPolicy;
  for (const slot of slotNames) {
    for (const name of slots?.[slot] ?? []) {
      const module = modules.find((candidate) => candidate.name === name);
      if (module === undefined) return `slot '${slot}' names the module '${name}', which does not exist`;
      if (module.propose[slot] === undefined) return `module '${name}' has no proposal for slot '${slot}'`;
    }
  }
  return undefined;
}
