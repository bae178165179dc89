import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import { type FolderLock, FolderLockedError, lockFolder } from '#adapters/journal/folder-lock.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import type { TimePort } from '#engine/ports.ts';
import { RunError } from '../run-folder.ts';
import { folderTail } from '../tail/folder-tail.ts';
import type { TailSource } from '../tail/tail-source.ts';
import { auditSink, busSink, openKeys, openStreams, recordsSink, type StorePlan } from './desk-stores.ts';
import { openMirror, type ProjectionName } from './mirror.ts';

/** What of a sink a rebuild needs. */
interface Emptied {
  position(name: string): Promise<ProjectionPosition | undefined>;
  wipe(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface RebuildOptions {
  readonly plan: StorePlan;
  readonly name: ProjectionName;
  readonly time: TimePort;
  onProgress?(done: number, total: number): void;
}

export interface Rebuilt {
  readonly name: ProjectionName;
  /** The last entry of the journal that is in the sink again. */
  readonly sequence: number;
  /** Who filled it: this command, or the desk that runs. */
  readonly filledBy: 'command' | 'desk';
}

const lookMs = 50;
/** A desk that keeps the projection shows within this time that it goes on: even a quiet one has a tick every thirty seconds. */
const silentMsMax = 90_000;

/**
 * Empties a projection and fills it from the journal. A desk that runs fills it itself: it finds its place gone and begins anew. Throws a
 * `RunError` where the desk that runs does not keep the projection.
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { plan, name, time } = options;
  const source = folderTail(plan.folder);
  const { runId, lastSequence } = await source.head();
  const lock = lockUnlessRunning(plan.folder);
  try {
    const keys = await openKeys(plan, time);
    const streams = openStreams(plan, time);
    const sink = sinkOf(name, { plan, runId, keys, streams });
    try {
      await sink.wipe(name);
      if (lock === undefined) await awaited(sink, options, lastSequence);
      else await filled(options, { source, runId, keys, streams, lastSequence });
    } finally {
      await sink.close();
      await keys.close();
      await streams.close();
    }
    return { name, sequence: lastSequence, filledBy: lock === undefined ? 'desk' : 'command' };
  } finally {
    lock?.release();
  }
}

interface Filling {
  readonly source: TailSource;
  readonly runId: string;
  readonly keys: KeyStore;
  readonly streams: StreamDriver;
  readonly lastSequence: number;
}

/** Folds the journal into the sink here. Throws a `RunError` with the first thing that goes wrong. */
async function filled(options: RebuildOptions, { lastSequence, ...parts }: Filling): Promise<void> {
  const { plan, name, time } = options;
  const problems: string[] = [];
  const onProblem = (_name: ProjectionName, problem: string): void => void problems.push(problem);
  const mirror = openMirror({ plan, ...parts, names: [name], time, onProblem });
  mirror.begin();
  try {
    for (let sequence = 0; sequence < lastSequence; sequence = mirror.sequenceOf(name) ?? 0) {
      if (problems[0] !== undefined) throw new RunError(`'${name}' could not be rebuilt: ${problems[0]}`);
      options.onProgress?.(sequence, lastSequence);
      await pause(time);
    }
  } finally {
    await mirror.stop();
  }
}

function lockUnlessRunning(folder: string): FolderLock | undefined {
  try {
    return lockFolder(folder);
  } catch (error) {
    if (error instanceof FolderLockedError) return undefined;
    throw error;
  }
}

function sinkOf(
  name: ProjectionName,
  { plan, runId, keys, streams }: { plan: StorePlan; runId: string; keys: KeyStore; streams: StreamDriver },
): Emptied {
  const open = { close: async (): Promise<void> => undefined };
  switch (name) {
    case 'records':
      return recordsSink(plan, runId);
    case 'keys':
      return { position: (of) => keys.position(of), wipe: (of) => keys.wipe(of), ...open };
    case 'bus': {
      const sink = busSink(streams);
      return { position: (of) => sink.position(of), wipe: (of) => sink.wipe(of), ...open };
    }
    case 'audit':
      return auditSink(plan);
  }
}

/** Waits for the desk that runs to fill the sink up to a sequence. */
async function awaited(sink: Emptied, options: RebuildOptions, lastSequence: number): Promise<void> {
  let sequence = 0;
  let movedAt = options.time.monotonic();
  while (sequence < lastSequence) {
    const found = (await sink.position(options.name))?.sequence ?? 0;
    if (found !== sequence) movedAt = options.time.monotonic();
    sequence = found;
    options.onProgress?.(Math.min(sequence, lastSequence), lastSequence);
    if (options.time.monotonic() - movedAt > silentMsMax) {
      throw new RunError(
        `'${options.name}' is empty and nobody fills it: the desk that runs on '${options.plan.folder}' does not keep it`,
      );
    }
    await pause(options.time);
  }
}

function pause(time: TimePort): Promise<void> {
  return new Promise((done) => void time.after(lookMs, done));
}
