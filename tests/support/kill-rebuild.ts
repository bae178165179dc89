import assert from 'node:assert/strict';
import { CompiledQuery } from 'kysely';
import { readAudit } from '#adapters/audit/read-audit.ts';
import { verifyAudit } from '#adapters/audit/verify-audit.ts';
import { defaultTrimLimits } from '#adapters/bus/trim-streams.ts';
import { parseDatabaseAddress } from '#adapters/records/database-address.ts';
import { connectRecords } from '#adapters/records/record-database.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import type { KeyValue } from '#domain/keys/key-value.ts';
import type { AuditLine } from '#domain/records/audit-record.ts';
import type { StorePlan } from '#runtime/mirror/desk-stores.ts';
import { rebuild } from '#runtime/mirror/rebuild.ts';
import { readManifest } from '#runtime/run-folder.ts';
import { auditFolder } from '#runtime/telemetry/telemetry-folders.ts';
import { contentOf, type ServerContent, type ServerUrls } from './kill-content.ts';
import { startStore } from './store-process.ts';

const rebuiltName = 'rebuilt';

/** How much was compared with a fresh rebuild and found equal. */
export interface ProjectionFigures {
  readonly rows: number;
  readonly keys: number;
  readonly envelopes: number;
  readonly auditRecords: number;
}

/**
 * Proves that records, keys, streams and audit log of a desk at rest are what empty stores hold after a rebuild from its journal. A key may
 * be missing whose life is shorter than the scene was long, and of a long stream the oldest entries.
 */
export async function proveProjections(
  folder: string,
  servers: ServerUrls,
  sceneMs: number,
): Promise<ProjectionFigures> {
  const { runId } = readManifest(folder);
  const kept = await contentOf(servers, runId);
  const store = await startStore();
  try {
    const databaseUrl = await emptyDatabase(servers.databaseUrl);
    const fresh = { valkeyUrl: store.url, databaseUrl };
    await rebuildAll({ folder, ...fresh });
    const rebuilt = await contentOf(fresh, runId);
    assert.deepEqual(kept.positions.map(stateOf), rebuilt.positions.map(stateOf), 'positions and what the folds carry');
    assert.deepEqual(kept.tables, rebuilt.tables, 'records');
    assert.deepEqual(kept.strangers, [], 'keys that nobody writes');
    compareKeys(kept.keys, rebuilt.keys, sceneMs);
    compareStreams(kept.streams, rebuilt.streams);
    return { ...figuresOf(kept), auditRecords: await proveAudit(folder, servers) };
  } finally {
    await store.stop();
  }
}

async function rebuildAll(plan: StorePlan): Promise<void> {
  for (const name of ['records', 'keys', 'bus'] as const) await rebuild({ plan, name, time: systemTime });
}

async function emptyDatabase(url: string): Promise<string> {
  const database = connectRecords(parseDatabaseAddress(url));
  try {
    await database.queries.executeQuery(CompiledQuery.raw(`drop database if exists ${rebuiltName}`));
    await database.queries.executeQuery(CompiledQuery.raw(`create database ${rebuiltName}`));
  } finally {
    await database.queries.destroy();
  }
  return url.replace(/[^/]*$/, rebuiltName);
}

function stateOf(position: ServerContent['positions'][number]): unknown {
  return position === undefined ? undefined : { ...position, state: JSON.parse(position.state) as unknown };
}

function compareKeys(
  kept: ReadonlyMap<string, KeyValue>,
  rebuilt: ReadonlyMap<string, KeyValue>,
  sceneMs: number,
): void {
  for (const key of kept.keys()) assert.ok(rebuilt.has(key), `'${key}' is kept, and no rebuild writes it`);
  for (const [key, value] of rebuilt) {
    const found = kept.get(key);
    const hasEnded = found === undefined && value.ttlMs !== null && value.ttlMs < sceneMs;
    if (!hasEnded) assert.deepEqual(withoutLife(found), withoutLife(value), key);
  }
}

function withoutLife(value: KeyValue | undefined): unknown {
  return value === undefined ? undefined : { ...value, ttlMs: value.ttlMs === null };
}

function compareStreams(
  kept: ReadonlyMap<string, readonly string[]>,
  rebuilt: ReadonlyMap<string, readonly string[]>,
): void {
  assert.deepEqual([...kept.keys()], [...rebuilt.keys()], 'streams');
  for (const [stream, texts] of rebuilt) {
    const found = kept.get(stream) ?? [];
    const isWhole = texts.length <= defaultTrimLimits.maxLength;
    assert.ok(isWhole ? found.length === texts.length : found.length >= defaultTrimLimits.maxLength, stream);
    assert.deepEqual(found, texts.slice(-found.length), stream);
  }
}

function figuresOf({ tables, keys, streams }: ServerContent): Omit<ProjectionFigures, 'auditRecords'> {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  const envelopes = [...streams].reduce((sum, [name, { length }]) => (isTypeStream(name) ? sum + length : sum), 0);
  return { rows, keys: keys.size, envelopes };
}

/** Each envelope lies in two streams; it is counted in that of its type. */
function isTypeStream(name: string): boolean {
  return !name.startsWith('quantum:stream:domain:');
}

/** The audit log lies in the folder itself: it is read, made anew in its place, and read again. */
async function proveAudit(folder: string, servers: ServerUrls): Promise<number> {
  const kept = await auditOf(folder);
  await rebuild({ plan: { folder, ...servers }, name: 'audit', time: systemTime });
  assert.deepEqual(await auditOf(folder), kept, 'audit log');
  return kept.length;
}

async function auditOf(folder: string): Promise<AuditLine[]> {
  const { problem } = await verifyAudit(auditFolder(folder));
  assert.equal(problem, null);
  const lines: AuditLine[] = [];
  for await (const line of readAudit(auditFolder(folder))) lines.push(line);
  return lines;
}
