import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '#base/assert.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { type AuditRecord, firstAuditHash } from '#domain/records/audit-record.ts';
import { StaleWriterError } from '#domain/stale-writer-error.ts';
import { linkRecord } from './audit-chain.ts';
import { appendDurably, auditFileName, cutBehind, listAuditFiles, removeOldAuditFiles } from './audit-files.ts';
import { type AuditMark, auditMarkName, readAuditMark, syncFolder, writeAuditMark } from './audit-mark.ts';

/**
 * The audit log of one folder: a file for each day of event time, each record chained to the one before. Records are on the disk before the
 * position that counts them in, and what no position counts is cut off by the next writer, so that a crash anywhere leaves a prefix.
 */
export class AuditLog {
  readonly #folder: string;
  #isCut = false;
  #isBusy = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async position(name: string): Promise<ProjectionPosition | undefined> {
    return (await this.#mark(name))?.position;
  }

  /** Writes all the records and the position, or nothing that counts. Throws a `StaleWriterError` where somebody else has written. */
  async apply(
    name: string,
    changes: readonly AuditRecord[],
    from: ProjectionPosition | undefined,
    to: ProjectionPosition,
  ): Promise<void> {
    assert(!this.#isBusy, 'an audit log is written by one call at a time');
    this.#isBusy = true;
    try {
      const mark = await this.#mark(name);
      refuseStale(name, mark?.position, from);
      await this.#cut(mark);
      await this.#write(changes, { name, position: to, ...(mark === undefined ? beginning : placeOf(mark)) });
    } catch (error) {
      this.#isCut = false;
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  /** Removes everything. The position goes first, so that a crash on the way leaves nothing that counts. */
  async wipe(_name: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await rm(join(this.#folder, auditMarkName), { force: true });
    await syncFolder(this.#folder);
    for (const file of await listAuditFiles(this.#folder)) await rm(join(this.#folder, file), { force: true });
    this.#isCut = false;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #mark(name: string): Promise<AuditMark | undefined> {
    const mark = await readAuditMark(this.#folder);
    assert(
      mark === undefined || mark.name === name,
      `the audit log belongs to '${mark?.name ?? ''}', not to '${name}'`,
    );
    return mark;
  }

  async #cut(mark: AuditMark | undefined): Promise<void> {
    if (this.#isCut) return;
    await mkdir(this.#folder, { recursive: true });
    await cutBehind(this.#folder, mark?.file ?? null, mark?.bytes ?? 0);
    this.#isCut = true;
  }

  async #write(records: readonly AuditRecord[], mark: AuditMark): Promise<void> {
    let { file, bytes, hash } = mark;
    for (const [name, part] of byFile(records, file)) {
      let text = '';
      for (const record of part) {
        const line = linkRecord(record, hash);
        hash = line.hash;
        text += `${JSON.stringify(line)}\n`;
      }
      bytes = await appendDurably(this.#folder, name, text);
      file = name;
    }
    await writeAuditMark(this.#folder, { ...mark, file, bytes, hash });
    if (file !== null && file !== mark.file) await removeOldAuditFiles(this.#folder, file);
  }
}

type Place = Pick<AuditMark, 'file' | 'bytes' | 'hash'>;

const beginning: Place = { file: null, bytes: 0, hash: firstAuditHash };

function placeOf({ file, bytes, hash }: AuditMark): Place {
  return { file, bytes, hash };
}

function refuseStale(name: string, stored: ProjectionPosition | undefined, from: ProjectionPosition | undefined): void {
  if (stored?.runId === from?.runId && stored?.sequence === from?.sequence) return;
  throw new StaleWriterError(name, from, stored);
}

/** Records by the file of their day; one whose time lies before the newest file's day goes there too, so that the order of files is that of records. */
function byFile(records: readonly AuditRecord[], newest: string | null): Map<string, AuditRecord[]> {
  const parts = new Map<string, AuditRecord[]>();
  let last = newest ?? '';
  for (const record of records) {
    const own = auditFileName(record.at);
    if (own > last) last = own;
    const part = parts.get(last);
    if (part === undefined) parts.set(last, [record]);
    else part.push(record);
  }
  return parts;
}
