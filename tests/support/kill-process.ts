import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that tells what it does as JSON, one object a line, and is made to be killed. */
export interface KillProcess {
  readonly name: string;
  readonly pid: number;
  readonly hasEnded: boolean;
  /** Resolves once a line of a type was told, and where a text is given, one that holds it; fails where the process ends without it. */
  said(type: string, text?: string): Promise<void>;
  /** How many lines of a type it has told, of the last few thousand. */
  count(type: string): number;
  /** Ends it at once and waits until it is gone. */
  kill(): Promise<void>;
  /** What it said last, for a failure. */
  lastWords(): string;
  /** Asks it to stop in order, and fails where that is not what it does. */
  stop(): Promise<void>;
  /** Waits a moment, so that a process that is ending has ended. */
  settled(): Promise<void>;
  /** Fails where it has ended by itself. */
  requireAlive(): void;
}

const patienceMs = 60_000;
const saidMax = 4_000;
const lookMs = 10;
/** Longest time in which a process that stops in order is gone. */
const settleMs = 15_000;

/** Starts Node on a file. What it says is read as it comes, so that it never waits for a reader. */
export function startProcess(
  name: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): KillProcess {
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...plainEnvironment(), ...environment },
  });
  return new ChildOfTest(name, child);
}

/** Nothing that this machine or the run of the tests has set for a desk. */
function plainEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR'].map((name): [string, string] => [name, process.env[name] ?? '']);
  return Object.fromEntries(kept.filter(([, value]) => value !== ''));
}

class ChildOfTest implements KillProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  /** Whatever was told last, for a failure. */
  #told: string[] = [];
  #rest = '';

  constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
    this.#ended = new Promise((done) => child.once('close', () => done()));
    child.stdout?.on('data', (piece: Buffer) => this.#hear(piece.toString()));
    child.stderr?.on('data', (piece: Buffer) => this.#keep(piece.toString()));
    const killWithUs = (): void => void child.kill('SIGKILL');
    process.once('exit', killWithUs);
    child.once('close', () => process.off('exit', killWithUs));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async said(type: string, text = ''): Promise<void> {
    const endAt = performance.now() + patienceMs;
    const isIt = (line: string): boolean => line.includes(`"type":"${type}"`) && line.includes(text);
    while (!this.#told.some(isIt)) {
      assert.ok(!this.hasEnded, `'${this.name}' ended before it said '${type}': ${this.lastWords()}`);
      assert.ok(performance.now() < endAt, `'${this.name}' did not say '${type}' in time: ${this.lastWords()}`);
      await delay(lookMs);
    }
  }

  count(type: string): number {
    return this.#told.filter((line) => line.includes(`"type":"${type}"`)).length;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async stop(): Promise<void> {
    this.requireAlive();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await this.#ended;
    clearTimeout(timer);
    assert.equal(this.#child.exitCode, 0, `'${this.name}' did not stop in order: ${this.lastWords()}`);
  }

  async settled(): Promise<void> {
    await Promise.race([this.#ended, delay(settleMs)]);
  }

  requireAlive(): void {
    assert.ok(!this.hasEnded, `'${this.name}' ended by itself: ${this.lastWords()}`);
  }

  #hear(piece: string): void {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#keep(line);
  }

  #keep(line: string): void {
    this.#told.push(line);
    if (this.#told.length > saidMax) this.#told = this.#told.slice(-saidMax / 2);
  }

  lastWords(): string {
    return this.#told.slice(-20).join('\n');
  }
}
