import type { FastifyInstance } from 'fastify';
import type { HealthReport } from '#domain/health.ts';

/** What is known of the desk's health, for whoever keeps it running. */
export interface HealthSources {
  health(): Promise<HealthReport>;
  /** Why the desk is not ready to trade, one sentence each; none where it is. */
  unreadiness(): readonly string[];
}

/**
 * `/health/live` answers as long as the process does, and is for a watchdog that starts it anew; `/health/ready` says whether the desk
 * trades, and is for whoever waits for it; `/api/v2/health` is the whole report, 503 while it is critical.
 */
export function addHealth(server: FastifyInstance, sources: HealthSources): void {
  server.get('/health/live', async () => ({ status: 'alive' }));
  server.get('/health/ready', (_request, reply) => {
    const reasons = sources.unreadiness();
    return reasons.length === 0
      ? reply.send({ status: 'ready', reasons })
      : reply.code(503).send({ status: 'not-ready', reasons });
  });
  server.get('/api/v2/health', async (_request, reply) => {
    const report = await sources.health();
    return reply.code(report.status === 'CRITICAL' ? 503 : 200).send(report);
  });
}
