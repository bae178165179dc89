import { mkdir, open, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditDamagedError } from './audit-mark.ts';

const dayMs = 86_400_000;
const namePattern = /^audit_(\d{4}-\d{2}-\d{2})\.jsonl$/;

/** Days whose files are kept, counted back from the newest one. */
const auditDaysKept = 90;

/** The file of an event's day. */
export function auditFileName(at: number): string {
  return `audit_${new Date(at).toISOString().slice(0, 10)}.jsonl`;
}

/** The audit files of a folder, oldest first; none where there is no folder. */
export async function listAuditFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => namePattern.test(name)).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Adds text to a file and waits until it is on the disk. Returns the size of the file. */
export async function appendDurably(folder: string, name: string, text: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const file = await open(join(folder, name), 'a', 0o640);
  try {
    await file.writeFile(text);
    await file.datasync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** Removes what stands behind a place: newer files, and the rest of that file. A file that is shorter than it was is damage. */
export async function cutBehind(folder: string, last: string | null, bytes: number): Promise<void> {
  for (const name of await listAuditFiles(folder)) if (last === null || name > last) await rm(join(folder, name));
  if (last === null) return;
  const path = join(folder, last);
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size < bytes) throw new AuditDamagedError(`'${path}' was shortened: expected ${bytes} bytes, found ${size}`);
  if (size > bytes) await truncate(path, bytes);
}

/** Removes whole files that are older than the days kept before the newest one. */
export async function removeOldAuditFiles(folder: string, newest: string): Promise<void> {
  const day = namePattern.exec(newest)?.[1] ?? '';
  const oldest = auditFileName(Date.parse(day) - (auditDaysKept - 1) * dayMs);
  for (const name of await listAuditFiles(folder)) if (name < oldest) await rm(join(folder, name));
}
