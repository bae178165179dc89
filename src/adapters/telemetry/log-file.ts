import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TimePort } from '#engine/ports.ts';
import { dayOf, removeOldFiles } from './dated-files.ts';

/** The file that is written to; that of an earlier day gets its day into its name. */
export const logFileName = 'tradewind.jsonl';
export const logFilePattern = /^tradewind-(\d{4}-\d{2}-\d{2})(?:-\d+)?\.jsonl$/;

const daysKept = 14;
/** Files of one day at most; a clock that was set back may make more than one. */
const partsMax = 99;

/** Writes some of the bytes to a descriptor and says how many; a test hands in one that fails. */
export type WriteSome = (file: number, bytes: Uint8Array, from: number) => number;

/**
 * The log of one folder, a new file each day. A line is with the system when the call returns: what was logged before a crash is there
 * after it. Every call may throw what the disk says.
 */
export class LogFile {
  readonly #folder: string;
  readonly #time: TimePort;
  readonly #write: WriteSome;
  #file: number | undefined;
  #day = '';
  #isTorn = false;

  constructor(folder: string, time: TimePort, write: WriteSome = (file, bytes, from) => writeSync(file, bytes, from)) {
    this.#folder = folder;
    this.#time = time;
    this.#write = write;
  }

  /** Adds one line; the text carries no line end. */
  append(line: string): void {
    const file = this.#openToday();
    // After a write that ended half way the next line must not become part of the torn one.
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${line}\n`, 'utf8');
    for (let done = 0; done < bytes.length; ) {
      const count = this.#writeFrom(file, bytes, done);
      done += count;
      this.#isTorn = done < bytes.length;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #writeFrom(file: number, bytes: Uint8Array, from: number): number {
    const count = this.#write(file, bytes, from);
    if (count <= 0) throw Object.assign(new Error('a write wrote nothing'), { code: 'EIO' });
    return count;
  }

  #openToday(): number {
    const day = dayOf(this.#time.now());
    if (this.#file !== undefined && day === this.#day) return this.#file;
    this.close();
    mkdirSync(this.#folder, { recursive: true });
    setAside(this.#folder, day);
    removeOldFiles(this.#folder, logFilePattern, this.#time.now(), daysKept);
    this.#file = openSync(join(this.#folder, logFileName), 'a', 0o640);
    this.#day = day;
    return this.#file;
  }
}

/** Gives the file of an earlier day its day. */
function setAside(folder: string, today: string): void {
  const path = join(folder, logFileName);
  if (!existsSync(path)) return;
  const day = dayOf(statSync(path).mtimeMs);
  if (day === today) return;
  for (let part = 1; part <= partsMax; part += 1) {
    const target = join(folder, `tradewind-${day}${part === 1 ? '' : `-${part}`}.jsonl`);
    if (existsSync(target)) continue;
    renameSync(path, target);
    return;
  }
}
