import { z } from 'zod';

const weight = z.number().min(0);

/** Parameters of the allocator; weights of the score's terms need not sum to one. */
export const allocatorParameters = z.strictObject({
  /** Length of the allocator's cycle; its phase is one step of the decision grid after the whole interval. */
  intervalSeconds: z.int().positive().default(60),
  topK: z.int().min(1).max(8).default(3),
  weightCoherence: weight.default(0.6),
  weightStability: weight.default(0.2),
  weightRupture: weight.default(0.15),
  weightEntropy: weight.default(0.05),
  weightHazard: weight.default(0),
  /** A vector held for longer than this only reduces positions. */
  holdMaximumSeconds: z.int().min(0).default(900),
  /** Whether the vector of the first boot, made without the evaluator, may trade. */
  fallbackTradable: z.boolean().default(false),
  gatesMaxAgeSeconds: z.int().positive().default(180),
  /** Oldest that the newest bar may be, counted from its close. */
  manifoldAgeSeconds: z.int().min(0).default(60),
  /** Share of the account that the desk may use as margin. */
  targetFraction: z.number().gt(0).max(1).default(0.3),
  /** `margin` shrinks the budget by what positions use, `equity` does not. */
  budgetBase: z.enum(['margin', 'equity']).default('margin'),
});
export type AllocatorParameters = z.infer<typeof allocatorParameters>;
