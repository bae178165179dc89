import type { EventByType, WeightsDocument } from '#domain/events.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { policyNumber } from './kept-policies.ts';
import type { KeysState } from './keys-state.ts';

const allocationSeconds = 60;

/** Writes the vector of weights and how the allocator's last cycle went (FX desk specification e). */
export function writeWeights(
  state: KeysState,
  { at, document }: EventByType['weights.published'],
  change: (change: KeyChange) => void,
): void {
  if (!state.isWarm) return;
  const { weights, publishedAt, isHeld: hold, isFallback: fallback } = document;
  const vector = { ...weights, ts: Math.floor(publishedAt / 1000), ts_ms: publishedAt, hold, fallback };
  change({ type: 'set', key: 'risk:allocation_weights', value: JSON.stringify(vector), ttlMs: null });
  const intervalSeconds = policyNumber(state, ['top-k-allocator', 'intervalSeconds'], allocationSeconds);
  const status = JSON.stringify(statusOf(state, document, at, intervalSeconds));
  change({ type: 'set', key: 'opt:allocator:status', value: status, ttlMs: 2_000 * intervalSeconds });
}

/** Runbooks disagree on the name of the interval, so both are there. */
function statusOf(state: KeysState, document: WeightsDocument, at: number, intervalSeconds: number): object {
  return {
    ts: Math.floor(at / 1000),
    top_k: document.topK,
    weights: document.weights,
    interval: intervalSeconds,
    interval_sec: intervalSeconds,
    exposure_pct: document.exposureFractions,
    eligible_count: document.eligibleCount,
    blob_age_sec: document.gatesAgeSeconds,
    hold: document.isHeld,
    fallback: document.isFallback,
    last_publish_ts: Math.floor(document.publishedAt / 1000),
    reason: document.reason,
    scores: scoresOf(state, document),
  };
}

function scoresOf(state: KeysState, { scores }: WeightsDocument): Record<string, object> {
  const told: Record<string, object> = {};
  for (const instrument of state.instrumentIds) {
    const symbol = state.markets[instrument]?.instrument.symbol ?? '';
    const score = scores[symbol];
    const manifold = state.manifolds[instrument];
    if (score === undefined || manifold === undefined) continue;
    const { coherence: C, stability: S, rupture: R, entropy: H, hazardLambda: lambda } = manifold;
    told[symbol] = { W: score, C, S, R, H, lambda };
  }
  return told;
}
