import type { FileOperations } from '#adapters/journal/file-operations.ts';

/** File operations that can be told to write nothing any more. */
export interface SealableFiles {
  readonly operations: FileOperations;
  /** From here on every write fails with the code 'SEALED'; files can still be closed. */
  seal(): void;
}

/**
 * A journal that has parted from what was done must not become durable later: a disk that comes back would otherwise keep a past that
 * never was. Until it is sealed, everything goes to the operations it is made of.
 */
export function sealableFiles(files: FileOperations): SealableFiles {
  let isSealed = false;
  const require = (): void => {
    if (isSealed) throw Object.assign(new Error('this journal has parted from what was done'), { code: 'SEALED' });
  };
  const operations: FileOperations = {
    open: (path, isNew) => {
      require();
      return files.open(path, isNew);
    },
    close: (file) => files.close(file),
    write: async (file, bytes, position) => {
      require();
      return files.write(file, bytes, position);
    },
    writeSync: (file, bytes, position) => {
      require();
      return files.writeSync(file, bytes, position);
    },
    fdatasync: (file) => files.fdatasync(file),
    fdatasyncSync: (file) => files.fdatasyncSync(file),
    syncFolder: (path) => files.syncFolder(path),
  };
  return {
    operations,
    seal: () => {
      isSealed = true;
    },
  };
}
