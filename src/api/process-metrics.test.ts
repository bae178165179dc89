import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricRowsProcess } from '#domain/measures/metric-rows-process.ts';
import { processMetrics } from './process-metrics.ts';

/** Read from files that Linux alone has. */
const linuxNames = /_(?:virtual_memory_bytes|heap_bytes|open_fds|max_fds)$/;

test('the process tells what the table says, with its labels, and nothing else', async () => {
  const registry = processMetrics();
  const found = await registry.getMetricsAsJSON();
  const rows = metricRowsProcess.filter(({ name }) => process.platform === 'linux' || !linuxNames.test(name));
  assert.deepEqual(found.map(({ name }) => name).sort(), rows.map(({ name }) => name).sort());
  for (const { name, type, labels } of rows) {
    const metric = found.find((candidate) => candidate.name === name);
    assert.equal(String(metric?.type), type, name);
    for (const value of metric?.values ?? []) {
      const own = Object.keys(value.labels).filter((label) => label !== 'le');
      assert.deepEqual(own.sort(), [...labels].sort(), name);
    }
  }
});
