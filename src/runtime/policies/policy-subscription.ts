import { subscribe } from '#adapters/bus/subscription.ts';
import type { Bus, BusProblem, Subscription } from '#adapters/bus/subscription-types.ts';
import { payloadProblem } from '#domain/bus/bus-catalogue.ts';
import type { Envelope } from '#domain/bus/envelope.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { PolicySnapshot } from '#domain/policies/policy-snapshot.ts';
import type { TimePort } from '#engine/ports.ts';

export interface PolicySubscriptionOptions {
  readonly bus: Bus;
  readonly keys: Pick<KeyStore, 'get'>;
  readonly time: TimePort;
  readonly group: string;
  readonly consumer: string;
  /** Beginning of the changed paths that are of interest, as `limits.` or `strategy.minimumCoherence`; empty for all. */
  readonly pathPrefix: string;
  /** Given the whole view that holds the change, or a later one. */
  onChange(policies: PolicySnapshot, update: Envelope): void | Promise<void>;
  onProblem(problem: BusProblem): void;
}

const lookMs = 10;
const looksMax = 100;

/**
 * Reloads policies in another process when they change: the fifth step of a change. The bus tells that there is a change, the key store
 * what it is; they are written apart, so the view is waited for until it holds the change.
 */
export function subscribePolicies(options: PolicySubscriptionOptions): Subscription {
  const { bus, group, consumer, pathPrefix, onChange, onProblem } = options;
  return subscribe(bus, {
    group,
    consumer,
    patterns: ['policy.updated'],
    payloadProblem,
    onProblem,
    handler: async (envelope) => {
      const { policy, version, changed_paths: paths } = envelope.payload;
      const isOfInterest = Array.isArray(paths) && paths.some((path) => String(path).startsWith(pathPrefix));
      if (isOfInterest) await onChange(await viewWith(options, String(policy), Number(version)), envelope);
    },
  });
}

/** The view from the version of one document on. Throws where it does not come in time; the bus then tries again. */
async function viewWith(
  { keys, time }: PolicySubscriptionOptions,
  key: string,
  version: number,
): Promise<PolicySnapshot> {
  for (let looks = 0; looks < looksMax; looks += 1) {
    const found = await keys.get('quantum:policy:current');
    if (found?.type === 'text') {
      const view = JSON.parse(found.value) as PolicySnapshot;
      if ((view.documents[key]?.version ?? 0) >= version) return view;
    }
    await new Promise<void>((done) => void time.after(lookMs, done));
  }
  throw new Error(`'quantum:policy:current' does not hold version ${version} of '${key}' yet`);
}
