import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { assert, present } from '#base/assert.ts';
import {
  checkProjectionName,
  type KeyBatch,
  type KeyPlan,
  positionKeyPrefix,
  type StoredChange,
} from '#domain/keys/key-batch.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';

/** A step of a projection, from one position to the next. */
export interface PositionStep {
  readonly name: string;
  readonly from: ProjectionPosition | undefined;
  readonly to: ProjectionPosition;
}

/** What a script is called with. */
export interface ScriptCall {
  readonly keys: readonly string[];
  readonly parameters: readonly (string | Buffer)[];
}

const compress = promisify(gzip);
/** As many as the process has threads for. */
const compressAtOnceMax = 4;
const typeNames = { sortedSet: 'zset', list: 'list', hash: 'hash' } as const;

/** `quantum:position:{projection}`: a hash of run, version, sequence, time and state. */
export function positionKey(name: string): string {
  checkProjectionName(name);
  return positionKeyPrefix + name;
}

/** The keys that a projection has written, each with the end of its life as its score. */
export function indexKey(name: string): string {
  return `${positionKey(name)}:keys`;
}

/** The call that makes all changes of a batch and the step of its projection; long texts are compressed on the way. */
export async function encodeBatch({ plans, changes }: KeyBatch, { name, from, to }: PositionStep): Promise<ScriptCall> {
  assert(to.runId !== '', 'a run has a name');
  const compressed = await compressTexts(changes);
  const keys = [positionKey(name), indexKey(name), ...plans.keys()];
  const placeByKey = new Map(keys.map((key, index) => [key, String(index + 1)]));
  const parameters: (string | Buffer)[] = [from?.runId ?? '', from === undefined ? '' : String(from.sequence)];
  parameters.push(to.runId, String(to.version), String(to.sequence), String(to.at), to.state);
  for (const plan of plans.values()) encodePlan(parameters, plan);
  for (const change of changes) {
    if (change.type === 'publish') parameters.push('m', change.channel, change.message);
    else encodeChange(parameters, change, { place: present(placeByKey.get(change.key), change.key), compressed });
  }
  return { keys, parameters };
}

function encodePlan(parameters: (string | Buffer)[], { expects, end, isText }: KeyPlan): void {
  parameters.push(expects === undefined ? '' : typeNames[expects]);
  switch (end.type) {
    case 'written':
      // A text gets its life with its content.
      parameters.push(end.ttlMs === null ? '0' : String(end.ttlMs), isText ? '' : '1');
      break;
    case 'deleted':
      parameters.push('x', '');
      break;
    case 'touched':
      parameters.push('-', '');
      break;
  }
}

interface ChangeContext {
  /** Of the key among the keys of the call. */
  readonly place: string;
  readonly compressed: ReadonlyMap<KeyChange, Buffer>;
}

function encodeChange(parameters: (string | Buffer)[], change: StoredChange, context: ChangeContext): void {
  const { place, compressed } = context;
  switch (change.type) {
    case 'set':
      parameters.push('s', place, lifeOf(change.ttlMs), change.value);
      break;
    case 'setCompressed':
      parameters.push('s', place, lifeOf(change.ttlMs), present(compressed.get(change), change.key));
      break;
    case 'delete':
      parameters.push('d', place);
      break;
    case 'add':
      parameters.push('a', place, String(change.score), change.member, change.replacesScore ? '1' : '');
      parameters.push(change.keep === null ? '' : String(-change.keep - 1));
      break;
    case 'dropBelow':
      parameters.push('b', place, scoreText(change.score));
      break;
    case 'push':
      parameters.push('p', place, String(change.keep - 1), change.value);
      break;
    case 'hash':
      for (const [field, value] of Object.entries(change.fields)) parameters.push('h', place, field, value);
      break;
  }
}

/** A score as the server writes it. */
export function scoreText(score: number): string {
  if (score === Number.POSITIVE_INFINITY) return '+inf';
  return score === Number.NEGATIVE_INFINITY ? '-inf' : String(score);
}

function lifeOf(ttlMs: number | null): string {
  return ttlMs === null ? '' : String(ttlMs);
}

/** The texts that are kept compressed, by their change, as gzip of level 9. */
async function compressTexts(changes: readonly KeyChange[]): Promise<Map<KeyChange, Buffer>> {
  const asked = changes.filter((change) => change.type === 'setCompressed');
  const compressed = new Map<KeyChange, Buffer>();
  for (let first = 0; first < asked.length; first += compressAtOnceMax) {
    const some = asked.slice(first, first + compressAtOnceMax);
    await Promise.all(some.map(async (change) => compressed.set(change, await compress(change.value, { level: 9 }))));
  }
  return compressed;
}
