import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { eventSchemas } from '#domain/events.ts';
import type { PolicySnapshot } from '#domain/policies/policy-snapshot.ts';
import type { PolicyOutcome } from './policies/policy-store.ts';

/** Other values at some dotted paths of a policy, or a whole document. */
const policyContentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('changes'), changes: z.record(z.string().min(1), z.unknown()) }),
  z.strictObject({
    type: z.literal('document'),
    schemaVersion: z.int().min(1),
    document: z.record(z.string(), z.unknown()),
  }),
]);

const { traceparent } = eventSchemas['policy.changed'].shape;

/** What every change of a policy states: over which version, by whom and why. */
const policyChange = {
  key: z.string().min(1),
  expectedVersion: z.int().min(0),
  actor: z.string().min(1),
  reason: z.string().min(1),
  traceparent,
  isDryRun: z.boolean(),
};

/** What an operator may ask a running desk for, whatever else is down. */
export const controlRequestSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('status') }),
  z.strictObject({
    command: z.literal('kill.engage'),
    actor: z.string().min(1),
    reason: z.string().min(1),
    flatten: z.boolean(),
    traceparent,
  }),
  z.strictObject({
    command: z.literal('reduce'),
    instrument: z.string(),
    quantity: z.int().positive(),
    actor: z.string().min(1),
    reason: z.string().min(1),
    traceparent,
  }),
  z.strictObject({
    command: z.literal('kill.release'),
    actor: z.string().min(1),
    reason: z.string().min(1),
    traceparent,
  }),
  z.strictObject({
    command: z.literal('arm'),
    /** `ARM` and the account's name, as the operator has typed it. */
    phrase: z.string(),
    actor: z.string().min(1),
    reason: z.string().min(1),
    traceparent,
  }),
  z.strictObject({
    command: z.literal('disarm'),
    actor: z.string().min(1),
    reason: z.string().min(1),
    traceparent,
  }),
  z.strictObject({ command: z.literal('reconcile') }),
  z.strictObject({ command: z.literal('policy.get') }),
  z.strictObject({ command: z.literal('policy.set'), content: policyContentSchema, ...policyChange }),
  z.strictObject({
    command: z.literal('policy.rollback'),
    toVersion: z.int().min(1),
    /** What the journal holds as that version; to read it here would hold the desk up. */
    document: z.record(z.string(), z.unknown()),
    schemaVersion: z.int().min(1),
    ...policyChange,
  }),
]);
export type ControlRequest = z.infer<typeof controlRequestSchema>;

export interface ControlAnswer {
  readonly isDone: boolean;
  readonly message: string;
  readonly status?: unknown;
  /** All policies in force, where they were asked for. */
  readonly policies?: PolicySnapshot;
  /** What became of a change of policy. */
  readonly policy?: PolicyOutcome;
}

const requestBytesMax = 65_536;
const answerTimeoutMs = 5_000;
/** The system's limit on the length of a socket's path, with room to spare. */
const pathLengthMax = 100;

/** The switch's own way in: a socket beside the data, readable by its owner only. A long path moves to the system's temporary folder. */
export function controlPath(folder: string): string {
  const path = join(resolve(folder), 'control.sock');
  if (path.length <= pathLengthMax) return path;
  return join(tmpdir(), `tradewind-${createHash('sha256').update(path).digest('hex').slice(0, 16)}.sock`);
}

/** Serves requests, one JSON line each. A socket file left by a killed process is replaced: the folder's lock says who may. */
export async function serveControl(
  folder: string,
  carryOut: (request: ControlRequest) => ControlAnswer,
): Promise<Server> {
  const path = controlPath(folder);
  if (existsSync(path)) rmSync(path);
  const server = createServer((socket) => serve(socket, carryOut));
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, done);
  });
  return server;
}

function serve(socket: Socket, carryOut: (request: ControlRequest) => ControlAnswer): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (part: string) => {
    text += part;
    if (text.length > requestBytesMax) return void socket.destroy();
    const end = text.indexOf('\n');
    if (end >= 0) socket.end(`${JSON.stringify(answerTo(text.slice(0, end), carryOut))}\n`);
    return undefined;
  });
}

function answerTo(line: string, carryOut: (request: ControlRequest) => ControlAnswer): ControlAnswer {
  try {
    return carryOut(controlRequestSchema.parse(JSON.parse(line)));
  } catch (error) {
    return { isDone: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Asks the desk that runs on a data folder; undefined where none listens. */
export async function askControl(folder: string, request: ControlRequest): Promise<ControlAnswer | undefined> {
  const path = controlPath(folder);
  if (!existsSync(path)) return undefined;
  return new Promise((done, fail) => {
    let text = '';
    const socket = createConnection(path);
    socket.setEncoding('utf8');
    socket.setTimeout(answerTimeoutMs, () =>
      socket.destroy(new Error(`the running desk did not answer within ${answerTimeoutMs} ms`)),
    );
    socket.on('connect', () => void socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') done(undefined);
      else fail(error);
    });
    socket.on('end', () => {
      // A desk that ends at this very moment closes the socket without a word: then none listens any more.
      if (text === '') done(undefined);
      else done(JSON.parse(text) as ControlAnswer);
    });
  });
}
