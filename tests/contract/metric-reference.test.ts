import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { metricsText } from '#api/metrics-text.ts';
import { processMetrics } from '#api/process-metrics.ts';
import { TradeMetrics } from '#api/trade-metrics.ts';
import { metricTable } from '#domain/measures/metric-table.ts';
import { renderMetricReference } from '#domain/measures/metric-text.ts';
import { requestOf } from '../support/desk-events.ts';
import { exampleMetrics, exampleScene } from '../support/example-metrics.ts';
import { livelyRun } from '../support/lively-events.ts';
import { type ScrapedFamily, scrape } from '../support/prometheus-text.ts';

const hourMs = 3_600_000;

/** Read from files that Linux alone has. */
const linuxNames = /^tradewind_process_process_(?:virtual_memory_bytes|heap_bytes|open_fds|max_fds)$/;
const existing = metricTable.filter(
  ({ name, plannedIn }) => plannedIn === null && (process.platform === 'linux' || !linuxNames.test(name)),
);

/** A desk that has lived through everything that is counted. */
function livedThrough(): TradeMetrics {
  const trades = new TradeMetrics(exampleScene);
  const instrument = 'EURUSD.OANDA';
  trades.observe({ type: 'order.submitted', at: 0, order: requestOf() });
  trades.observe({ type: 'order.rejected', at: 0, clientOrderId: 'o1', code: 'MARKET_HALTED', reason: '' });
  trades.observe({
    type: 'module.decided',
    at: 0,
    module: 'spread-gate',
    slot: 'gate',
    mode: 'ACTIVE',
    outcome: 'changed',
    reason: '',
    entries: [{ subject: instrument, code: 'spread-wide', value: 3 }],
  });
  trades.observe({
    type: 'roundTrip.closed',
    at: hourMs,
    instrument,
    direction: 'long',
    openedAt: 0,
    quantity: 1000,
    entryPrice: 110_000,
    exitPrice: 110_100,
    realizedPnl: 1_000_000,
    fees: 0,
    financing: 0,
    spreadCost: 0,
    maximumAdverse: 0,
    maximumFavorable: 2_000_000,
    reason: 'exit',
  });
  for (const hour of [1, 169]) trades.observe({ type: 'time.ticked', at: hour * hourMs });
  return trades;
}

let scraping: Promise<ReadonlyMap<string, ScrapedFamily>> | undefined;

function scraped(): Promise<ReadonlyMap<string, ScrapedFamily>> {
  scraping ??= metricsText(exampleMetrics({ trades: livedThrough(), process: processMetrics() })).then(scrape);
  return scraping;
}

test('the metric reference is what the metric table says', () => {
  const page = join(import.meta.dirname, '../../docs/reference/metrics.md');
  assert.equal(readFileSync(page, 'utf8'), renderMetricReference());
});

test('with everything there, exactly what exists is told, and nothing that is planned', async () => {
  const names = [...(await scraped()).keys()];
  assert.deepEqual(names.sort(), existing.map(({ name }) => name).sort());
});

test('every metric has the type and the labels of its row', async () => {
  const families = await scraped();
  for (const { name, type, labels } of existing) {
    const family = families.get(name);
    assert.equal(family?.type, type, name);
    for (const sample of family?.samples ?? []) {
      const own = Object.keys(sample.labels).filter((label) => type !== 'histogram' || label !== 'le');
      assert.deepEqual(own.sort(), [...labels].sort(), name);
    }
  }
});

test('everything that is told has a series, but what a young process has had no reason for', async () => {
  const rare = /^tradewind_process_nodejs_(?:gc_duration_seconds|active_requests|active_handles|active_resources)$/;
  for (const { name, samples } of (await scraped()).values()) {
    if (!rare.test(name)) assert.notEqual(samples.length, 0, name);
  }
});

test('the buckets of a histogram rise to its count', async () => {
  const families = [...(await scraped()).values()].filter(
    ({ type, samples }) => type === 'histogram' && samples.length > 0,
  );
  assert.ok(families.length >= 3);
  for (const { name, samples } of families.filter((family) => family.name.startsWith('quantum_trader'))) {
    const buckets = samples.filter(({ series }) => series === `${name}_bucket`);
    const counts = buckets.map(({ value }) => value);
    assert.deepEqual(
      counts,
      counts.toSorted((one, other) => one - other),
      name,
    );
    assert.equal(buckets.at(-1)?.labels['le'], '+Inf', name);
    assert.equal(counts.at(-1), samples.find(({ series }) => series === `${name}_count`)?.value, name);
  }
});

test('what is counted of the events of a real run is what the engine counted', async () => {
  const { events, loop } = livelyRun();
  const { state } = loop.engine;
  const instruments = Object.values(state.markets).map(({ instrument }) => instrument);
  const trades = new TradeMetrics({ ...exampleScene, instruments: () => instruments });
  for (const event of events) trades.observe(event);
  const families = scrape(await trades.registry.metrics());
  const totalOf = (family: string, series = family): number =>
    (families.get(family)?.samples ?? [])
      .filter((sample) => sample.series === series)
      .reduce((sum, { value }) => sum + value, 0);
  assert.ok((state.counts['roundTrips'] ?? 0) > 0);
  assert.equal(totalOf('quantum_trader_trade_total'), state.counts['roundTrips']);
  assert.equal(totalOf('quantum_trader_trade_pnl', 'quantum_trader_trade_pnl_count'), state.counts['roundTrips']);
  const profit = totalOf('quantum_trader_trade_pnl', 'quantum_trader_trade_pnl_sum');
  const closed = events.reduce((sum, event) => sum + (event.type === 'roundTrip.closed' ? event.realizedPnl : 0), 0);
  assert.ok(Math.abs(profit - closed / 1_000_000) < 1e-6, `${profit}`);
  assert.ok(totalOf('sep_guard_block_total') > 0);
  assert.ok(totalOf('sep_strategy_entry_total') >= (state.counts['roundTrips'] ?? 0));
});
