import type { ListedFault } from './fault-list.ts';
import type { ProjectFile } from './problem.ts';

/** In which test files each fault is named: at the start of a title, alone or in a row such as `F32, F33: ...`. */
export function coverageOf(faults: readonly ListedFault[], files: readonly ProjectFile[]): Map<string, string[]> {
  const coverage = new Map<string, string[]>(faults.map(({ id }) => [id, []]));
  for (const file of files) {
    if (!file.path.endsWith('.test.ts')) continue;
    for (const id of faultsNamed(file.text)) coverage.get(id)?.push(file.path);
  }
  return coverage;
}

function faultsNamed(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, row] of text.matchAll(/['"`]((?:F\d{1,3}(?:, | and )?)+): /g)) {
    for (const [id] of (row ?? '').matchAll(/F\d{1,3}/g)) found.add(id);
  }
  return found;
}

/** The page that says where each fault is tested. */
export function faultPage(faults: readonly ListedFault[], coverage: ReadonlyMap<string, readonly string[]>): string {
  const rows = faults.map(({ id, fault }) => {
    const paths = (coverage.get(id) ?? []).map((path) => `\`${path}\``);
    return `| ${id} | ${fault} | ${paths.join('<br>')} |`;
  });
  return [
    '# Faults of venues',
    '',
    'What venues, the way to them and their data have done to trading systems, and the tests that do it to this one. Each test says what must hold.',
    'This page is written by `node tests/tidy/write-fault-page.ts` and compared with the tests by `npm run tidy`.',
    '',
    '| fault | what happens | tests |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
