import type { KeyChange } from '#domain/keys/key-change.ts';
import { policyNumber } from './kept-policies.ts';
import type { KeptManifold, KeysState } from './keys-state.ts';
import { symbolOf } from './keys-state.ts';
import { repetitionOf, stateOf } from './signal-keys.ts';

/** How long the newest window stands (FX desk specification b.3). */
export const LAST_LIFE_MS = 300_000;
/** How far back the snapshots reach; twice the repetition lookback where that is longer. */
const snapshotsLifeMs = 2 * 3_600_000;
const minuteMs = 60_000;

/** Writes and tells the newest window, and adds it to those of the last hours. `ttlMs` is the life it has left. */
export function writeManifold(
  state: KeysState,
  manifold: KeptManifold,
  ttlMs: number,
  change: (change: KeyChange) => void,
): void {
  const symbol = symbolOf(state, manifold.instrument);
  if (symbol === undefined) return;
  const document = JSON.stringify(snapshot(symbol, manifold));
  change({ type: 'set', key: `ws:last:manifold:${symbol}`, value: document, ttlMs });
  change({ type: 'publish', channel: 'ws:manifold', message: document });
  const key = `ws:manifold:hist:${symbol}`;
  const lookbackMs = policyNumber(state, ['strategy', 'signatureLookbackMinutes'], 0) * minuteMs;
  const lifeMs = Math.max(snapshotsLifeMs, 2 * lookbackMs);
  const score = manifold.windowEndAt;
  change({ type: 'add', key, score, member: document, replacesScore: true, keep: null, ttlMs: lifeMs });
  change({ type: 'dropBelow', key, score: score - lifeMs });
}

/** As the desk goes live: the windows that are young enough, each for the rest of its life. */
export function hydrateManifolds(state: KeysState, at: number, change: (change: KeyChange) => void): void {
  for (const instrument of state.instrumentIds) {
    const manifold = state.manifolds[instrument];
    if (manifold === undefined) continue;
    const ttlMs = LAST_LIFE_MS - (at - manifold.at);
    if (ttlMs > 0) writeManifold(state, manifold, ttlMs, change);
  }
}

function snapshot(symbol: string, manifold: KeptManifold): object {
  const { at, coherence, stability, entropy, rupture } = manifold;
  return {
    instrument: symbol,
    ts_ms: at,
    metrics: { coherence, stability, entropy, rupture },
    coeffs: { sigma_eff: manifold.sigmaEffective, lambda: manifold.hazardLambda },
    diagnostics: {
      state: stateOf(rupture),
      window_end_ms: manifold.windowEndAt,
      price_end: manifold.endPrice,
      coherence_pattern: manifold.patternCoherence,
      down_run_ratio: manifold.downRunRatio,
      hazard_r: rupture,
      hazard_lambda: manifold.hazardLambda,
    },
    repetition: repetitionOf(manifold),
  };
}
