import { createLogger, type Logger } from '#adapters/telemetry/logger.ts';
import { createTracing, type Tracing } from '#adapters/telemetry/tracing.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { configuration } from '#domain/configuration/configuration.ts';
import { type ConfigurationValues, numberOf, settingOf, textOf } from '#domain/configuration/configuration-value.ts';
import { logFolder, spanFolder } from '#runtime/telemetry/telemetry-folders.ts';

/** What a process tells of itself beside its output. */
export interface Telemetry {
  readonly log: Logger;
  readonly tracing: Tracing;
  close(): Promise<void>;
}

export interface TelemetryFrame {
  /** Event time per time of the clock. */
  readonly speed: number;
  /** Values that must not be shown, beside those of the configuration. */
  readonly secrets: readonly string[];
}

/** Opens the log and the spans that the configuration asks for; what goes into files lies in the folder. */
export function openTelemetry(
  values: ConfigurationValues,
  folder: string,
  { speed, secrets }: TelemetryFrame = { speed: 1, secrets: [] },
): Telemetry {
  const serviceName = textOf(values, 'SERVICE_NAME');
  const log = createLogger({
    level: textOf(values, 'QT_LOG_LEVEL') as 'debug' | 'info' | 'warn' | 'error',
    format: textOf(values, 'LOG_FORMAT') as 'json' | 'text',
    serviceName,
    destination: destinationOf(textOf(values, 'LOG_DESTINATION'), folder),
    secrets: [...secretsOf(values), ...secrets],
    time: systemTime,
    onProblem: () => undefined,
  });
  const address = settingOf(values, 'OTLP_ENDPOINT');
  const tracing = createTracing({
    exporter:
      typeof address === 'string' ? { type: 'otlp', url: address } : { type: 'file', folder: spanFolder(folder) },
    // A desk that runs faster than the clock keeps no more traces in an hour than one that runs with it.
    sampleRate: numberOf(values, 'TRACE_SAMPLE_RATE') / Math.max(1, speed),
    serviceName,
    time: systemTime,
  });
  return {
    log,
    tracing,
    close: async () => {
      await tracing.close();
      log.close();
    },
  };
}

function destinationOf(text: string, folder: string): Parameters<typeof createLogger>[0]['destination'] {
  if (text === 'file') return { type: 'file', folder: logFolder(folder) };
  return text === 'stderr' ? { type: 'stderr' } : { type: 'none' };
}

/** Values that are never shown, wherever they turn up. */
function secretsOf(values: ConfigurationValues): string[] {
  return configuration.flatMap(({ kind, name }) => {
    const value = kind === 'secret' ? settingOf(values, name) : null;
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}
