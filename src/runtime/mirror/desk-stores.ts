import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AuditLog } from '#adapters/audit/audit-log.ts';
import { BusSink } from '#adapters/bus/bus-sink.ts';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import type { StreamDriver } from '#adapters/bus/stream-driver.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { openKeyFile } from '#adapters/keys/key-file.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { openValkeyKeyStore } from '#adapters/valkey/key-store.ts';
import { payloadProblem } from '#domain/bus/bus-catalogue.ts';
import type { Envelope } from '#domain/bus/envelope.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { AuditRecord } from '#domain/records/audit-record.ts';
import type { RecordChange } from '#domain/records/record-change.ts';
import type { TimePort } from '#engine/ports.ts';
import { auditFolder } from '../telemetry/telemetry-folders.ts';
import { lazySink } from './lazy-sink.ts';
import type { ProjectionSink } from './projection-sink.ts';

/** Where a desk's projections are kept: servers where they are named, the data folder elsewhere. */
export interface StorePlan {
  readonly folder: string;
  readonly valkeyUrl: string | undefined;
  readonly databaseUrl: string | undefined;
}

/** The embedded stores of a data folder. */
export const recordFile = (folder: string): string => join(folder, 'records.sqlite');
export const keyFile = (folder: string): string => join(folder, 'keys.sqlite');
export const streamFile = (folder: string): string => join(folder, 'streams.sqlite');

/** The address of the records, for those who open them by themselves. */
export function recordsUrl({ folder, databaseUrl }: StorePlan): string {
  return databaseUrl ?? `sqlite:${recordFile(folder)}`;
}

/** The key store. A server that is away is opened all the same: it answers when it is back. */
export async function openKeys(plan: StorePlan, time: TimePort): Promise<KeyStore> {
  if (plan.valkeyUrl !== undefined) return openValkeyKeyStore(plan.valkeyUrl, { time });
  mkdirSync(plan.folder, { recursive: true });
  return openKeyFile(keyFile(plan.folder), { time });
}

/** The streams of the bus: Valkey's, or a file's. */
export function openStreams({ folder, valkeyUrl }: StorePlan, time: TimePort): StreamDriver {
  if (valkeyUrl !== undefined) return new ValkeyStreams(valkeyUrl, time);
  mkdirSync(folder, { recursive: true });
  return new FileStreams(streamFile(folder), time);
}

/** The records as the sink of their projection, opened when first needed. */
export function recordsSink(plan: StorePlan, runId: string): ProjectionSink<RecordChange> {
  return lazySink(async () => {
    if (plan.databaseUrl === undefined) mkdirSync(plan.folder, { recursive: true });
    return openRecordStore({ url: recordsUrl(plan), runId });
  });
}

export function keysSink(keys: KeyStore): ProjectionSink<KeyChange> {
  return keys;
}

export function busSink(streams: StreamDriver): ProjectionSink<Envelope> {
  return new BusSink(streams, payloadProblem);
}

export function auditSink({ folder }: StorePlan): ProjectionSink<AuditRecord> {
  return new AuditLog(auditFolder(folder));
}
