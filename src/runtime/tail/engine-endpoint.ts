import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { HealthReport } from '#domain/health.ts';
import { type ControlAnswer, type ControlRequest, controlRequestSchema } from '../control-socket.ts';
import type { TailSource } from './tail-source.ts';
import { encodePiece } from './tail-wire.ts';

/** What an engine shows to the other processes of its desk. */
export interface EngineDoor {
  readonly tail: TailSource;
  status(): unknown;
  health(): Promise<HealthReport>;
  unreadiness(): readonly string[];
  /** Prometheus text. */
  metrics(): Promise<string>;
  carryOut(request: ControlRequest): ControlAnswer;
}

export interface EndpointOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Whoever asks must show it; undefined is allowed on this machine's own addresses only. */
  readonly token: string | undefined;
  /** Milliseconds UTC, for requests that came too late. */
  now(): number;
}

export interface OpenEndpoint {
  /** `http://127.0.0.1:8100` */
  readonly address: string;
  close(): Promise<void>;
}

/** A request that may be sent again without being carried out twice, and that is worth nothing after its time. */
export const engineRequestSchema = z.strictObject({
  requestId: z.string().min(8).max(64),
  expiresAt: z.int(),
  request: controlRequestSchema,
});
export type EngineRequest = z.infer<typeof engineRequestSchema>;

const rangeSchema = z.strictObject({
  from: z.coerce.number().int().min(1),
  max: z.coerce.number().int().min(1).max(10_000),
  waitMs: z.coerce.number().int().min(0).max(30_000),
});

const loopbackHosts = ['127.0.0.1', '::1', 'localhost'];
/** What changes nothing is carried out each time. */
const readingCommands: readonly ControlRequest['command'][] = ['status', 'policy.get'];
/** Answers remembered, so that a request that is sent again gets the same one. */
const answersMax = 1_000;

/** Raised where an endpoint would be open to other machines without asking for a token. */
export class OpenEndpointError extends Error {
  override readonly name = 'OpenEndpointError';
}

/** Opens the engine's endpoint: its tail from any place on, its status, and idempotent requests. */
export async function serveEngine(door: EngineDoor, options: EndpointOptions): Promise<OpenEndpoint> {
  const { host, port, token } = options;
  if ((token ?? '') === '' && !loopbackHosts.includes(host)) {
    throw new OpenEndpointError(
      `the engine's endpoint on '${host}' is open to other machines: expected TRADEWIND_ENGINE_TOKEN, found none`,
    );
  }
  const server = createEndpoint(door, options);
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    throw error;
  }
  const bound = server.server.address() as AddressInfo;
  return { address: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`, close: () => server.close() };
}

function createEndpoint(door: EngineDoor, { token, now }: EndpointOptions): FastifyInstance {
  const server = Fastify({ logger: false, bodyLimit: 1_048_576, forceCloseConnections: true });
  server.removeContentTypeParser('text/plain');
  if (token !== undefined && token !== '') {
    server.addHook('onRequest', async (request, reply) => {
      if (!isSameSecret(request.headers.authorization ?? '', `Bearer ${token}`)) {
        return reply.code(401).send({ message: 'expected the token of this engine' });
      }
      return undefined;
    });
  }
  server.get('/engine/head', () => door.tail.head());
  server.get('/engine/status', async () => door.status());
  server.get('/engine/health', async () => ({ report: await door.health(), unreadiness: door.unreadiness() }));
  server.get('/engine/metrics', async (_request, reply) => reply.type('text/plain').send(await door.metrics()));
  server.get('/engine/tail', async (request, reply) => {
    const range = rangeSchema.safeParse(request.query);
    if (!range.success) return reply.code(400).send({ message: problemOf(range.error) });
    const { from, max, waitMs } = range.data;
    return reply
      .type('application/octet-stream')
      .send(Buffer.from(encodePiece(await door.tail.read(from, { max, waitMs }))));
  });
  const answers = new Map<string, ControlAnswer>();
  server.post('/engine/request', async (request, reply) => {
    const asked = engineRequestSchema.safeParse(request.body);
    if (!asked.success) return reply.code(400).send({ message: problemOf(asked.error) });
    return answerOnce(answers, asked.data, now(), (inner) => door.carryOut(inner));
  });
  return server;
}

/** Carries a request out the first time it is seen; later it only tells again what became of it. */
function answerOnce(
  answers: Map<string, ControlAnswer>,
  { requestId, expiresAt, request }: EngineRequest,
  nowAt: number,
  carryOut: (request: ControlRequest) => ControlAnswer,
): ControlAnswer {
  const known = answers.get(requestId);
  if (known !== undefined) return known;
  if (nowAt > expiresAt) return { isDone: false, message: `the request came ${nowAt - expiresAt} ms after its time` };
  const answer = carryOut(request);
  if (readingCommands.includes(request.command)) return answer;
  answers.set(requestId, answer);
  if (answers.size > answersMax) for (const oldest of [...answers.keys()].slice(0, 1)) answers.delete(oldest);
  return answer;
}

/** Compares digests, so that neither length nor content of the secret shows in the time it takes. */
function isSameSecret(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `'${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'is not as expected'}`;
}
