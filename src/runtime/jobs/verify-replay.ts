import { z } from 'zod';
import type { JobContext, JobFunction } from '#adapters/jobs/job-engine.ts';
import { journalInfo } from '#adapters/journal/journal-info.ts';
import { latestSnapshot } from '#adapters/journal/snapshot-files.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import { createEngine } from '#engine/engine.ts';
import { createReplay, type Replay, type ReplayDifference, replayEvent } from '#engine/replay.ts';
import { modules } from '#modules/index.ts';
import { codeVersion } from '../code-version.ts';
import { recordedEvents, stateOf } from '../read-run.ts';
import { journalFolder, readManifest, snapshotFolder } from '../run-folder.ts';

const inputSchema = z.strictObject({
  folder: z.string().min(1),
  /** A longer journal is decided anew from a snapshot on; where none is late enough, only its first events are. */
  eventsMax: z.int().min(1),
});

/** Events between two readings of progress, which look for the word to stop as well. */
const progressEvents = 5_000;
/** Snapshots looked at for one to begin with. */
const snapshotTriesMax = 64;

/**
 * Decides a run's journal anew, as far as it reaches at the start, and compares every event. The run may go on meanwhile: a last
 * input whose consequences are not all written yet is no difference.
 */
export const verifyReplayJob: JobFunction = (input, context) => {
  const { folder, eventsMax } = inputSchema.parse(input);
  const { runId, codeVersion: writtenBy } = readManifest(folder);
  const { lastSequence } = journalInfo(journalFolder(folder));
  const { replay, fromSequence } = replayFrom(folder, lastSequence, eventsMax);
  const untilSequence = Math.min(lastSequence, fromSequence + eventsMax - 1);
  const difference = replaySpan(replay, { folder, fromSequence, untilSequence }, context);
  return {
    runId,
    isProven: difference === undefined,
    problem: difference === undefined ? null : problemOf(difference, writtenBy),
    fromSequence,
    untilSequence,
    isWhole: fromSequence === 1 && untilSequence === lastSequence,
    events: replay.events,
    inputs: replay.inputs,
    decisionsHash: decisionsHash(replay.engine.state.hash),
  };
};

interface Span {
  readonly folder: string;
  readonly fromSequence: number;
  readonly untilSequence: number;
}

function replaySpan(replay: Replay, span: Span, { progress }: JobContext): ReplayDifference | undefined {
  const { folder, fromSequence, untilSequence } = span;
  const total = untilSequence - fromSequence + 1;
  for (const { sequence, event } of recordedEvents(folder, fromSequence)) {
    if (sequence > untilSequence) break;
    const difference = replayEvent(replay, event, sequence);
    if (difference !== undefined) return difference;
    if (replay.events % progressEvents === 0) progress(replay.events / total, `${replay.events} of ${total} events`);
  }
  return undefined;
}

/** The earliest kept snapshot that leaves no more events than may be, or the beginning. */
function replayFrom(
  folder: string,
  lastSequence: number,
  eventsMax: number,
): { readonly replay: Replay; readonly fromSequence: number } {
  let found: { readonly sequence: number; readonly value: unknown } | undefined;
  let bound = lastSequence > eventsMax ? lastSequence : 0;
  for (let tries = 0; tries < snapshotTriesMax && bound > 0; tries += 1) {
    const { snapshot } = latestSnapshot(snapshotFolder(folder), bound);
    if (snapshot === undefined || lastSequence - snapshot.sequence > eventsMax) break;
    found = snapshot;
    bound = snapshot.sequence - 1;
  }
  if (found === undefined) return { replay: createReplay(createEngine(modules)), fromSequence: 1 };
  return { replay: createReplay(createEngine(modules, stateOf(found.value))), fromSequence: found.sequence + 1 };
}

function problemOf({ sequence, recorded, decided }: ReplayDifference, writtenBy: string): string {
  const version = codeVersion();
  const versions = writtenBy === version ? '' : ` (the run began with code '${writtenBy}', this is '${version}')`;
  const types = `recorded '${recorded?.type ?? 'nothing'}', decided '${decided?.type ?? 'nothing'}'`;
  return `the first difference is event ${sequence}: ${types}${versions}`;
}
