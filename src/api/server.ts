import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { traceparentText } from '#domain/trace.ts';
import type { DeskStatus } from '#runtime/status.ts';
import { requestTrace } from '#runtime/telemetry/request-trace.ts';
import { type ErrorAnswer, type Health, type KillRequest, killRequestSchema, type StatusAnswer } from './contract.ts';
import { addDocuments, type DocumentSources } from './document-routes.ts';
import { addHealth, type HealthSources } from './health-routes.ts';
import { ListenError } from './listen-error.ts';
import { outsideFailure } from './outside-failure.ts';
import { requestProblem, securityHeaders } from './request-guard.ts';
import { readStatusPage } from './status-page.ts';

/** What the server shows and hands on; it decides nothing. */
export interface ServerOptions extends HealthSources, DocumentSources {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Names beside its own under which the server may be asked. */
  readonly allowedHosts: readonly string[];
  /** Refuses every change but one: the kill switch can always be engaged. */
  readonly readOnly: boolean;
  status(): DeskStatus;
  /** Prometheus text. */
  metrics(): Promise<string> | string;
  /** Carries out a change of the kill switch that may be carried out, in the trace of the request. */
  kill(request: KillRequest, traceparent: string): KillOutcome | Promise<KillOutcome>;
  /** Compares the books with the venue's as soon as can be. */
  reconcile(): KillOutcome | Promise<KillOutcome>;
}

export interface KillOutcome {
  readonly isDone: boolean;
  readonly message: string;
}

export interface OpenServer {
  /** `http://127.0.0.1:8000` */
  readonly address: string;
  close(): Promise<void>;
}

const bodyBytesMax = 16_384;
const requestMs = 10_000;
const idleMs = 5_000;

/** Opens the server. Where its port is taken it throws a `ListenError`; no other is tried. */
export async function openServer(options: ServerOptions): Promise<OpenServer> {
  const { host, port } = options;
  const server = createServer(options);
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined || code.startsWith('FST_')) throw error;
    throw new ListenError(host, port, code);
  }
  const bound = server.server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { address: `http://${name}:${bound.port}`, close: () => server.close() };
}

/** The server before it listens. */
export function createServer(options: ServerOptions): FastifyInstance {
  const server = Fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    forceCloseConnections: true,
  });
  // Without a parser for plain text a foreign page cannot send a body without asking first.
  server.removeContentTypeParser('text/plain');
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    if (isForWatchers(request.method, request.url)) return undefined;
    const { host, origin } = request.headers;
    const problem = requestProblem({ host, origin }, options.host, options.allowedHosts);
    if (problem === undefined) return undefined;
    return refuse(reply, 403, { code: 'foreign-request', message: problem });
  });
  server.addHook('onRequest', async (request, reply) => {
    // Whoever asks learns the trace of what it asked for; an invalid header begins a new one.
    reply.header('traceparent', traceparentText(requestTrace(request.headers)));
  });
  server.setErrorHandler((error, _request, reply) => answerError(error, reply));
  server.setNotFoundHandler((request, reply) =>
    refuse(reply, 404, { code: 'not-found', message: `there is no ${request.method} '${request.url.slice(0, 200)}'` }),
  );
  addPage(server);
  addStatus(server, options);
  addHealth(server, options);
  addDocuments(server, options);
  addKillSwitch(server, options);
  addReconcile(server, options);
  return server;
}

/** Signs of life, which a watcher asks for under whatever name it knows this machine by: they tell nothing else. */
function isForWatchers(method: string, url: string): boolean {
  return method === 'GET' && (url === '/health/live' || url === '/health/ready');
}

function addPage(server: FastifyInstance): void {
  for (const { route, contentType, body } of readStatusPage()) {
    server.get(route, (_request, reply) => reply.type(contentType).send(body));
  }
}

function addStatus(server: FastifyInstance, options: ServerOptions): void {
  for (const route of ['/health', '/api/health']) server.get(route, async () => healthOf(options.status()));
  server.get('/api/status', async (): Promise<StatusAnswer> => {
    const status = options.status();
    return { ...healthOf(status), ...(status as Omit<StatusAnswer, keyof Health>) };
  });
  server.get('/metrics', async (_request, reply) => {
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.metrics());
  });
}

function healthOf({ isWarm, kill, instruments }: DeskStatus): Health {
  return {
    status: isWarm ? 'ok' : 'warming-up',
    timestamp: new Date().toISOString(),
    kill_switch: kill.isEngaged,
    trading_active: isWarm && !kill.isEngaged,
    enabled_pairs: instruments.map(({ symbol }) => symbol),
    service: 'tradewind',
  };
}

function addKillSwitch(server: FastifyInstance, options: ServerOptions): void {
  const route = '/api/kill-switch';
  server.get(route, async () => ({ kill_switch: options.status().kill.isEngaged }));
  server.post(route, async (request, reply) => {
    const parsed = killRequestSchema.safeParse(request.body);
    if (!parsed.success) {
      return refuse(reply, 400, { code: 'bad-request', message: problemOf(parsed.error.issues) });
    }
    const { isEngaging, isConfirmed } = parsed.data;
    if (!isEngaging && options.readOnly) {
      return refuse(reply, 403, {
        code: 'read-only',
        message: 'this desk is read-only: the switch can only be engaged',
      });
    }
    if (!isEngaging && !isConfirmed) {
      return refuse(reply, 409, { code: 'not-confirmed', message: "to release the switch send 'confirm': true" });
    }
    const { isDone, message } = await options.kill(parsed.data, String(reply.getHeader('traceparent')));
    if (!isDone) return refuse(reply, 409, { code: 'refused', message });
    return reply.send({ kill_switch: options.status().kill.isEngaged, message });
  });
}

/** It changes nothing but our own books, so a desk that is read-only does it too. */
function addReconcile(server: FastifyInstance, options: ServerOptions): void {
  server.post('/api/trade/reconcile', async (_request, reply) => {
    const { isDone, message } = await options.reconcile();
    return isDone ? reply.code(202).send({ message }) : refuse(reply, 409, { code: 'refused', message });
  });
}

function problemOf(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  const [issue] = issues;
  const field = issue?.path.join('.') ?? '';
  return field === '' ? `the body: ${issue?.message ?? 'is not as expected'}` : `'${field}': ${issue?.message ?? ''}`;
}

function refuse(reply: FastifyReply, status: number, error: ErrorAnswer['error']): FastifyReply {
  return reply.code(status).send({ error } satisfies ErrorAnswer);
}

/** What the client did wrong is told, and what does not answer; our own mistakes are not told to the outside. */
function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  const outside = outsideFailure(error);
  if (outside !== undefined) return refuse(reply, outside.status, { code: outside.code, message: outside.message });
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (!(error instanceof Error) || !(status >= 400 && status < 500)) {
    return refuse(reply, 500, { code: 'failed', message: 'the desk could not answer' });
  }
  const code = 'code' in error ? String(error.code) : 'bad-request';
  return refuse(reply, status, {
    code: code
      .replace(/^FST_ERR_/, '')
      .toLowerCase()
      .replaceAll('_', '-'),
    message: error.message,
  });
}
