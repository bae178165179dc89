import type { TimePort } from '#engine/ports.ts';
import { LogFile, type WriteSome } from './log-file.ts';

/** Where lines go. */
export type LogDestination =
  | { readonly type: 'stderr' }
  | { readonly type: 'file'; readonly folder: string }
  | { readonly type: 'none' };

/** What lines are written through. Tests hand in a stream and a failing disk. */
export interface LogSurroundings {
  readonly time: TimePort;
  readonly stderr?: ErrorStream;
  readonly writeSome?: WriteSome;
  /** Told once, until writing works again. */
  onProblem(problem: string): void;
}

/** The error output; a pipe whose reader has gone says so later. */
export interface ErrorStream {
  write(text: string, onDone: (error?: Error | null) => void): unknown;
}

/** Takes whole lines without their ends. Never throws. */
export interface LineSink {
  write(line: string): void;
  close(): void;
}

/** How long something that could not be written to is left alone. */
const retryMs = 5_000;

export function openLogDestination(destination: LogDestination, surroundings: LogSurroundings): LineSink {
  const { stderr = process.stderr, time, writeSome } = surroundings;
  const toStderr = guarded(
    (line, onDone) => stderr.write(`${line}\n`, onDone),
    surroundings,
    () => undefined,
  );
  switch (destination.type) {
    case 'none':
      return { write: () => undefined, close: () => undefined };
    case 'stderr':
      return { write: toStderr, close: () => undefined };
    case 'file': {
      const file = new LogFile(destination.folder, time, writeSome);
      const append: TryLine = (line, onDone) => {
        file.append(line);
        onDone();
      };
      const write = guarded(append, surroundings, toStderr);
      return { write, close: () => closeQuietly(file, surroundings) };
    }
  }
}

/** Tells of a problem; a listener that fails must not fail the one who logs. */
export function tellQuietly(onProblem: (problem: string) => void, what: string, error: unknown): void {
  try {
    onProblem(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  } catch {
    // There is nobody left to tell.
  }
}

type WriteLine = (line: string) => void;
/** Throws where it fails at once, and says when it is done otherwise. */
type TryLine = (line: string, onDone: (error?: Error | null) => void) => unknown;

/** A writer that turns to another one while it fails, and tells of it once. */
function guarded(write: TryLine, { time, onProblem }: LogSurroundings, instead: WriteLine): WriteLine {
  let failedAt: number | undefined;
  const fail = (error: unknown): void => {
    const isFirst = failedAt === undefined;
    failedAt = time.monotonic();
    if (isFirst) tellQuietly(onProblem, 'the log cannot be written', error);
  };
  const onDone = (error?: Error | null): void => {
    if (error === undefined || error === null) failedAt = undefined;
    else fail(error);
  };
  return (line) => {
    if (failedAt !== undefined && time.monotonic() - failedAt < retryMs) return instead(line);
    try {
      write(line, onDone);
    } catch (error) {
      fail(error);
      instead(line);
    }
  };
}

function closeQuietly(file: LogFile, { onProblem }: LogSurroundings): void {
  try {
    file.close();
  } catch (error) {
    tellQuietly(onProblem, 'the log cannot be closed', error);
  }
}
