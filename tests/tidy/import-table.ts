import { posix } from 'node:path';
import type { Problem, ProjectFile } from './problem.ts';
import { type Import, readImports } from './read-imports.ts';

/** What the sources of a room may import beside their own room. */
interface Room {
  readonly name: string;
  /** Specifiers of other rooms; one star stands for one part of the path, two for the rest of it. */
  readonly imports: readonly string[];
  /** `none`, a list of names, or `any` library. */
  readonly packages: 'any' | readonly string[];
  readonly hasNode: boolean;
}

/** The rooms in the order of the house: an arrow only goes up. Tests of a room may use every room before it. */
export const rooms: readonly Room[] = [
  { name: 'base', imports: [], packages: [], hasNode: false },
  { name: 'domain', imports: ['#base/**'], packages: ['zod'], hasNode: false },
  { name: 'metrics', imports: ['#base/**', '#domain/**'], packages: [], hasNode: false },
  { name: 'models', imports: ['#base/**', '#domain/**', '#metrics/**'], packages: [], hasNode: false },
  { name: 'engine', imports: ['#base/**', '#domain/**', '#metrics/**'], packages: ['zod'], hasNode: false },
  {
    name: 'modules',
    imports: ['#base/**', '#domain/**', '#metrics/**', '#models/**', '#engine/module.ts'],
    packages: ['zod'],
    hasNode: false,
  },
  { name: 'sim', imports: ['#base/**', '#domain/**', '#engine/ports.ts'], packages: [], hasNode: false },
  {
    name: 'venue-simulators',
    imports: ['#base/**', '#domain/**', '#sim/**', '#engine/ports.ts', '#adapters/*/schema.ts'],
    packages: ['ws', 'zod'],
    hasNode: true,
  },
  {
    name: 'learning',
    imports: ['#base/**', '#domain/**', '#metrics/**', '#models/**', '#engine/**', '#modules/**', '#sim/**'],
    packages: [],
    hasNode: false,
  },
  { name: 'projections', imports: ['#base/**', '#domain/**', '#metrics/**'], packages: [], hasNode: false },
  {
    name: 'adapters',
    imports: ['#base/**', '#domain/**', '#engine/ports.ts', '#engine/live-port.ts'],
    packages: 'any',
    hasNode: true,
  },
  {
    name: 'runtime',
    imports: [
      '#base/**',
      '#domain/**',
      '#metrics/**',
      '#models/**',
      '#engine/**',
      '#modules/**',
      '#sim/**',
      '#venue-simulators/**',
      '#learning/**',
      '#projections/**',
      '#adapters/**',
    ],
    packages: 'any',
    hasNode: true,
  },
  { name: 'api', imports: ['#base/**', '#domain/**', '#runtime/**'], packages: 'any', hasNode: true },
  { name: 'cli', imports: ['#*/**'], packages: 'any', hasNode: true },
];

/** Slow true versions and fixtures that tests of every room may use. */
const testFolders = ['tests/oracles/', 'tests/support/'];

/** Tools that only tests may import, in every room. */
const testPackages = ['fast-check'];

/** The breaches of the import table in one file of `src/` or `web/`; other folders may import what they like. */
export function importProblems(file: ProjectFile): Problem[] {
  const judge = judgeFor(file.path);
  if (judge === undefined) return [];
  return readImports(file.text).flatMap((entry) => {
    const message = judge(entry);
    return message === undefined ? [] : [{ path: file.path, line: entry.line, message }];
  });
}

type Judge = (entry: Import) => string | undefined;

function judgeFor(path: string): Judge | undefined {
  if (path.startsWith('web/')) return (entry) => judgeDashboardImport(path, entry);
  const [top, name] = path.split('/');
  if (top !== 'src') return undefined;
  const position = rooms.findIndex((candidate) => candidate.name === name);
  const room = rooms[position];
  if (room === undefined) return () => `'${path}' stands in no room of the import table`;
  if (!path.endsWith('.test.ts')) return (entry) => judgeImport(path, room, entry.specifier);
  const lower = rooms.slice(0, position).map((below) => `#${below.name}/**`);
  return (entry) => judgeImport(path, testRoom(room, lower), entry.specifier);
}

function testRoom(room: Room, lower: readonly string[]): Room {
  const packages = room.packages === 'any' ? room.packages : [...room.packages, ...testPackages];
  return { name: room.name, imports: [...room.imports, ...lower], packages, hasNode: true };
}

function judgeImport(path: string, room: Room, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return judgeRelative(path, room, specifier);
  if (specifier.startsWith('#')) return judgeRoomImport(path, room, specifier);
  if (specifier.startsWith('node:')) {
    return room.hasNode ? undefined : `room '${room.name}' may not import '${specifier}': it is synchronous and closed`;
  }
  if (room.packages === 'any' || room.packages.includes(packageName(specifier))) return undefined;
  return `room '${room.name}' may not import the package '${packageName(specifier)}'`;
}

function judgeRelative(path: string, room: Room, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  if (path.endsWith('.test.ts') && testFolders.some((folder) => target.startsWith(folder))) return undefined;
  if (!target.startsWith(`src/${room.name}/`)) return `'${specifier}' leaves the room: name the room instead`;
  return judgeNeighbour(path, room, target.slice('src/'.length));
}

function judgeRoomImport(path: string, room: Room, specifier: string): string | undefined {
  if (specifier.startsWith(`#${room.name}/`)) return judgeNeighbour(path, room, specifier.slice(1));
  if (room.imports.some((pattern) => matches(pattern, specifier))) return undefined;
  return `room '${room.name}' may not import '${specifier}'`;
}

/** The one adapter folder that the others may stand on: what every venue is spoken to over. */
const sharedAdapter = 'wire';

/** Adapters share a room but never each other: one folder may not look into another, the floor of the venues apart. */
function judgeNeighbour(path: string, room: Room, target: string): string | undefined {
  if (room.name !== 'adapters') return undefined;
  const own = adapterFolder(path.slice('src/'.length));
  const other = adapterFolder(target);
  return other === undefined || other === own || other === sharedAdapter
    ? undefined
    : `adapter '${own ?? path}' may not import adapter '${other}'`;
}

function adapterFolder(target: string): string | undefined {
  const parts = target.split('/');
  return parts.length > 2 ? parts[1] : undefined;
}

/** The dashboard knows the types of the public shape and nothing else of the sources. */
function judgeDashboardImport(path: string, entry: Import): string | undefined {
  const { specifier } = entry;
  const isRelative = specifier.startsWith('.');
  const target = isRelative ? posix.join(posix.dirname(path), specifier) : specifier.replace(/^#/, 'src/');
  if (isRelative && target.startsWith('web/')) return undefined;
  if (!isRelative && !specifier.startsWith('#')) return undefined;
  if (target !== 'src/api/contract.ts') return `the dashboard may not import '${specifier}'`;
  return entry.isTypeOnly ? undefined : `the dashboard may import only types of '${specifier}'`;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function matches(pattern: string, specifier: string): boolean {
  const source = pattern.replace(/\*\*|\*|[.]/g, (part) => ({ '**': '.+', '*': '[^/]+', '.': '\\.' })[part] ?? part);
  return new RegExp(`^${source}$`).test(specifier);
}
