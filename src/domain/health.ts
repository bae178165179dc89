import { z } from 'zod';

/** From good to bad. What was never asked is UNKNOWN, and counts for nothing. */
export const healthStatuses = ['HEALTHY', 'UNKNOWN', 'DEGRADED', 'CRITICAL'] as const;
export const healthStatusSchema = z.enum(healthStatuses);
export type HealthStatus = z.infer<typeof healthStatusSchema>;

/** What one thing the desk depends on says of itself. Latencies are milliseconds. */
export const dependencyHealthSchema = z.strictObject({
  status: healthStatusSchema,
  latency_ms: z.number().nullable(),
  error: z.string().nullable(),
  last_check: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type DependencyHealth = Readonly<z.infer<typeof dependencyHealthSchema>>;

/** Shares of the machine are percent, as the seed has them. */
export const systemHealthSchema = z.strictObject({
  cpu: z.number(),
  memory: z.number(),
  memory_used_mb: z.number(),
  memory_available_mb: z.number(),
  disk: z.number(),
  event_loop_lag_ms: z.number(),
  status: healthStatusSchema,
});
export type SystemHealth = Readonly<z.infer<typeof systemHealthSchema>>;

export const moduleHealthSchema = z.strictObject({
  status: healthStatusSchema,
  /** When it last did anything, ISO UTC; null where it never did. */
  last_beat: z.string().nullable(),
  runs: z.int(),
  errors: z.int(),
  details: z.record(z.string(), z.unknown()),
});
export type ModuleHealth = Readonly<z.infer<typeof moduleHealthSchema>>;

/** The answer of `GET /api/v2/health` (crypto desk specification 3.4). */
export const healthReportSchema = z.strictObject({
  service: z.string(),
  status: healthStatusSchema,
  uptime_s: z.number(),
  timestamp: z.string(),
  dependencies: z.record(z.string(), dependencyHealthSchema),
  system: systemHealthSchema,
  modules: z.record(z.string(), moduleHealthSchema),
});
export type HealthReport = Readonly<z.infer<typeof healthReportSchema>>;

/** The worst of many; HEALTHY of none. What is UNKNOWN does not make the whole worse. */
export function worstStatus(statuses: Iterable<HealthStatus>): HealthStatus {
  let worst = 0;
  for (const status of statuses) {
    if (status !== 'UNKNOWN') worst = Math.max(worst, healthStatuses.indexOf(status));
  }
  return healthStatuses[worst] ?? 'CRITICAL';
}

/** A figure judged by two bounds: beyond the first it is DEGRADED, beyond the second CRITICAL. */
export function statusOf(value: number, degradedAbove: number, criticalAbove: number): HealthStatus {
  if (Number.isNaN(value) || value > criticalAbove) return 'CRITICAL';
  return value > degradedAbove ? 'DEGRADED' : 'HEALTHY';
}
