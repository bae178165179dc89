/** A candidate and how good it is. */
export interface ScoredSymbol {
  readonly symbol: string;
  readonly score: number;
}

/**
 * Weights of the best `topK` candidates in proportion to their scores, best first, summing to one; equal scores go by symbol
 * (FX desk specification e). A score that is not above zero earns no weight.
 */
export function topKWeights(candidates: readonly ScoredSymbol[], topK: number): Record<string, number> {
  const best = candidates
    .filter(({ score }) => score > 0 && score < Infinity)
    .sort((a, b) => b.score - a.score || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, topK);
  const sum = best.reduce((total, { score }) => total + score, 0);
  return Object.fromEntries(best.map(({ symbol, score }) => [symbol, score / sum]));
}
