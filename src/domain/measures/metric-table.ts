import { present } from '#base/assert.ts';
import type { MetricRow } from './metric-row.ts';
import { metricRowsCrypto, metricRowsFx, metricRowsRun } from './metric-rows-desk.ts';
import { metricRowsPlatform } from './metric-rows-platform.ts';
import { metricRowsProcess } from './metric-rows-process.ts';

/** Metrics that belong together, in the order in which texts show them. */
export interface MetricGroup {
  readonly title: string;
  readonly rows: readonly MetricRow[];
}

/**
 * The one table of every metric (FX desk specification i.3, crypto desk specification 12.8). What `/metrics` shows, the reference page,
 * and the check of alerts and dashboards are derived from it.
 */
export const metricGroups: readonly MetricGroup[] = [
  { title: 'Desk', rows: metricRowsRun },
  { title: 'FX desk', rows: metricRowsFx },
  { title: 'Crypto desk', rows: metricRowsCrypto },
  { title: 'Journal, projections and stores', rows: metricRowsPlatform },
  { title: 'Process', rows: metricRowsProcess },
];

export const metricTable: readonly MetricRow[] = metricGroups.flatMap(({ rows }) => rows);

const byName: ReadonlyMap<string, MetricRow> = new Map(metricTable.map((row) => [row.name, row]));

/** The row of a name that our own code shows. */
export function metricNamed(name: string): MetricRow {
  return present(byName.get(name), `metric ${name}`);
}

/** The row that a series belongs to: a histogram has series of its buckets, its sum and its count. */
export function findMetric(series: string): MetricRow | undefined {
  const named = byName.get(series);
  if (named !== undefined) return named;
  const histogram = byName.get(series.replace(/_(?:bucket|sum|count)$/, ''));
  return histogram?.type === 'histogram' ? histogram : undefined;
}
