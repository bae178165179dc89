import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { RunLine } from './told-run.ts';

const bin = resolve(import.meta.dirname, '../../bin/tradewind');
const lineMs = 60_000;

export interface ProcessEnding {
  readonly code: number | null;
  readonly signal: string | null;
  /** The error output: remarks and refusals. */
  readonly work: string;
}

/** A part of a desk in a process of its own. */
export interface DeskProcess {
  readonly child: ChildProcess;
  readonly lines: readonly RunLine[];
  readonly ended: Promise<ProcessEnding>;
  /** The first line of a type, told already or still to come; rejects where the process ends without it. */
  line(type: string): Promise<RunLine>;
  /** Asks it to end, and waits for that. */
  stop(): Promise<ProcessEnding>;
}

interface ProcessOptions {
  readonly environment?: Readonly<Record<string, string>>;
  after(work: () => void): void;
}

/** Starts a command of Tradewind that tells lines of JSON. It is killed at the end of the test where it still runs. */
export function startProcess(argv: readonly string[], { environment = {}, after }: ProcessOptions): DeskProcess {
  const { VALKEY_URL: _store, DATABASE_URL: _database, ...own } = process.env;
  const env = { ...own, ...environment };
  const child = spawn(process.execPath, [bin, ...argv], { stdio: ['ignore', 'pipe', 'pipe'], env });
  after(() => void child.kill('SIGKILL'));
  const lines: RunLine[] = [];
  const waiting = new Set<() => void>();
  let text = '';
  let work = '';
  child.stderr.on('data', (piece: Buffer) => {
    work += piece.toString();
  });
  child.stdout.on('data', (piece: Buffer) => {
    const parts = (text + piece.toString()).split('\n');
    text = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part) as RunLine);
    for (const look of waiting) look();
  });
  const ended = new Promise<ProcessEnding>((done) => {
    child.on('close', (code, signal) => {
      done({ code, signal, work });
      for (const look of waiting) look();
    });
  });
  const line = (type: string): Promise<RunLine> =>
    new Promise((done, fail) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        waiting.delete(look);
        act();
      };
      const look = (): void => {
        const found = lines.find((candidate) => candidate.type === type);
        if (found !== undefined) finish(() => done(found));
        else if (child.exitCode !== null || child.signalCode !== null) {
          finish(() => fail(new Error(`it ended with ${child.exitCode} without '${type}': ${work}`)));
        }
      };
      const timer = setTimeout(
        () => finish(() => fail(new Error(`no '${type}' within ${lineMs} ms: ${work}`))),
        lineMs,
      );
      waiting.add(look);
      look();
    });
  const stop = (): Promise<ProcessEnding> => {
    assert.ok(child.kill('SIGTERM'), 'it still runs');
    return ended;
  };
  return { child, lines, ended, line, stop };
}
