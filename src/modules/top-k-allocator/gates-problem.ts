import type { GatesDocument } from '#domain/events.ts';

/** Why the evaluator's document may not be used. */
export type GatesProblem = 'gates-missing' | 'gates-stale' | 'gates-invalid';

/** Clocks of evaluator and allocator may differ by this much. */
const aheadMsMax = 5_000;
const bufferMax = 0.3;

/** What a document is checked against: the time, the symbols it must name, and its greatest age. */
export interface GatesCheck {
  readonly at: number;
  readonly symbols: readonly string[];
  readonly maxAgeSeconds: number;
}

/** What is wrong with the evaluator's document, or undefined where it may be used (FX desk specification d.6, d.7). */
export function gatesProblem(gates: GatesDocument | null, check: GatesCheck): GatesProblem | undefined {
  if (gates === null) return 'gates-missing';
  if (!Number.isSafeInteger(gates.ts) || gates.ts > check.at + aheadMsMax) return 'gates-invalid';
  if (check.at - gates.ts > check.maxAgeSeconds * 1000) return 'gates-stale';
  const isWhole = check.symbols.every((symbol) => isFlag(gates.gates[symbol]));
  const hasSaneBuffers = Object.values(gates.bufs).every((buffer) => buffer >= 0 && buffer <= bufferMax);
  return isWhole && hasSaneBuffers ? undefined : 'gates-invalid';
}

function isFlag(value: number | undefined): boolean {
  return value === 0 || value === 1;
}
