import { RunError, type RunManifest } from './run-folder.ts';

/** What a start asks for and a folder's run must be. */
export type AskedRun = Pick<RunManifest, 'market' | 'seed' | 'startBalance' | 'dataHash' | 'desk'>;

/** A folder holds one run. Another market, seed or balance is another run and wants another folder: a `RunError` says which. */
export function requireSameRun(folder: string, manifest: RunManifest, asked: AskedRun): void {
  const facts: [string, unknown, unknown][] = [
    ['market', manifest.market, asked.market],
    ['seed', manifest.seed, asked.seed],
    ['start balance', manifest.startBalance, asked.startBalance],
    ['data', manifest.dataHash, asked.dataHash],
    ['desk', manifest.desk, asked.desk],
  ];
  for (const [what, held, wanted] of facts) {
    if (held === wanted) continue;
    throw new RunError(
      `'${folder}' holds a run with ${what} '${String(held)}', asked for '${String(wanted)}': choose another --data-dir`,
    );
  }
}
