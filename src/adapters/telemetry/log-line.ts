import { z } from 'zod';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One line of the log: the fields of the seed, and no others. */
export const logLineSchema = z.strictObject({
  timestamp: z.iso.datetime({ precision: 3 }),
  level: z.enum(logLevels),
  service_name: z.string(),
  /** What happened, as `order.filled`. */
  event: z.string(),
  /** 32 hexadecimal digits; null for what belongs to no trace. */
  trace_id: z.string().nullable(),
  span_id: z.string().optional(),
  module: z.string(),
  function: z.string().optional(),
  line: z.int().optional(),
  message: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()),
  error: z.strictObject({ type: z.string(), message: z.string(), stack: z.string() }).optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;
