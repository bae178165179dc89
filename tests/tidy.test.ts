import assert from 'node:assert/strict';
import { basename, resolve } from 'node:path';
import { test } from 'node:test';
import { corePurityProblems } from './tidy/core-purity.ts';
import { missingScenarioProblems } from './tidy/event-scenarios.ts';
import { coverageOf, faultPage } from './tidy/fault-coverage.ts';
import { faults } from './tidy/fault-list.ts';
import { longFunctionProblems } from './tidy/function-length.ts';
import { importProblems } from './tidy/import-table.ts';
import { bannedNameProblems, strayRootProblems, unfinishedWorkProblems } from './tidy/names.ts';
import type { Problem } from './tidy/problem.ts';
import { readProjectFiles } from './tidy/project-files.ts';
import {
  defaultExportProblems,
  longFileProblems,
  missingTestProblems,
  singledOutTestProblems,
  unimportedProblems,
} from './tidy/source-shape.ts';
import { machinePathProblems, registryHostProblems } from './tidy/text-leaks.ts';

/** Functions over sixty lines that are still waiting to be cut, as `path#name`. The list may only shrink. */
const longFunctionExemptions: readonly string[] = [];

const root = resolve(import.meta.dirname, '..');
const files = readProjectFiles(root);
const codeFiles = files.filter((file) => /\.(?:tsx?|[cm]?js)$/.test(file.path) || file.path.startsWith('bin/'));

function report(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  assert.fail(problems.map((problem) => `\n${problem.path}:${problem.line} ${problem.message}`).join(''));
}

test('the project has files to look at', () => {
  assert.ok(files.some((file) => file.path === 'package.json'));
  assert.ok(codeFiles.some((file) => file.path === `tests/${basename(import.meta.filename)}`));
});

test('every import follows the import table', () => report(codeFiles.flatMap(importProblems)));

test('the core calls nothing that differs between two runs', () => report(codeFiles.flatMap(corePurityProblems)));

test('every source has its test beside it', () => report(missingTestProblems(files)));

test('every source is imported by somebody', () => report(unimportedProblems(codeFiles)));

test('no code file is longer than 400 lines', () => report(codeFiles.flatMap(longFileProblems)));

test('no function is longer than 60 lines', () => {
  const unit = codeFiles.filter((file) => !file.path.endsWith('.test.ts'));
  report(longFunctionProblems(unit, longFunctionExemptions));
});

test('every file name says what the file is', () => report(files.flatMap((file) => bannedNameProblems(file.path))));

test('no source carries a mark of unfinished work', () => report(files.flatMap(unfinishedWorkProblems)));

test('the root folder holds only what belongs there', () =>
  report(files.flatMap((file) => strayRootProblems(file.path))));

test('nothing is exported as default', () => report(codeFiles.flatMap(defaultExportProblems)));

test('no test is skipped or singled out', () => report(codeFiles.flatMap(singledOutTestProblems)));

test('no text names a path of one machine', () => report(files.flatMap((file) => machinePathProblems(file, root))));

test('no text names a package registry', () => {
  report(files.flatMap((file) => registryHostProblems(file, process.env['npm_config_registry'])));
});

test('every event type has a scenario', async () => {
  const table = files.find((file) => file.path === 'src/domain/events.ts');
  if (table === undefined) return;
  // The specifier is a variable because the compiler would refuse the name of a file that an early checkout lacks.
  const specifier: string = '#domain/events.ts';
  const { eventSchemas } = (await import(specifier)) as { eventSchemas: Record<string, unknown> };
  const scenarios = files.filter((file) => file.path.startsWith('tests/scenario/'));
  report(missingScenarioProblems(Object.keys(eventSchemas), table, scenarios));
});

test('every fault that a venue can have is done to the desk by a test of its name', () => {
  const untested = [...coverageOf(faults, files)].filter(([, paths]) => paths.length === 0).map(([id]) => id);
  assert.deepEqual(untested, []);
});

test('the page of faults says where each is tested', () => {
  const page = files.find(({ path }) => path === 'docs/faults.md');
  assert.equal(page?.text, faultPage(faults, coverageOf(faults, files)), "run 'node tests/tidy/write-fault-page.ts'");
});
