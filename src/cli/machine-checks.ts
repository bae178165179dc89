import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { HealthCheck } from './health-check.ts';

const nodeMajorNeeded = 24;
const mebibyte = 1_048_576;
const freeNeeded = 100 * mebibyte;
const freeWanted = 1024 * mebibyte;

/** The Node that runs this, and the one that the project brings along for systems with an older one. */
export function nodeChecks(version: string, root: string): HealthCheck[] {
  const major = Number(version.split('.')[0]);
  const bundled = ['node/bin/node', 'node/bin/node.exe', '.bin/node'].map((path) => join(root, 'node_modules', path));
  const found = bundled.find((path) => existsSync(path));
  const isNew = major >= nodeMajorNeeded;
  return [
    {
      name: 'Node',
      state: isNew ? 'ok' : 'broken',
      detail: `version ${version}, needed is ${nodeMajorNeeded} or later`,
    },
    found === undefined
      ? { name: 'bundled Node', state: 'note', detail: "none: an older system needs 'npm install'" }
      : { name: 'bundled Node', state: 'ok', detail: found },
  ];
}

/** Room on the disk that holds a folder, or would hold it. */
export function diskCheck(folder: string): HealthCheck {
  const { bavail, bsize } = statfsSync(nearestExisting(folder));
  const free = bavail * bsize;
  const detail = `${Math.floor(free / mebibyte)} MiB free`;
  if (free < freeNeeded)
    return { name: 'disk', state: 'broken', detail: `${detail}, needed are ${freeNeeded / mebibyte}` };
  return { name: 'disk', state: free < freeWanted ? 'note' : 'ok', detail };
}

/** Whether a folder can be written, or made where it is missing. */
export function writableCheck(folder: string): HealthCheck {
  const existing = nearestExisting(folder);
  const isThere = existing === resolve(folder);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return { name: 'data folder', state: 'broken', detail: `'${existing}' cannot be written` };
  }
  return {
    name: 'data folder',
    state: 'ok',
    detail: isThere ? `'${folder}'` : `'${folder}' will be made by the first run`,
  };
}

/** Whether the status page's port is free; one that the desk itself holds is well. */
export async function portCheck(host: string, port: number, isDeskRunning: boolean): Promise<HealthCheck> {
  const problem = port === 0 ? undefined : await listenProblem(host, port);
  if (problem === undefined)
    return { name: 'port', state: 'ok', detail: port === 0 ? 'any free one' : `${port} on '${host}' is free` };
  const state = problem === 'EADDRINUSE' && isDeskRunning ? 'note' : 'broken';
  return {
    name: 'port',
    state,
    detail: `${port} on '${host}' cannot be used: ${problem}${state === 'note' ? ', perhaps by the running desk' : ''}`,
  };
}

const programs: readonly (readonly [name: string, use: string, files: readonly string[]])[] = [
  [
    'Valkey or Redis',
    'needed by tests of the stores; a desk names one by VALKEY_URL',
    ['valkey-server', 'redis-server'],
  ],
  ['PostgreSQL', 'needed by tests of the records; a desk names one by DATABASE_URL', ['postgres', 'psql']],
  ['Chromium', 'needed by the test of the status page', ['chromium', 'chromium-browser', 'google-chrome']],
];

/** Programs that only some tests and outputs need: for information. */
export function programChecks(path: string): HealthCheck[] {
  return programs.map(([name, use, files]) => {
    const found = path
      .split(delimiter)
      .flatMap((folder) => files.map((file) => join(folder, file)))
      .find((file) => existsSync(file));
    return { name, state: 'ok', detail: found ?? `not installed; ${use}` };
  });
}

function nearestExisting(folder: string): string {
  let path = resolve(folder);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => done(undefined)));
  });
}
