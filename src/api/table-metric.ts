import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { assert } from '#base/assert.ts';
import type { MetricRow } from '#domain/measures/metric-row.ts';
import { metricNamed } from '#domain/measures/metric-table.ts';

/** A counter of the metric table in a registry. */
export function tableCounter(registry: Registry, name: string): Counter {
  return new Counter(optionsOf(registry, name, 'counter'));
}

/** A gauge of the metric table in a registry. */
export function tableGauge(registry: Registry, name: string): Gauge {
  return new Gauge(optionsOf(registry, name, 'gauge'));
}

/** A histogram of the metric table in a registry; its buckets are upper bounds, ascending. */
export function tableHistogram(registry: Registry, name: string, buckets: readonly number[]): Histogram {
  return new Histogram({ ...optionsOf(registry, name, 'histogram'), buckets: [...buckets] });
}

function optionsOf(registry: Registry, name: string, expected: MetricRow['type']) {
  const { type, help, labels, plannedIn } = metricNamed(name);
  assert(type === expected, `'${name}' is a ${type}, not a ${expected}`);
  assert(plannedIn === null, `'${name}' is planned, and is not told yet`);
  return { name, help, labelNames: [...labels], registers: [registry] };
}
