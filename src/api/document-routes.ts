import type { FastifyInstance, FastifyReply } from 'fastify';
import type { KeyValue } from '#domain/keys/key-value.ts';

/** Documents that others hold, as the API reads them. */
export interface DocumentSources {
  /** The key store, wherever it is. */
  readonly keys: {
    get(key: string): Promise<KeyValue | undefined>;
    list(pattern: string, limit: number): Promise<{ readonly keys: readonly string[] }>;
  };
  /** The merged view of every policy in force. */
  policies(): unknown;
  /** Every change of a policy that was asked for, oldest first; of one key where it is named. */
  policyHistory(key: string | undefined): Promise<readonly unknown[]> | readonly unknown[];
  /** Everything that belongs to one trace; undefined where nothing does. */
  trace(id: string): Promise<unknown>;
}

const listMax = 1_000;
/** Longest key, pattern or name of a trace that is looked for. */
const nameLengthMax = 512;

/** Reading routes for keys, policies and traces. All of them only read, so they are open where the server is read-only. */
export function addDocuments(server: FastifyInstance, sources: DocumentSources): void {
  server.get('/api/v2/keys', async (request, reply) => {
    const pattern = nameIn(request.query, 'pattern') ?? '*';
    const problem = nameProblem('pattern', pattern);
    return problem === undefined ? sources.keys.list(pattern, listMax) : refuse(reply, problem);
  });
  server.get('/api/v2/keys/:key', async (request, reply) => {
    const key = nameIn(request.params, 'key') ?? '';
    const problem = nameProblem('key', key);
    if (problem !== undefined) return refuse(reply, problem);
    const value = await sources.keys.get(key);
    return value === undefined ? missing(reply, `there is no key '${key}'`) : reply.send({ key, ...value });
  });
  server.get('/api/policy', async () => sources.policies());
  server.get('/api/policy/history', async (request, reply) => {
    const key = nameIn(request.query, 'key');
    const problem = key === undefined ? undefined : nameProblem('key', key);
    return problem === undefined ? { changes: await sources.policyHistory(key) } : refuse(reply, problem);
  });
  server.get('/api/v2/trace/:id', async (request, reply) => {
    const id = nameIn(request.params, 'id') ?? '';
    const problem = nameProblem('id', id);
    if (problem !== undefined) return refuse(reply, problem);
    const trace = await sources.trace(id);
    return trace === undefined ? missing(reply, `nothing belongs to the trace '${id}'`) : reply.send(trace);
  });
}

/** A name that was given; one that was given many times is the texts with commas between them, which no key matches. */
function nameIn(given: unknown, name: string): string | undefined {
  const value: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined;
  return value === undefined ? undefined : String(value);
}

function nameProblem(name: string, text: string): string | undefined {
  if (text !== '' && text.length <= nameLengthMax && !/\p{Cc}/u.test(text)) return undefined;
  return `'${name}': expected 1 to ${nameLengthMax} characters that can be printed, found ${text.length}`;
}

function refuse(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(400).send({ error: { code: 'bad-request', message } });
}

function missing(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(404).send({ error: { code: 'not-found', message } });
}
