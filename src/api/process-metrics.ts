import { collectDefaultMetrics, Registry } from 'prom-client';
import { processMetricPrefix } from '#domain/measures/metric-rows-process.ts';

/** Begins to watch the process: processor time, memory, event loop, garbage collection. Called once in a process. */
export function processMetrics(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register, prefix: processMetricPrefix });
  return register;
}
