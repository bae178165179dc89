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
  stop(): Promise<void>;
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

/** Starts a store; `password` makes it ask for one. A port that somebody else was quicker to take is tried again. */
export async function startStore(password?: string): Promise<StoreProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-store-'));
  const secret = password === undefined ? [] : ['--requirepass', password];
  for (let starts = 1; ; starts += 1) {
    const port = await freePort();
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    const child = spawn(program, [...options, ...secret], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = await readiness(child);
    if (said === undefined) return { port, url: `redis://127.0.0.1:${port}/0`, stop: () => stopStore(child, folder) };
    assert.ok(starts < startsMax, `the store does not start: ${said}`);
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

async function stopStore(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  if (child.exitCode === null && child.kill('SIGKILL')) await ended;
  rmSync(folder, { recursive: true, force: true });
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
