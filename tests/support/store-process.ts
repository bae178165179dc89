import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A store of its own for one test file, on a free port with an empty temporary folder. */
export interface StoreProcess {
  readonly port: number;
  readonly url: string;
  /** Of the process that listens; another one after a restart, undefined while none runs. */
  readonly pid: number | undefined;
  /** Ends the store at once, as a crash would, and waits until it is gone. The folder stays. */
  kill(): Promise<void>;
  /** Starts it anew on the same folder and port; kills it first where it runs. What was written is there if it is persistent. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StoreOptions {
  /** Asked of whoever connects. */
  readonly password?: string;
  /** Keeps every write in its append-only file before it answers. */
  readonly persistent?: boolean;
}

const program = 'redis-server';
const startTimeoutMs = 10_000;
const startsMax = 3;

/**
 * False where the store's program is installed, else why tests that need it are left out. Where TRADEWIND_REQUIRE_SERVICES is set
 * nothing is left out: starting the store fails.
 */
export const missingStore: string | false = whyMissing();

function whyMissing(): string | false {
  const isRequired = ['1', 'true'].includes(process.env['TRADEWIND_REQUIRE_SERVICES'] ?? '');
  if (isRequired || spawnSync(program, ['--version']).status === 0) return false;
  return `'${program}' is not installed, so nothing is tested against a real store; set TRADEWIND_REQUIRE_SERVICES=1 to fail instead`;
}

/** Starts a store. A port that somebody else was quicker to take is tried again. */
export async function startStore(options: StoreOptions | string = {}): Promise<StoreProcess> {
  const asked = typeof options === 'string' ? { password: options } : options;
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-store-'));
  for (let starts = 1; ; starts += 1) {
    const store = new LocalStore(folder, await freePort(), asked);
    const said = await store.start();
    if (said === undefined) return store;
    assert.ok(starts < startsMax, `the store does not start: ${said}`);
  }
}

class LocalStore implements StoreProcess {
  readonly port: number;
  readonly url: string;
  readonly #folder: string;
  readonly #options: readonly string[];
  #child: ChildProcess | undefined;

  constructor(folder: string, port: number, { password, persistent = false }: StoreOptions) {
    this.#folder = folder;
    this.port = port;
    this.url = `redis://127.0.0.1:${port}/0`;
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    const kept = ['--appendonly', persistent ? 'yes' : 'no', '--appendfsync', 'always'];
    this.#options = [...place, ...kept, ...(password === undefined ? [] : ['--requirepass', password])];
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What went wrong, or undefined once the store takes connections. */
  async start(): Promise<string | undefined> {
    const child = spawn(program, this.#options, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = await readiness(child);
    if (said !== undefined) return said;
    this.#child = child;
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    return undefined;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((done) => child.once('exit', done));
    if (child.exitCode === null && child.kill('SIGKILL')) await ended;
  }

  async restart(): Promise<void> {
    await this.kill();
    const said = await this.start();
    assert.equal(said, undefined, `the store does not start again: ${said}`);
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What went wrong, or undefined once the store takes connections. */
function readiness(child: ChildProcess): Promise<string | undefined> {
  return new Promise((done) => {
    let said = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
    const finish = (problem: string | undefined): void => {
      clearTimeout(timer);
      done(problem);
    };
    const hear = (piece: Buffer): void => {
      said += piece.toString();
      if (said.includes('Ready to accept connections')) finish(undefined);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.on('error', (error) => finish(error.message));
    child.on('exit', () => finish(said));
  });
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
