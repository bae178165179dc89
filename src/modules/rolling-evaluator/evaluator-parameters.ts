import { z } from 'zod';

const seconds = z.int().positive();
const fraction = z.number().min(0).max(1);

/** What may be set of the evaluator; defaults of the FX desk specification d.8. */
export const evaluatorParameters = z.strictObject({
  /** How often the gates are published. */
  intervalSeconds: seconds.default(60),
  /** How often summaries are made anew and counters advance. */
  backtestIntervalSeconds: seconds.default(900),
  /** From this age on a document of gates counts as missing. */
  blobMaxAgeSeconds: seconds.default(180),
  manifoldMaxAgeSeconds: seconds
    .default(600)
    .describe(
      "Oldest that an instrument's newest window may be, from the close of its last bar: one window late, and one bar missing.",
    ),
  /** The strict span; round trips are kept for 90 days. */
  windowDays: z.int().min(1).max(90).default(30),
  /** Floors of the desk; an instrument's own history may raise them. */
  minimumTrades: z.number().min(0).default(8),
  calmarMinimum: z.number().default(0.1),
  pnlMinimum: z.number().default(0),
  historyMinimum: z
    .int()
    .min(1)
    .default(20)
    .describe("Different results that an instrument's history needs before its percentiles count."),
  /** Strict: backtest with hysteresis. Echo: repetition and hazard alone. Both: one and the other. */
  mode: z.enum(['strict', 'echo', 'both']).default('strict'),
  /** Literal applies the buffer to percentiles too, which an instrument can hardly meet against its own median. */
  floorMode: z.enum(['repaired', 'literal']).default('repaired'),
  /** Half width of the band around a floor, as a share of it; 0 to 0.3 count. */
  hysteresisDefault: z.number().min(0).default(0.1),
  /** By symbol. */
  hysteresisByInstrument: z.record(z.string(), z.number().min(0)).default({ USD_CHF: 0.15, NZD_USD: 0.12 }),
  /** Passes, or fails, in a row that turn the flag. */
  requiredConsecutive: z.int().min(1).default(2),
  /** Misses in a row that arm the cooldown. */
  missLimit: z.int().min(1).default(4),
  cooldownSeconds: z.int().min(0).default(7200),
  patternGateEnabled: z
    .boolean()
    .default(false)
    .describe('The pattern gate of the first generation, which asks for a window seen before within the hour.'),
  patternMinimumOccurrences: z.int().min(1).default(2),
  /** Highest chance of a rupture within a minute over the manifold; null is off. Not the hazard of one window. */
  maximumHazard: fraction.nullable().default(null),
  echoMinimumRepetitions: z.int().min(1).default(3),
  /** Highest hazard of the newest window, which is its rupture. */
  echoHazardMaximum: fraction.default(0.7),
  eligibleAlertMinimum: z
    .int()
    .min(0)
    .default(3)
    .describe('Fewer eligible instruments than this for so long raise an alert.'),
  eligibleAlertSeconds: seconds.default(600).describe('How long that takes.'),
  cooldownAlertMinimum: z
    .int()
    .min(1)
    .default(5)
    .describe('At least so many instruments in cooldown for so long raise an alert.'),
  cooldownAlertSeconds: seconds.default(1800).describe('How long that takes.'),
});

export type EvaluatorParameters = z.infer<typeof evaluatorParameters>;
