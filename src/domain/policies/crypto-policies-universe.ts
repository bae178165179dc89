import { z } from 'zod';

/** Profiles of instrument choice, from the narrowest. */
const universeProfiles = ['megacap', 'l1l2-top', 'explicit'] as const;

/** Which instruments the crypto desk may choose among. An empty list of allowed ones allows all. */
export const universePolicySchema = z.strictObject({
  profile: z
    .enum(universeProfiles)
    .default('l1l2-top')
    .describe('Which instruments are looked at: the largest, the leading chains, or the allowed ones alone.'),
  max_symbols: z.int().min(1).max(1_000).default(100).describe('Instruments kept at most.'),
  refresh_hours: z.int().min(1).default(24).describe('Hours between two choices.'),
  min_quote_volume: z.number().min(0).default(5_000_000).describe('Lowest turnover of a day, in USDT.'),
  allow: z
    .array(z.string())
    .default(() => [])
    .describe('Instruments that may be chosen; empty for all.'),
  deny: z
    .array(z.string())
    .default(() => [])
    .describe('Instruments that never are.'),
});
