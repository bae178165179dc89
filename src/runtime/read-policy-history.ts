import { setImmediate } from 'node:timers/promises';
import type { PolicyDomains } from '#engine/policy-view.ts';
import { type PolicyHistoryEntry, policyHistoryFold } from './policies/policy-history.ts';
import { recordedEvents } from './read-run.ts';

/** Events read before others get their turn. */
const eventsPerTurn = 5_000;

/** The changes of policies that a run's journal holds, of one document where it is named. A desk that runs trades on meanwhile. */
export async function readPolicyHistory(
  folder: string,
  domains: PolicyDomains,
  key?: string,
): Promise<PolicyHistoryEntry[]> {
  const fold = policyHistoryFold(domains, key);
  for (const recorded of recordedEvents(folder)) {
    fold.see(recorded);
    if (recorded.sequence % eventsPerTurn === 0) await setImmediate();
  }
  return fold.entries();
}
