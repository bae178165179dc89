import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** How far the audit files count: what stands behind it was being written when the program ended, and is cut off. */
export const auditMarkSchema = z.strictObject({
  name: z.string(),
  position: z.strictObject({
    runId: z.string(),
    version: z.int(),
    sequence: z.int(),
    at: z.int(),
    state: z.string(),
  }),
  /** The newest file and the bytes of it that count; null before the first record. */
  file: z.string().nullable(),
  bytes: z.int(),
  /** Hash of the last record. */
  hash: z.string(),
});
export type AuditMark = Readonly<z.infer<typeof auditMarkSchema>>;

export const auditMarkName = 'position.json';

/** Raised where the files of an audit log are not what was written; a rebuild makes them anew from the journal. */
export class AuditDamagedError extends Error {
  override readonly name = 'AuditDamagedError';
}

/** The mark of a folder; undefined where nothing was written yet. */
export async function readAuditMark(folder: string): Promise<AuditMark | undefined> {
  const path = join(folder, auditMarkName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = auditMarkSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new AuditDamagedError(
    `'${path}' is damaged: expected a position, found ${parsed.error.issues[0]?.message ?? ''}`,
  );
}

/** Replaces the mark: after a crash the old one stands there or the new one. */
export async function writeAuditMark(folder: string, mark: AuditMark): Promise<void> {
  const path = join(folder, auditMarkName);
  const file = await open(`${path}.tmp`, 'w', 0o640);
  try {
    await file.writeFile(JSON.stringify(mark));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
  await syncFolder(folder);
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(folder, 'r');
    await file.sync();
  } finally {
    await file?.close();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
