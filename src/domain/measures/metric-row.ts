/** One row of the metric table: a name that `/metrics` shows, or will show. */
export interface MetricRow {
  /** As Prometheus spells it; counters end in `_total`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Every series of the name has all of them. */
  readonly labels: readonly string[];
  /** Meaning and unit, one sentence. */
  readonly help: string;
  /** Who names it: a specification's section, or the house. */
  readonly source: string;
  /** Number of the issue it comes with; null for one that exists. */
  readonly plannedIn: number | null;
}

/** What a row says beside its name, its type and its help. */
interface RowDetails {
  readonly labels?: readonly string[];
  /** The house where nothing is said. */
  readonly source?: string;
  readonly plannedIn?: number;
}

export function counterRow(name: string, help: string, details: RowDetails = {}): MetricRow {
  return metricRow({ name, type: 'counter', help }, details);
}

export function gaugeRow(name: string, help: string, details: RowDetails = {}): MetricRow {
  return metricRow({ name, type: 'gauge', help }, details);
}

export function histogramRow(name: string, help: string, details: RowDetails = {}): MetricRow {
  return metricRow({ name, type: 'histogram', help }, details);
}

function metricRow(
  named: Pick<MetricRow, 'name' | 'type' | 'help'>,
  { labels = [], source = 'house', plannedIn }: RowDetails,
): MetricRow {
  return { ...named, labels, source, plannedIn: plannedIn ?? null };
}
