import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file that names the one process that may write to a data folder. */
export const LOCK_NAME = 'writer.lock';

/** A process, told apart by its start time (in ticks since boot) from a later one of the same id; null where the system does not tell. */
export type LockHolder = { pid: number; startTicks: string | null };

/** Raised when another process holds a data folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  readonly pid: number;

  constructor(folder: string, pid: number, problem: string) {
    super(`the data folder '${folder}' is locked by process ${pid}: ${problem}`);
    this.pid = pid;
  }
}

/** The lock on a data folder, held until it is released or the process ends. */
export class FolderLock {
  readonly #path: string;
  readonly #text: string;

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  /** Gives the folder free; a lock that another has taken over meanwhile is left alone. */
  release(): void {
    if (readText(this.#path) === this.#text) rmSync(this.#path);
  }
}

/**
 * Locks a data folder, made where it is missing. The lock of a process that no longer runs is taken over. Throws a `FolderLockedError` that names
 * the holder while it runs. Holders are known by process ids, so a folder must not be shared between machines or process namespaces.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, LOCK_NAME);
  const own = `${path}.${process.pid}`;
  const text = JSON.stringify({ pid: process.pid, startTicks: startTicksOf(process.pid) ?? null });
  rmSync(own, { force: true });
  writeFileSync(own, text, { flag: 'wx', flush: true });
  try {
    // A link is exclusive like a new file, but no one ever sees it without its content.
    if (!link(own, path)) takeOver(folder, path, own);
    return new FolderLock(path, text);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Says whether the process still runs that took a lock. */
export function isHolderAlive(holder: LockHolder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // A process of another user answers that it may not be asked.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const startTicks = startTicksOf(holder.pid);
  if (startTicks === 'ended') return false;
  return startTicks === undefined || holder.startTicks === null || startTicks === holder.startTicks;
}

function takeOver(folder: string, path: string, own: string): void {
  const holder = readHolder(folder, path);
  if (holder !== undefined && isHolderAlive(holder))
    throw new FolderLockedError(folder, holder.pid, 'it is still running');
  const claim = `${path}.claim`;
  if (!link(own, claim)) {
    const other = readHolder(folder, claim);
    throw new FolderLockedError(
      folder,
      other?.pid ?? 0,
      `it is taking the folder over; if it no longer runs, delete '${claim}'`,
    );
  }
  try {
    // Under the claim nobody else replaces a lock; one that changed since it was read belongs to a live process.
    const current = readHolder(folder, path);
    if (current !== undefined && isHolderAlive(current))
      throw new FolderLockedError(folder, current.pid, 'it was faster');
    if (current === undefined && !link(own, path)) throw new FolderLockedError(folder, 0, 'another process was faster');
    if (current !== undefined) renameSync(own, path);
  } finally {
    rmSync(claim, { force: true });
  }
}

/** Makes a second name for a file; false where that name is taken. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // A process that ends while its state is read answers with the second code.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}

function readHolder(folder: string, path: string): LockHolder | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const found = /^\{"pid":(\d{1,10}),"startTicks":(?:"(\d{1,20})"|null)\}$/.exec(text);
  if (found === null) {
    const problem = `expected a process in '${path}', found '${text.slice(0, 80)}'; if no writer runs, delete the file`;
    throw new FolderLockedError(folder, 0, problem);
  }
  return { pid: Number(found[1]), startTicks: found[2] ?? null };
}

/** Field 22 of proc(5) stat; 'ended' for a process that only waits to be collected; undefined where there is no such file. */
function startTicksOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in the second field may hold spaces and brackets; the fields are counted after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
}
