import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What a run's folder says about itself. */
export const runManifestSchema = z.strictObject({
  format: z.literal(1),
  runId: z.string(),
  kind: z.enum(['live', 'paper', 'backtest']),
  desk: z.string(),
  seed: z.int(),
  market: z.string(),
  instruments: z.array(z.string()),
  startAt: z.int(),
  startBalance: z.number(),
  codeVersion: z.string(),
  dataHash: z.string(),
});
export type RunManifest = Readonly<z.infer<typeof runManifestSchema>>;

/** A fault in a folder or an option that the user can mend; the message says what was expected and found. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

export const journalFolder = (folder: string): string => join(folder, 'journal');
export const snapshotFolder = (folder: string): string => join(folder, 'snapshots');
const manifestPath = (folder: string): string => join(folder, 'run.json');

export function hasRun(folder: string): boolean {
  return existsSync(manifestPath(folder));
}

export function readManifest(folder: string): RunManifest {
  let text: string;
  try {
    text = readFileSync(manifestPath(folder), 'utf8');
  } catch {
    throw new RunError(`'${folder}' holds no run: expected a file 'run.json' in it`);
  }
  const parsed = runManifestSchema.safeParse(jsonOf(text, folder));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RunError(
    `'${manifestPath(folder)}' field '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'is not as expected'}`,
  );
}

function jsonOf(text: string, folder: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RunError(`'${manifestPath(folder)}' is not JSON`);
  }
}

export function createRunFolder(folder: string, manifest: RunManifest): void {
  mkdirSync(journalFolder(folder), { recursive: true });
  mkdirSync(snapshotFolder(folder), { recursive: true });
  writeFileSync(manifestPath(folder), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Writes a document of the run beside its journal. */
export function writeDocument(folder: string, name: string, value: unknown): void {
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}
