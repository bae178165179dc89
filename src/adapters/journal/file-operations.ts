import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync, write, writeSync } from 'node:fs';

/** The system calls by which a journal writes; a test hands in ones that fail. `file` is a descriptor, `position` a byte offset. */
export type FileOperations = {
  /** Opens a file to read and write; with `isNew` it must not exist yet. */
  open(path: string, isNew: boolean): number;
  close(file: number): void;
  /** Writes some of the bytes and says how many. */
  write(file: number, bytes: Uint8Array, position: number): Promise<number>;
  writeSync(file: number, bytes: Uint8Array, position: number): number;
  fdatasync(file: number): Promise<void>;
  fdatasyncSync(file: number): void;
  /** Makes the names in a folder durable. */
  syncFolder(path: string): void;
};

/** The real system calls. */
export const systemFiles: FileOperations = {
  open: (path, isNew) => openSync(path, isNew ? 'wx+' : 'r+'),
  close: closeSync,
  write: (file, bytes, position) =>
    new Promise((resolve, reject) => {
      write(file, bytes, 0, bytes.length, position, (error, count) =>
        error === null ? resolve(count) : reject(error),
      );
    }),
  writeSync: (file, bytes, position) => writeSync(file, bytes, 0, bytes.length, position),
  fdatasync: (file) =>
    new Promise((resolve, reject) => {
      fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
    }),
  fdatasyncSync,
  syncFolder: (path) => {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
};

/** Writes all the bytes from the position on; a call that writes nothing is an error. */
export async function writeAll(
  operations: FileOperations,
  file: number,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += progress(await operations.write(file, bytes.subarray(done), position + done));
  }
}

/** Writes all the bytes from the position on before it returns. */
export function writeAllSync(operations: FileOperations, file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += progress(operations.writeSync(file, bytes.subarray(done), position + done));
  }
}

function progress(count: number): number {
  if (count <= 0) throw Object.assign(new Error('a write wrote nothing'), { code: 'EIO' });
  return count;
}
