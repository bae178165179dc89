import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { openMarketData } from '#adapters/bars/open-market-data.ts';
import type { JobFunction } from '#adapters/jobs/job-engine.ts';
import { listOf, numberOf } from '#domain/configuration/configuration-value.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { runBacktest } from '../backtest.ts';
import { configurationFrom, policyDocuments } from '../desk-setup.ts';

const inputSchema = z.strictObject({
  desk: z.literal('fx').default('fx'),
  /** A bar store, or a folder of files of bars. */
  data: z.string().min(1),
  /** First instant of the data, and the first no longer wanted, ms UTC. */
  fromAt: z.int().default(0),
  untilAt: z.int().default(Number.MAX_SAFE_INTEGER),
  seed: z.int().min(0).max(4_294_967_295).default(1),
  startBalance: z.number().positive().default(100_000),
  /** Configuration variables. What a worker's own environment says is left out: it may be another machine's. */
  settings: z.record(z.string(), z.string()).default({}),
});

/** Runs recorded bars through the whole desk. The result holds the figures of the report and keeps nothing else. */
export const runBacktestJob: JobFunction = async (input, { progress }) => {
  const { desk, data, fromAt, untilAt, seed, startBalance, settings } = inputSchema.parse(input);
  const values = configurationFrom(settings);
  const marginRate = numberOf(values, 'EXPOSURE_SCALE');
  const instruments = listOf(values, 'HOTBAND_PAIRS').map((symbol) => fxInstrument(symbol, marginRate));
  const { series, dataHash, warnings } = openMarketData(data, instruments, { fromAt, untilAt, interval: 'M1' });
  const { summary, barsPerSecond } = await runBacktest({
    desk,
    series,
    instruments,
    policies: policyDocuments(values, desk),
    seed,
    startBalance,
    dataHash,
    market: `data:${basename(resolve(data))}`,
    warnings,
    onProgress: (done, total) => progress(done / total, `${done} of ${total} bars`),
  });
  return { ...summary, barsPerSecond };
};
