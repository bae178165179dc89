import type { BarColumns } from '#domain/bar.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { columnsFeed } from '#engine/columns-feed.ts';
import { runBacktest } from '#runtime/backtest.ts';
import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import { walkColumns } from '../tests/support/walk-columns.ts';

/** The whole pipeline over seeded walks of seven pairs, against a bare loop that only merges and makes the same bar events. */
const symbols = ['EUR_USD', 'GBP_USD', 'USD_JPY', 'AUD_USD', 'USD_CAD', 'USD_CHF', 'NZD_USD'];
const barsPerPair = 60_000;
const repetitions = 3;

const instruments = symbols.map((symbol) => fxInstrument(symbol));
const series: BarColumns[] = instruments.map((instrument, index) => walkColumns(instrument, barsPerPair, index + 1));

function drain(): number {
  const feed = columnsFeed(series);
  let bars = 0;
  while (feed.next() !== undefined) bars += 1;
  return bars;
}

async function pipeline(): Promise<number> {
  const { summary } = await runBacktest({
    desk: 'fx',
    series,
    instruments,
    policies: policyDocuments(configurationFrom({}), 'fx'),
    seed: 1,
    startBalance: 100_000,
    dataHash: 'walk',
    market: 'walk',
    warnings: [],
  });
  return summary.bars;
}

const ratios: number[] = [];
const rates: number[] = [];
for (let repetition = 0; repetition < repetitions; repetition += 1) {
  const bareStarted = performance.now();
  const bars = drain();
  const bareMs = performance.now() - bareStarted;
  const started = performance.now();
  await pipeline();
  const ms = performance.now() - started;
  ratios.push(ms / bareMs);
  rates.push((bars / ms) * 1000);
}
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
process.stdout.write(`full pipeline, ${symbols.length} pairs, ${barsPerPair} bars each, median of ${repetitions}\n`);
process.stdout.write(
  `  ${Math.round(median(rates))} bars a second, ${median(ratios).toFixed(1)} × the bare merge of the same bars\n`,
);
process.stdout.write(`  peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB\n`);
