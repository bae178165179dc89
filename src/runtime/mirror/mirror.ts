import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { TimePort } from '#engine/ports.ts';
import { auditProjection } from '#projections/audit/audit-projection.ts';
import { busProjection } from '#projections/bus/bus-projection.ts';
import { keysProjection } from '#projections/keys/keys-projection.ts';
import type { Projection } from '#projections/projection.ts';
import { recordsProjection } from '#projections/records/records-projection.ts';
import type { TailSource } from '../tail/tail-source.ts';
import { auditSink, busSink, keysSink, recordsSink, type StorePlan } from './desk-stores.ts';
import { ProjectionRunner, type ProjectionStatus } from './projection-runner.ts';
import type { ProjectionSink } from './projection-sink.ts';

/** The projections of a desk, by the names that `rebuild` knows. */
export const projectionNames = ['records', 'keys', 'bus', 'audit'] as const;
export type ProjectionName = (typeof projectionNames)[number];

const lookMs = 10;

export interface MirrorOptions {
  readonly plan: StorePlan;
  readonly source: TailSource;
  readonly runId: string;
  readonly keys: KeyStore;
  readonly streams: StreamDriver;
  /** The projections this process keeps; a split desk's engine keeps the audit log, its mirror the rest. */
  readonly names: readonly ProjectionName[];
  readonly time: TimePort;
  onProblem(name: ProjectionName, problem: string): void;
}

/** A projection that is being kept, as those who look after it see it. */
interface Kept {
  readonly name: ProjectionName;
  readonly status: ProjectionStatus;
  readonly hasBegun: boolean;
  begin(): void;
  hold(isHeld: boolean): void;
  stop(): Promise<void>;
}

/** Keeps the stores of a desk equal to its journal. */
export interface Mirror {
  /** From now on entries are taken in; a desk begins once it trades, so that its start is not held up. */
  begin(): void;
  statuses(): readonly ProjectionStatus[];
  /** How far a projection has come; undefined where this process does not keep it. */
  sequenceOf(name: ProjectionName): number | undefined;
  /** Takes nothing more in until it may again, so that a desk that stops is not held up. */
  hold(isHeld: boolean): void;
  /** Waits until every projection that is not held up has come to a sequence, at most so long. */
  drain(sequence: number, withinMs: number): Promise<void>;
  /** Ends after the batches at hand. Stores that were handed in stay open. */
  stop(): Promise<void>;
}

/** Makes the projections ready. A store that is away keeps nothing else from going on. */
export function openMirror(options: MirrorOptions): Mirror {
  const kept = options.names.map((name) => keep(name, options));
  return {
    begin: () => {
      for (const projection of kept) projection.begin();
    },
    statuses: () => kept.map(({ status }) => status),
    sequenceOf: (name) => kept.find((projection) => projection.name === name)?.status.sequence,
    hold: (isHeld) => {
      for (const projection of kept) projection.hold(isHeld);
    },
    drain: async (sequence, withinMs) => {
      const untilAt = options.time.monotonic() + withinMs;
      const isBehind = ({ hasBegun, status }: Kept): boolean =>
        hasBegun && status.sequence < sequence && status.condition !== 'waiting' && status.condition !== 'stopped';
      while (kept.some(isBehind) && options.time.monotonic() < untilAt) {
        await new Promise<void>((done) => void options.time.after(lookMs, done));
      }
    },
    stop: async () => {
      await Promise.all(kept.map((projection) => projection.stop()));
    },
  };
}

function keep(name: ProjectionName, options: MirrorOptions): Kept {
  const { plan, runId, keys, streams } = options;
  switch (name) {
    case 'records':
      return ready(name, recordsProjection, recordsSink(plan, runId), options);
    case 'keys':
      return ready(name, keysProjection, shared(keysSink(keys)), options);
    case 'bus':
      return ready(name, busProjection, shared(busSink(streams)), options);
    case 'audit':
      return ready(name, auditProjection, auditSink(plan), options);
  }
}

function ready<S, C>(
  name: ProjectionName,
  projection: Projection<S, C>,
  sink: ProjectionSink<C>,
  { source, time, onProblem }: MirrorOptions,
): Kept {
  const runner = new ProjectionRunner({
    projection,
    sink,
    source,
    time,
    onProblem: (problem) => onProblem(name, problem),
  });
  let hasBegun = false;
  return {
    name,
    begin: () => {
      hasBegun = true;
      runner.start();
    },
    hold: (isHeld) => runner.hold(isHeld),
    get status() {
      return runner.status;
    },
    get hasBegun() {
      return hasBegun;
    },
    stop: async () => {
      if (hasBegun) await runner.stop();
      await sink.close();
    },
  };
}

/** A sink whose store others read from, so that it is closed by whoever opened it. */
function shared<C>(sink: ProjectionSink<C>): ProjectionSink<C> {
  return {
    position: (name) => sink.position(name),
    apply: (name, changes, from, to) => sink.apply(name, changes, from, to),
    wipe: (name) => sink.wipe(name),
    close: async () => undefined,
  };
}
