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

/**
 * From the published set to slow ones that trade little: few enough that the best of them is not the luckiest of hundreds, and slow
 * enough at the end that spreads are a small share of a move.
 */
const candidatesDefault: Candidate[] = [
  { directionLookback: 12, directionThresholdBps: 2 },
  { directionLookback: 48, directionThresholdBps: 8 },
  { directionLookback: 48, directionThresholdBps: 16 },
  { directionLookback: 240, directionThresholdBps: 15 },
  { directionLookback: 240, directionThresholdBps: 30 },
  { directionLookback: 480, directionThresholdBps: 30 },
];

export const selectionParameters = z.strictObject({
  isEnabled: z.boolean().default(true).describe('Whether parameters are chosen by their results.'),
  intervalDays: z.int().min(1).default(7).describe('How often parameters are chosen.'),
  selectionDays: z
    .int()
    .min(1)
    .max(75)
    .default(30)
    .describe('Days that candidates are ranked on; they end where the held-out days begin.'),
  holdOutDays: z.int().min(1).max(14).default(7).describe('The newest days, which the ranking never sees.'),
  minimumTrades: z.int().min(1).default(8).describe('Fewest round trips on the selection days.'),
  candidates: z
    .array(candidateSchema)
    .max(candidatesMax)
    .default(candidatesDefault)
    .describe('Parameter sets tried on every instrument; what one leaves out stays as the strategy says.'),
});
export type SelectionParameters = z.infer<typeof selectionParameters>;
