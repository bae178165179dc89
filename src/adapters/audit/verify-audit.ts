import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditLine, firstAuditHash } from '#domain/records/audit-record.ts';
import { expectedHash, parseAuditLine } from './audit-chain.ts';
import { listAuditFiles } from './audit-files.ts';
import { type AuditMark, readAuditMark } from './audit-mark.ts';

/** Where an audit log is not what was written. */
export interface AuditProblem {
  readonly file: string;
  /** Line of the file, from 1 on; 0 for the file as a whole. */
  readonly line: number;
  /** The journal sequence that the line names; null where it names none. */
  readonly sequence: number | null;
  readonly reason: string;
}

/** What an audit log's files came to. */
export interface AuditVerdict {
  readonly files: number;
  readonly records: number;
  readonly lastHash: string;
  /** The first broken record; null where the chain is whole. */
  readonly problem: AuditProblem | null;
  /** What is no damage, but worth knowing. */
  readonly notes: readonly string[];
}

interface Walk {
  records: number;
  hash: string | undefined;
  sequence: number;
  notes: string[];
}

/**
 * Checks the chain of an audit log from its oldest file on, and that it reaches the position. Changes nothing; the log may be written to
 * meanwhile, and what the position does not count yet is told and checked, but its last line may be half a one.
 */
export async function verifyAudit(folder: string): Promise<AuditVerdict> {
  // The position is read before the files, which may only be longer by then.
  const mark = await readAuditMark(folder);
  const files = await listAuditFiles(folder);
  const walk: Walk = { records: 0, hash: undefined, sequence: 0, notes: [] };
  let problem: AuditProblem | undefined;
  for (const file of files) {
    problem = await walkFile(folder, file, walk, mark);
    if (problem !== undefined) break;
  }
  problem ??= endProblem(files, mark);
  return {
    files: files.length,
    records: walk.records,
    lastHash: walk.hash ?? firstAuditHash,
    problem: problem ?? null,
    notes: walk.notes,
  };
}

async function walkFile(
  folder: string,
  file: string,
  walk: Walk,
  mark: AuditMark | undefined,
): Promise<AuditProblem | undefined> {
  const bytes = await readFile(join(folder, file));
  const counted = countedBytes(file, mark);
  if (file === mark?.file && bytes.length < mark.bytes) {
    return {
      file,
      line: 0,
      sequence: null,
      reason: `the file was shortened: expected ${mark.bytes} bytes, found ${bytes.length}`,
    };
  }
  let start = 0;
  for (let line = 1; start < bytes.length; line += 1) {
    const end = bytes.indexOf(10, start);
    const isTorn = end < 0;
    const stop = isTorn ? bytes.length : end;
    const isCounted = start < counted;
    if (!isCounted && isTorn) {
      walk.notes.push(`'${file}' ends in half a line that is not counted in yet`);
      return undefined;
    }
    if (!isCounted && start === counted) walk.notes.push(`'${file}' goes on behind the position`);
    const broken = judgeLine(bytes.toString('utf8', start, stop), walk);
    if (broken !== undefined) return { file, line, ...broken };
    start = stop + 1;
    if (file === mark?.file && start === mark.bytes && walk.hash !== mark.hash) {
      return { file, line, sequence: walk.sequence, reason: 'the last counted record is not the one of the position' };
    }
  }
  return undefined;
}

/** Bytes of a file that the position counts in. */
function countedBytes(file: string, mark: AuditMark | undefined): number {
  if (mark === undefined || mark.file === null || file > mark.file) return 0;
  return file < mark.file ? Number.MAX_SAFE_INTEGER : mark.bytes;
}

type Broken = Pick<AuditProblem, 'sequence' | 'reason'>;

function judgeLine(text: string, walk: Walk): Broken | undefined {
  const parsed = parseAuditLine(text);
  if ('problem' in parsed) return { sequence: null, reason: parsed.problem };
  const { line } = parsed;
  const reason = brokenLink(line, walk);
  if (reason !== undefined) return { sequence: line.sequence, reason };
  if (walk.hash === undefined && line.previous_hash !== firstAuditHash) {
    walk.notes.push(`the log begins with sequence ${line.sequence}: older files were removed`);
  }
  walk.records += 1;
  walk.hash = line.hash;
  walk.sequence = line.sequence;
  return undefined;
}

function brokenLink(line: AuditLine, { hash, sequence }: Walk): string | undefined {
  if (expectedHash(line) !== line.hash) return 'the record was changed: its hash is not that of its content';
  if (hash !== undefined && line.previous_hash !== hash) return 'the record does not follow on the one before';
  return line.sequence < sequence ? `the sequence falls from ${sequence} to ${line.sequence}` : undefined;
}

/** A log that lacks its newest file ends before its position. */
function endProblem(files: readonly string[], mark: AuditMark | undefined): AuditProblem | undefined {
  if (mark === undefined || mark.file === null || files.includes(mark.file)) return undefined;
  return { file: mark.file, line: 0, sequence: null, reason: 'the newest file is missing' };
}
