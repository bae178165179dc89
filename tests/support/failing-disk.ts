import { type FileOperations, systemFiles } from '#adapters/journal/file-operations.ts';

/** What fails of a disk, each with the code that the system answers; what is left out works. */
export interface DiskFailure {
  /** Writes to the segments. */
  readonly write?: string;
  /** Syncs of the segments. */
  readonly sync?: string;
  /** Writes to the reserve, whose space is taken already. */
  readonly reserve?: string;
}

/** Everything a disk has is gone. */
export const diskGone: DiskFailure = { write: 'EIO', sync: 'EIO', reserve: 'EIO' };

export interface FailingDisk {
  readonly operations: FileOperations;
  /** From here on the disk fails so, until it is told otherwise; an empty failure is a disk that works. */
  fail(failure: DiskFailure): void;
}

/** What a disk writes as a whole or not at all. */
const sectorBytes = 512;

/** Real files on a disk that fails when told to. A write that fails leaves half of its sectors, a sync that fails leaves all of them. */
export function failingDisk(): FailingDisk {
  let failing: DiskFailure = {};
  const reserves = new Set<number>();
  const refuse = (code: string | undefined): void => {
    if (code !== undefined) throw Object.assign(new Error(`the disk says ${code}`), { code });
  };
  const writeCode = (file: number): string | undefined => (reserves.has(file) ? failing.reserve : failing.write);
  const syncCode = (file: number): string | undefined => (reserves.has(file) ? failing.reserve : failing.sync);
  const part = (bytes: Uint8Array, position: number): Uint8Array => {
    const end = Math.floor((position + bytes.length / 2) / sectorBytes) * sectorBytes;
    return bytes.subarray(0, Math.max(0, end - position));
  };
  const operations: FileOperations = {
    ...systemFiles,
    open: (path, isNew) => {
      const file = systemFiles.open(path, isNew);
      if (path.endsWith('reserve.twj')) reserves.add(file);
      else reserves.delete(file);
      return file;
    },
    write: async (file, bytes, position) => {
      const code = writeCode(file);
      if (code !== undefined) await systemFiles.write(file, part(bytes, position), position);
      refuse(code);
      return systemFiles.write(file, bytes, position);
    },
    writeSync: (file, bytes, position) => {
      const code = writeCode(file);
      if (code !== undefined) systemFiles.writeSync(file, part(bytes, position), position);
      refuse(code);
      return systemFiles.writeSync(file, bytes, position);
    },
    fdatasync: async (file) => {
      await systemFiles.fdatasync(file);
      refuse(syncCode(file));
    },
    fdatasyncSync: (file) => {
      systemFiles.fdatasyncSync(file);
      refuse(syncCode(file));
    },
  };
  return {
    operations,
    fail: (failure) => {
      failing = failure;
    },
  };
}
