import type { GatesDocument } from '#domain/events.ts';

/** How far a document may be ahead of its reader's clock. */
const aheadMsMax = 5_000;
const bufferMax = 0.3;

/** Against what a document of gates is checked. */
export interface GatesReading {
  /** Time of the reader, ms UTC. */
  readonly at: number;
  readonly maxAgeMs: number;
  /** Symbols that must have a gate. */
  readonly symbols: readonly string[];
}

/** Why a document of gates may not be acted on: a code for the record and the reason in words. */
export interface GatesProblem {
  readonly code: 'gates-missing' | 'gates-stale' | 'gates-invalid';
  readonly reason: string;
}

/**
 * What is wrong with a document of gates, or undefined where it may be acted on (FX desk specification d.6 and d.7). A reader treats every
 * problem alike: no document, no entry. The age is exclusive at its bound, the five seconds ahead are allowed.
 */
export function gatesProblem(
  document: GatesDocument | null | undefined,
  reading: GatesReading,
): GatesProblem | undefined {
  if (document === null || document === undefined) {
    return { code: 'gates-missing', reason: 'there is no document of gates' };
  }
  const { ts } = document;
  if (ts <= reading.at - reading.maxAgeMs) {
    const reason = `the gates are ${reading.at - ts} ms old, allowed are ${reading.maxAgeMs}`;
    return { code: 'gates-stale', reason };
  }
  const reason = contentProblem(document, reading);
  return reason === undefined ? undefined : { code: 'gates-invalid', reason };
}

function contentProblem({ ts, gates, cooldowns, bufs }: GatesDocument, reading: GatesReading): string | undefined {
  if (!Number.isSafeInteger(ts)) return `the time of the gates is an integer, found '${ts}'`;
  if (ts > reading.at + aheadMsMax) return `the gates are ${ts - reading.at} ms ahead`;
  for (const symbol of reading.symbols) if (!Object.hasOwn(gates, symbol)) return `'${symbol}' has no gate`;
  return (
    valueProblem(gates, 'gate', isFlag) ??
    valueProblem(cooldowns, 'cooldown', isFlag) ??
    valueProblem(bufs, 'buffer', isBuffer)
  );
}

function valueProblem(
  values: Readonly<Record<string, number>>,
  what: string,
  isGood: (value: number) => boolean,
): string | undefined {
  for (const symbol of Object.keys(values).sort()) {
    const value = values[symbol];
    if (value === undefined || !isGood(value)) return `the ${what} of '${symbol}' is out of range, found '${value}'`;
  }
  return undefined;
}

function isFlag(value: number): boolean {
  return value === 0 || value === 1;
}

function isBuffer(value: number): boolean {
  return value >= 0 && value <= bufferMax;
}
