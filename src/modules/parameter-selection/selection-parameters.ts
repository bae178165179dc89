import { z } from 'zod';
import { strategySchema } from '#domain/policies.ts';

/** Candidates that an instrument may have; each costs a shadow run. */
const candidatesMax = 16;

const { shape } = strategySchema;

/** What a candidate may change of a strategy: the parameters a backtest is filed under, and nothing else. */
const candidateSchema = z.strictObject({
  coherencePercentile: shape.coherencePercentile.exactOptional(),
  minimumCoherence: shape.minimumCoherence.exactOptional(),
  directionLookback: shape.directionLookback.exactOptional(),
  directionThresholdBps: shape.directionThresholdBps.exactOptional(),
  entryCooldownSeconds: shape.entryCooldownSeconds.exactOptional(),
  exitCooldownSeconds: shape.exitCooldownSeconds.exactOptional(),
});
export type Candidate = z.infer<typeof candidateSchema>;

/** Three lookbacks with two thresholds: few enough that the best of them is not the luckiest of hundreds. */
const candidatesDefault: Candidate[] = [12, 24, 48].flatMap((directionLookback) =>
  [2, 4].map((directionThresholdBps) => ({ directionLookback, directionThresholdBps })),
);

export const selectionParameters = z.strictObject({
  isEnabled: z.boolean().default(true),
  /** How often parameters are chosen. */
  intervalDays: z.int().min(1).default(7),
  /** Days that candidates are ranked on; they end where the held-out days begin. */
  selectionDays: z.int().min(1).max(75).default(30),
  /** The newest days, which the ranking never sees. */
  holdOutDays: z.int().min(1).max(14).default(7),
  /** Fewest round trips on the selection days. */
  minimumTrades: z.int().min(1).default(8),
  candidates: z.array(candidateSchema).max(candidatesMax).default(candidatesDefault),
});
export type SelectionParameters = z.infer<typeof selectionParameters>;
