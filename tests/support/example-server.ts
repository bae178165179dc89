import type { ServerOptions } from '#api/server.ts';
import { exampleStatus } from './example-status.ts';

/** What a server needs beside what a test looks at: a healthy desk, no keys, no policies, no traces. */
export const exampleServer: ServerOptions = {
  host: '127.0.0.1',
  port: 0,
  allowedHosts: [],
  readOnly: false,
  status: exampleStatus,
  metrics: () => 'tradewind_equity 1\n',
  kill: () => ({ isDone: true, message: 'done' }),
  reconcile: () => ({ isDone: true, message: 'the books are being compared' }),
  health: async () => ({
    service: 'tradewind',
    status: 'HEALTHY',
    uptime_s: 1,
    timestamp: '2026-01-01T00:00:00.000Z',
    dependencies: {},
    system: {
      cpu: 1,
      memory: 1,
      memory_used_mb: 1,
      memory_available_mb: 1,
      disk: 1,
      event_loop_lag_ms: 0,
      status: 'HEALTHY',
    },
    modules: {},
  }),
  unreadiness: () => [],
  keys: { get: async () => undefined, list: async () => ({ keys: [] }) },
  policies: () => ({}),
  policyHistory: () => [],
  trace: async () => undefined,
};
