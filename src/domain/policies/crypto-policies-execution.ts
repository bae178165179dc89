import { z } from 'zod';

const priceShare = z.number().gt(0).max(1);

/** How orders are made on the crypto desk. Leverages are ceilings: the least of all limits counts. */
export const executionPolicySchema = z
  .strictObject({
    default_leverage: z.int().min(1).max(125).default(30).describe('Leverage where nothing suggests one.'),
    max_leverage: z.int().min(1).max(125).default(30).describe('Ceiling on leverage.'),
    default_tp: priceShare.default(0.06).describe('Distance of the target where no module plans one, of the price.'),
    default_sl: priceShare.default(0.025).describe('Distance of the stop where no module plans one, of the price.'),
    trail: priceShare.default(0.02).describe('Distance at which a stop follows, of the price.'),
    partial_tp: z.number().min(0).max(1).default(0.5).describe('Share of a position that its first target closes.'),
    max_slippage_bps: z.number().min(0).default(15).describe('Slippage that an execution may cost.'),
    max_spread_bps: z.number().min(0).default(25).describe('Widest spread at which entries are sent.'),
    scan_interval_s: z.int().min(1).default(30).describe('Seconds between two scans for signals.'),
    cooldown_s: z.int().min(0).default(300).describe('Seconds without an entry after one.'),
    max_signals_per_cycle: z.int().min(1).default(10).describe('Signals of one scan that are acted on.'),
    signal_queue_max: z.int().min(1).default(20).describe('Signals that wait; beyond that the weakest leaves.'),
    paper: z.boolean().default(true).describe('True sends orders to a simulated venue alone.'),
  })
  .refine(({ default_leverage, max_leverage }) => default_leverage <= max_leverage, {
    path: ['default_leverage'],
    message: 'the default leverage is at most the ceiling',
  });
