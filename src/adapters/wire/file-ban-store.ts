import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Ban, BanStore } from './ban-store.ts';
import { WireError } from './wire-error.ts';

/**
 * Keeps the last ban in a file, so that a new start honours it. The file is replaced in one step and made durable. Reading throws a
 * `WireError` for a file that holds something else: whether a ban is in force cannot be told then, and only a person can decide.
 */
export function fileBanStore(path: string): BanStore {
  return { read: () => readBan(path), write: (ban) => writeBan(path, ban) };
}

function readBan(path: string): Ban | undefined {
  const text = textOf(path);
  if (text === undefined) return undefined;
  const [untilAt, reason] = fieldsOf(text);
  if (typeof untilAt === 'number' && Number.isSafeInteger(untilAt) && typeof reason === 'string') {
    return { untilAt, reason };
  }
  throw new WireError(`a ban has 'untilAt' and 'reason', found something else in '${path}'; remove it to go on`);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function fieldsOf(text: string): [untilAt: unknown, reason: unknown] {
  try {
    const value: unknown = JSON.parse(text);
    return [Reflect.get(Object(value), 'untilAt'), Reflect.get(Object(value), 'reason')];
  } catch {
    return [undefined, undefined];
  }
}

function writeBan(path: string, { untilAt, reason }: Ban): void {
  const beside = `${path}.tmp`;
  withFile(beside, 'w', (file) => {
    writeSync(file, `${JSON.stringify({ untilAt, reason })}\n`);
    fsyncSync(file);
  });
  renameSync(beside, path);
  withFile(dirname(path), 'r', fsyncSync);
}

function withFile(path: string, flags: string, act: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    act(file);
  } finally {
    closeSync(file);
  }
}
