import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { coverageOf, faultPage } from './fault-coverage.ts';
import { faults } from './fault-list.ts';
import { readProjectFiles } from './project-files.ts';

/** Writes the page of faults anew from the tests as they stand. */
const root = resolve(import.meta.dirname, '../..');
writeFileSync(join(root, 'docs/faults.md'), faultPage(faults, coverageOf(faults, readProjectFiles(root))));
