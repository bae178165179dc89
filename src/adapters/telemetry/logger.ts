import { pino } from 'pino';
import {
  type LineSink,
  type LogDestination,
  type LogSurroundings,
  openLogDestination,
  tellQuietly,
} from './log-destination.ts';
import { errorOf } from './log-error.ts';
import { type LogLevel, type LogLine, logLineSchema } from './log-line.ts';
import { logText } from './log-text.ts';
import { createRedactor, type Redactor } from './redact-value.ts';
import { singleLine } from './single-line.ts';
import { currentTrace } from './trace-context.ts';

/** What can be said of an event beside its name. */
export interface LogFields {
  readonly message?: string;
  readonly function?: string;
  readonly line?: number;
  /** An error, or whatever else was thrown. */
  readonly error?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The trace, where it is not the caller's own. */
  readonly trace?: { readonly traceId: string; readonly spanId?: string };
}

/** Tells what happened, a line each, without secrets. Never throws and never waits. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same log for another part of the program. */
  with(module: string): Logger;
  close(): void;
}

export interface LoggerOptions extends LogSurroundings {
  readonly level: LogLevel;
  /** `json` for collectors, `text` for people. */
  readonly format?: 'json' | 'text';
  readonly serviceName: string;
  readonly destination: LogDestination;
  /** Values that must never be shown: those of the secret configuration variables. */
  readonly secrets: readonly string[];
}

type Write = (level: LogLevel, line: Omit<LogLine, 'timestamp' | 'level' | 'service_name'>) => void;

const usualModule = 'main';

/** Opens the log of a process. */
export function createLogger(options: LoggerOptions): Logger {
  const sink = openLogDestination(options.destination, options);
  const redactor = createRedactor(options.secrets);
  return loggerOf(usualModule, { redactor, write: writerOf(options, sink), close: () => sink.close(), options });
}

interface LoggerParts {
  readonly redactor: Redactor;
  readonly write: Write;
  readonly options: LoggerOptions;
  close(): void;
}

function loggerOf(module: string, parts: LoggerParts): Logger {
  const log =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      try {
        parts.write(level, lineOf(event, module, fields, parts.redactor));
      } catch (error) {
        // What failed may hold what must not be shown, so only its kind is told.
        tellQuietly(
          parts.options.onProblem,
          'a log line cannot be made',
          error instanceof Error ? error.name : 'unknown',
        );
      }
    };
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    with: (name) => loggerOf(name, parts),
    close: () => parts.close(),
  };
}

/** Levels, times and JSON are the library's; what stands in a line is decided here. */
function writerOf({ level, format, serviceName, time }: LoggerOptions, sink: LineSink): Write {
  const lines = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"timestamp":"${new Date(time.now()).toISOString()}"`,
    },
    { write: (text: string) => sink.write(format === 'text' ? textOf(text) : singleLine(text.trimEnd())) },
  );
  return (at, line) => lines[at]({ service_name: serviceName, ...line });
}

function textOf(text: string): string {
  return logText(logLineSchema.parse(JSON.parse(text)));
}

function lineOf(event: string, module: string, fields: LogFields, { text, value }: Redactor): Parameters<Write>[1] {
  const { message, function: functionName, line, error, metadata = {} } = fields;
  const trace = fields.trace ?? currentTrace();
  const plain = value(metadata);
  return {
    event: text(event),
    trace_id: trace?.traceId ?? null,
    ...(trace?.spanId === undefined ? {} : { span_id: trace.spanId }),
    module: text(module),
    ...(functionName === undefined ? {} : { function: text(functionName) }),
    ...(line === undefined ? {} : { line }),
    ...(message === undefined ? {} : { message: text(message) }),
    metadata: isRecord(plain) ? plain : { value: plain },
    ...(error === undefined ? {} : { error: errorOf(error, text) }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
