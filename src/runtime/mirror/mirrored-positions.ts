import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { recordsUrl, type StorePlan } from './desk-stores.ts';
import type { ProjectionStatus } from './projection-runner.ts';

export interface MirroredOptions {
  readonly plan: StorePlan;
  readonly keys: Pick<KeyStore, 'position'>;
  readonly streams: Pick<StreamDriver, 'position'>;
  readonly runId: string;
  /** The end of the journal that the stores are to hold. */
  readonly lastSequence: number;
  readonly now: number;
}

/**
 * How far another process has brought the stores, as an engine sees it that keeps none of them itself. What belongs to another run, or
 * cannot be read, stands at the beginning: its lag is the whole journal.
 */
export async function mirroredPositions(options: MirroredOptions): Promise<ProjectionStatus[]> {
  const { keys, streams } = options;
  const asked: readonly [string, () => Promise<ProjectionPosition | undefined>][] = [
    ['records', () => recordsPosition(options)],
    ['keys', () => keys.position('keys')],
    ['bus', () => streams.position('bus')],
  ];
  return Promise.all(asked.map(([name, ask]) => statusOf(name, ask, options)));
}

async function statusOf(
  name: string,
  ask: () => Promise<ProjectionPosition | undefined>,
  { runId, lastSequence, now }: MirroredOptions,
): Promise<ProjectionStatus> {
  const frame = { name, beatAt: now };
  try {
    const position = await ask();
    const isOurs = position?.runId === runId;
    const sequence = isOurs ? position.sequence : 0;
    const lag = Math.max(0, lastSequence - sequence);
    return { ...frame, version: position?.version ?? 0, sequence, lag, condition: 'following', problem: undefined };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...frame, version: 0, sequence: 0, lag: lastSequence, condition: 'waiting', problem };
  }
}

async function recordsPosition({ plan, runId }: MirroredOptions): Promise<ProjectionPosition | undefined> {
  const records = await openRecordStore({ url: recordsUrl(plan), runId });
  try {
    return await records.position('records');
  } finally {
    await records.close();
  }
}
