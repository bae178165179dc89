import { readJournal } from '#adapters/journal/read-journal.ts';
import { latestSnapshot } from '#adapters/journal/snapshot-files.ts';
import { type Event, eventSchemas, isEventType } from '#domain/events.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { createReplay, type Replay, type ReplayDifference, replayEvent, unshown } from '#engine/replay.ts';
import type { EngineState } from '#engine/state.ts';
import { modules } from '#modules/index.ts';
import { journalFolder, RunError, readManifest, snapshotFolder } from './run-folder.ts';

/** Snapshots looked at before a run is read from its beginning. */
const snapshotTriesMax = 64;

/** What a replay proved, or where it failed. */
export interface ReplayResult {
  readonly runId: string;
  readonly events: number;
  readonly inputs: number;
  readonly decisionsHash: string;
  readonly difference: ReplayDifference | undefined;
}

export interface RecordedEvent {
  readonly sequence: number;
  readonly event: Event;
}

/** The events of a run's journal from a sequence number on. The chain is verified as they are read. */
export function* recordedEvents(folder: string, fromSequence = 1): Generator<RecordedEvent, void, undefined> {
  for (const { sequence, value } of readJournal(journalFolder(folder), fromSequence)) {
    yield { sequence, event: asEvent(value, sequence) };
  }
}

/** The journal was written from parsed events and its bytes are chained, so the shape is trusted once the type is known. */
function asEvent(value: unknown, sequence: number): Event {
  const type: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'type') : undefined;
  if (typeof type !== 'string' || !isEventType(type))
    throw new RunError(`journal entry ${sequence} is of the unknown type '${String(type)}'`);
  if (sequence === 1) eventSchemas[type].parse(value);
  return value as Event;
}

/** Decides a whole journal anew and compares every event; stops at the first difference. */
export function replayRun(
  folder: string,
  onProgress?: (events: number) => void,
): { readonly result: ReplayResult; readonly engine: Engine } {
  const manifest = readManifest(folder);
  const replay = createReplay(createEngine(modules));
  const difference = replayAll(replay, recordedEvents(folder), onProgress);
  const { engine } = replay;
  const result: ReplayResult = {
    runId: manifest.runId,
    events: replay.events,
    inputs: replay.inputs,
    decisionsHash: decisionsHash(engine.state.hash),
    difference: difference ?? lostTail(replay),
  };
  return { result, engine };
}

function replayAll(
  replay: Replay,
  recorded: Iterable<RecordedEvent>,
  onProgress?: (events: number) => void,
): ReplayDifference | undefined {
  for (const { sequence, event } of recorded) {
    const difference = replayEvent(replay, event, sequence);
    if (difference !== undefined) return difference;
    if (replay.events % 20_000 === 0) onProgress?.(replay.events);
  }
  return undefined;
}

/** A run that ended in order shows all that its last input caused. */
function lostTail(replay: Replay): ReplayDifference | undefined {
  const [decided] = unshown(replay);
  return decided === undefined ? undefined : { sequence: replay.events + 1, recorded: undefined, decided };
}

/** The engine's state out of a snapshot's value; the snapshot's own checksum vouches for it. */
export function stateOf(value: unknown): EngineState {
  if (typeof value !== 'object' || value === null || !('state' in value))
    throw new RunError('a snapshot holds no engine state');
  return value.state as EngineState;
}

/** An engine somewhere in a run: the sequence number that follows it, and its event time when it was taken. */
export interface RunStart {
  readonly engine: Engine;
  readonly fromSequence: number;
  readonly startedAt: number;
}

/** An engine from the newest snapshot before a time, with the sequence number that follows it; from the beginning where there is none. */
export function engineBefore(folder: string, at: number): RunStart {
  let bound = Number.MAX_SAFE_INTEGER;
  for (let tries = 0; tries < snapshotTriesMax; tries += 1) {
    const { snapshot } = latestSnapshot(snapshotFolder(folder), bound);
    if (snapshot === undefined) break;
    const state = stateOf(snapshot.value);
    if (state.at < at) {
      return { engine: createEngine(modules, state), fromSequence: snapshot.sequence + 1, startedAt: state.at };
    }
    bound = snapshot.sequence - 1;
  }
  return { engine: createEngine(modules), fromSequence: 1, startedAt: 0 };
}
