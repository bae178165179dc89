import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A PostgreSQL of its own for one test file, on a free port with an empty temporary folder. */
export interface DatabaseProcess {
  readonly port: number;
  /** `postgres://tradewind@127.0.0.1:port/postgres`; any password is let in. */
  readonly url: string;
  /** Of the process that listens; another one after a restart, undefined while none runs. */
  readonly pid: number | undefined;
  /** Ends the server at once, as a crash would, and waits until it is gone. The folder stays. */
  kill(signal?: 'SIGKILL' | 'SIGQUIT' | 'SIGINT' | 'SIGTERM'): Promise<void>;
  /** Starts it anew on the same folder and port; kills it first where it runs. */
  restart(): Promise<void>;
  /** Ends the server and removes the folder. */
  stop(): Promise<void>;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const startTimeoutMs = 30_000;
const startsMax = 3;
const restartsMax = 50;
const restartDelayMs = 100;
const stopTimeoutMs = 5_000;
const saidMax = 20_000;

const folderOfPrograms = findPrograms();
const owner = findOwner();

/**
 * False where PostgreSQL is installed, else why tests that need it are left out. Where TRADEWIND_REQUIRE_SERVICES is set nothing is
 * left out: starting it fails.
 */
export const missingDatabase: string | false = whyMissing();

/** Starts a server that keeps what it commits. A port that somebody else was quicker to take is tried again. */
export async function startDatabase(): Promise<DatabaseProcess> {
  assert.ok(folderOfPrograms !== undefined, "neither 'postgres' nor 'initdb' is installed");
  assert.ok(owner !== 'none', "the server does not run as root, and there is neither a user 'postgres' nor 'nobody'");
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-database-'));
  if (owner !== 'same') chownSync(folder, owner.uid, owner.gid);
  createCluster(folder);
  for (let starts = 1; ; starts += 1) {
    const database = new LocalDatabase(folder, await freePort());
    const problem = await database.start();
    if (problem === undefined) return database;
    if (starts < startsMax) continue;
    rmSync(folder, { recursive: true, force: true });
    assert.fail(`the database does not start: ${problem}`);
  }
}

class LocalDatabase implements DatabaseProcess {
  readonly port: number;
  readonly url: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  /** A test file that ends without stopping it leaves neither a process nor a folder behind. */
  readonly #endWithUs = (): void => {
    this.#child?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };

  constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
    this.url = `postgres://tradewind@127.0.0.1:${port}/postgres`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What went wrong, or undefined once the server takes connections. */
  async start(): Promise<string | undefined> {
    const child = spawn(programPath('postgres'), serverOptions(this.#folder, this.port), {
      ...spawnOptions(this.#folder),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const problem = await readiness(child);
    if (problem !== undefined) return problem;
    this.#child = child;
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    process.once('exit', this.#endWithUs);
    return undefined;
  }

  async kill(signal: 'SIGKILL' | 'SIGQUIT' | 'SIGINT' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    process.off('exit', this.#endWithUs);
    await ended(child, signal);
  }

  /** Processes of a killed server may live a moment longer and hold its memory, so that a start has to be tried again. */
  async restart(): Promise<void> {
    await this.kill();
    for (let restarts = 1; ; restarts += 1) {
      const problem = await this.start();
      if (problem === undefined) return;
      assert.ok(restarts < restartsMax, `the database does not start again: ${problem}`);
      await delay(restartDelayMs);
    }
  }

  async stop(): Promise<void> {
    await this.kill('SIGQUIT');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function createCluster(folder: string): void {
  const options = ['-D', join(folder, 'data'), '-U', 'tradewind', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  const made = spawnSync(programPath('initdb'), [...options, '--no-sync'], {
    ...spawnOptions(folder),
    encoding: 'utf8',
  });
  if (made.status === 0) return;
  rmSync(folder, { recursive: true, force: true });
  assert.fail(`no database could be made: ${made.error?.message ?? ''}${made.stdout ?? ''}${made.stderr ?? ''}`);
}

/** It waits for the disk as a real one does, and listens on the loopback alone. */
function serverOptions(folder: string, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'on',
    synchronous_commit: 'on',
    shared_buffers: '32MB',
    logging_collector: 'off',
    log_destination: 'stderr',
  };
  const told = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', join(folder, 'data'), '-p', String(port), ...told];
}

function spawnOptions(folder: string): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
  const env = { ...process.env, LC_ALL: 'C', HOME: folder };
  return typeof owner === 'string' ? { cwd: folder, env } : { cwd: folder, env, ...owner };
}

/** What went wrong, or undefined once the server takes connections. What it says later is read and forgotten. */
function readiness(child: ChildProcess): Promise<string | undefined> {
  return new Promise((done) => {
    let said = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
    const finish = (problem: string | undefined): void => {
      clearTimeout(timer);
      done(problem);
    };
    child.stderr?.on('data', (piece: Buffer) => {
      said = (said + piece.toString()).slice(-saidMax);
      if (said.includes('database system is ready to accept connections')) finish(undefined);
    });
    child.once('error', (error) => finish(error.message));
    child.once('exit', () => finish(said === '' ? 'it ended without a word' : said));
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((done) => {
    child.once('exit', () => done());
  });
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await exit;
  clearTimeout(timer);
}

function programPath(program: string): string {
  return join(folderOfPrograms ?? '', program);
}

/** The folder that holds the server: on the path, or where distributions put it, the newest version first. */
function findPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(root, version, 'bin')),
  ];
  return folders.find(
    (folder) => folder !== '' && ['postgres', 'initdb'].every((program) => existsSync(join(folder, program))),
  );
}

/** The server refuses to run as root; then it runs as a user without rights. */
function findOwner(): Owner | 'same' | 'none' {
  if (process.getuid?.() !== 0) return 'same';
  for (const user of ['postgres', 'nobody']) {
    const uid = idOf(user, '-u');
    const gid = idOf(user, '-g');
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return 'none';
}

function idOf(user: string, kind: '-u' | '-g'): number | undefined {
  const { status, stdout } = spawnSync('id', [kind, user], { encoding: 'utf8' });
  const id = Number.parseInt(stdout ?? '', 10);
  return status === 0 && Number.isInteger(id) ? id : undefined;
}

function whyMissing(): string | false {
  const isRequired = ['1', 'true'].includes(process.env['TRADEWIND_REQUIRE_SERVICES'] ?? '');
  if (isRequired || (folderOfPrograms !== undefined && owner !== 'none')) return false;
  return "'postgres' is not installed, so nothing is tested against a real one; set TRADEWIND_REQUIRE_SERVICES=1 to fail instead";
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
