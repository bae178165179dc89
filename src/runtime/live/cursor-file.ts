import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const cursorSchema = z.strictObject({ cursor: z.string().min(1) });

const pathIn = (folder: string): string => join(folder, 'account-cursor.json');

/**
 * Where the account's history has been taken in up to. Undefined where that is not known, as in a new folder or after the file was lost:
 * then the history begins with the venue's next report.
 */
export function readCursor(folder: string): string | undefined {
  try {
    return cursorSchema.parse(JSON.parse(readFileSync(pathIn(folder), 'utf8'))).cursor;
  } catch {
    return undefined;
  }
}

/** Written once what it stands for is durable. What was taken in twice after a crash is told apart by the venue's ids. */
export function writeCursor(folder: string, cursor: string): void {
  const path = pathIn(folder);
  writeFileSync(`${path}.tmp`, `${JSON.stringify({ cursor })}\n`);
  renameSync(`${path}.tmp`, path);
}
