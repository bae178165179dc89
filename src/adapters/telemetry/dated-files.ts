import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const dayMs = 86_400_000;

/** The UTC day of an instant, as file names carry it: 2025-01-31. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/**
 * Removes the files of days that are over by more than the days kept. The pattern's first group is the day in a file's name; what does not
 * match stays.
 */
export function removeOldFiles(folder: string, pattern: RegExp, at: number, daysKept: number): void {
  const oldest = dayOf(at - (daysKept - 1) * dayMs);
  for (const name of readdirSync(folder)) {
    const day = pattern.exec(name)?.[1];
    if (day !== undefined && day < oldest) rmSync(join(folder, name), { force: true });
  }
}
