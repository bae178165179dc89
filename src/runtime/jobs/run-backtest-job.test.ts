import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openMarketData } from '#adapters/bars/open-market-data.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { temporaryFolder, writeWalks } from '../../../tests/support/csv-bars.ts';
import { jobContext } from '../../../tests/support/job-context.ts';
import { eagerSettings } from '../../../tests/support/paper-desk.ts';
import { runBacktest } from '../backtest.ts';
import { configurationFrom, policyDocuments } from '../desk-setup.ts';
import { runBacktestJob } from './run-backtest-job.ts';

const symbols = ['EUR_USD', 'GBP_USD', 'USD_JPY'];
const settings = { ...eagerSettings, HOTBAND_PAIRS: symbols.join(',') };

test('a backtest as a job comes to the figures of the same backtest in hand', async (t) => {
  const data = writeWalks(join(temporaryFolder(t), 'data'), symbols, 600);
  const result = await runBacktestJob({ data, seed: 3, settings }, jobContext());
  const instruments = symbols.map((symbol) => fxInstrument(symbol));
  const span = { fromAt: 0, untilAt: Number.MAX_SAFE_INTEGER, interval: 'M1' } as const;
  const { series, dataHash, warnings } = openMarketData(data, instruments, span);
  const policies = policyDocuments(configurationFrom(settings), 'fx');
  const { summary } = await runBacktest({
    ...{ desk: 'fx', series, instruments, policies, seed: 3, startBalance: 100_000 },
    ...{ dataHash, market: 'data:data', warnings },
  });
  const { barsPerSecond, ...figures } = result;
  assert.deepEqual(figures, summary);
  assert.ok(Number(barsPerSecond) > 0 && summary.bars === 1_800);
});

test('what is missing or malformed is a failure that says so', async (t) => {
  const data = temporaryFolder(t);
  await assert.rejects(async () => runBacktestJob({ data, settings }, jobContext()), { name: 'ImportError' });
  await assert.rejects(async () => runBacktestJob({ data, pairs: [] }, jobContext()), { name: 'ZodError' });
  await assert.rejects(async () => runBacktestJob({ data, settings: { GUARD_PROFILE: 'x' } }, jobContext()), {
    name: 'RunError',
  });
});
