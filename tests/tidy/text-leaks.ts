import { posix } from 'node:path';
import { problemsOf } from './lines.ts';
import type { Problem, ProjectFile } from './problem.ts';

/** Folders every machine has: a text may name them without telling where the project stood. */
const sharedFolders = new Set(['/', '/tmp', '/var/tmp', '/home', '/opt', '/srv', '/usr/src']);

/** Paths that only exist on the machine the project was written on: anything under the folder that holds the root. */
export function machinePathProblems(file: ProjectFile, root: string): Problem[] {
  const parent = posix.dirname(root);
  if (sharedFolders.has(parent)) return [];
  return problemsOf(file, file.text, literal(`${parent}/`), 'this path exists on one machine only');
}

const knownRegistries = /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.\w+/gi;

/** Hosts of a package registry: the well-known ones, and the one this machine is set to, if any. */
export function registryHostProblems(file: ProjectFile, registry: string | undefined): Problem[] {
  const message = 'a package registry is named';
  const known = problemsOf(file, file.text, knownRegistries, message);
  const host = registry === undefined || !URL.canParse(registry) ? '' : new URL(registry).host;
  if (!host.includes('.') || new RegExp(knownRegistries.source, 'i').test(host)) return known;
  return [...known, ...problemsOf(file, file.text, literal(host), message)];
}

function literal(words: string): RegExp {
  return new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g');
}
