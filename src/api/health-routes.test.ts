import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Fastify from 'fastify';
import { type HealthReport, healthReportSchema } from '#domain/health.ts';
import { addHealth } from './health-routes.ts';

const report: HealthReport = {
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
};

function scene(t: TestContext, status: HealthReport['status'], reasons: readonly string[] = []) {
  const server = Fastify();
  addHealth(server, { health: async () => ({ ...report, status }), unreadiness: () => reasons });
  t.after(() => server.close());
  return server;
}

test('a process that answers is alive, whatever its desk does', async (t) => {
  const answer = await scene(t, 'CRITICAL', ['history is being taken in']).inject('/health/live');
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json(), { status: 'alive' });
});

test('a desk that does not trade yet is not ready, and says why', async (t) => {
  const answer = await scene(t, 'HEALTHY', ['history is being taken in']).inject('/health/ready');
  assert.equal(answer.statusCode, 503);
  assert.deepEqual(answer.json(), { status: 'not-ready', reasons: ['history is being taken in'] });
  assert.equal((await scene(t, 'HEALTHY').inject('/health/ready')).statusCode, 200);
});

test('the report is whole, and 503 while it is critical', async (t) => {
  for (const [status, code] of [
    ['HEALTHY', 200],
    ['DEGRADED', 200],
    ['CRITICAL', 503],
  ] as const) {
    const answer = await scene(t, status).inject('/api/v2/health');
    assert.equal(answer.statusCode, code);
    assert.equal(healthReportSchema.parse(answer.json()).status, status);
  }
});
