import { Registry } from 'prom-client';
import type { MetricSources } from '#api/metrics-text.ts';
import { TradeMetrics, type TradeScene } from '#api/trade-metrics.ts';
import type { HealthReport } from '#domain/health.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { ProjectionStatus } from '#runtime/mirror/projection-runner.ts';
import { exampleStatus } from './example-status.ts';

/** Two pairs at 1.10000 and 150.000, money in six decimals. */
export const exampleScene: TradeScene = {
  instruments: () => [fxInstrument('EUR_USD'), fxInstrument('USD_JPY')],
  midPriceOf: ({ symbol }) => (symbol === 'EUR_USD' ? 110_000 : 150_000),
  moneyDecimals: () => 6,
  equity: () => 100_000,
};

/** Sources with something of everything but what comes from events and the process: those are empty unless they are given. */
export function exampleMetrics(changed: Partial<MetricSources> = {}): MetricSources {
  return {
    status: exampleStatus(),
    health: exampleHealth(),
    projections: [exampleProjection('keys', 40, 2), exampleProjection('records', 42, 0)],
    store: {
      isReachable: true,
      latencyMs: 2.5,
      version: '7.2.11',
      memoryBytes: 1_048_576,
      memoryLimitBytes: 1_073_741_824,
      keys: 12,
    },
    streams: [
      { stream: 'quantum:stream:trade.opened', length: 5, groups: [{ group: 'monitoring', lag: 3, pending: 1 }] },
    ],
    deadLetters: 2,
    journal: { lastSequence: 43, durableSequence: 42 },
    jobs: { open: 1 },
    latencyMs: 1.5,
    trades: new TradeMetrics(exampleScene),
    process: new Registry(),
    ...changed,
  };
}

function exampleProjection(name: string, sequence: number, lag: number): ProjectionStatus {
  return { name, version: 1, condition: 'following', sequence, lag, beatAt: 0, problem: undefined };
}

function exampleHealth(): HealthReport {
  const dependency = { latency_ms: 1, error: null, last_check: '2026-01-13T08:00:00.000Z', details: {} };
  return {
    service: 'tradewind',
    status: 'CRITICAL',
    uptime_s: 1,
    timestamp: '2026-01-13T08:00:00.000Z',
    dependencies: {
      journal: { ...dependency, status: 'HEALTHY' },
      postgres: { ...dependency, status: 'UNKNOWN' },
      valkey: { ...dependency, status: 'DEGRADED' },
      market_data: { ...dependency, status: 'CRITICAL' },
    },
    system: {
      cpu: 1,
      memory: 1,
      memory_used_mb: 1,
      memory_available_mb: 1,
      disk: 1,
      event_loop_lag_ms: 25,
      status: 'HEALTHY',
    },
    modules: {},
  };
}
