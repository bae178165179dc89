import type { MetricRow } from './metric-row.ts';
import { metricGroups, metricTable } from './metric-table.ts';

/** The reference page of every metric, in Markdown. */
export function renderMetricReference(): string {
  const groups = metricGroups.flatMap(({ title, rows }) => [
    `## ${title}`,
    '',
    '| metric | type | labels | meaning | named by |',
    '| --- | --- | --- | --- | --- |',
    ...rows.filter(exists).map((row) => tableRow([...cellsOf(row), row.source])),
    '',
  ]);
  const planned = metricTable.filter((row) => !exists(row));
  return [
    '# Metrics',
    '',
    'Made from the metric table; do not edit. `GET /metrics` tells them in the text format of Prometheus; `deploy/prometheus` has the',
    'alerts and `deploy/grafana` a dashboard of them. Ages and spans are of event time, so that a market played fast does not trip them.',
    'A value that does not exist has no series. A histogram has series ending in `_bucket`, `_sum` and `_count`.',
    '',
    ...groups,
    '## What is planned',
    '',
    'Told from the issue on that is named; until then `/metrics` does not show them.',
    '',
    '| metric | type | labels | meaning | planned |',
    '| --- | --- | --- | --- | --- |',
    ...planned.map((row) => tableRow([...cellsOf(row), `issue ${row.plannedIn}`])),
    '',
  ].join('\n');
}

function exists({ plannedIn }: MetricRow): boolean {
  return plannedIn === null;
}

function cellsOf({ name, type, labels, help }: MetricRow): string[] {
  return [`\`${name}\``, type, labels.length === 0 ? '-' : labels.map((label) => `\`${label}\``).join(', '), help];
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
