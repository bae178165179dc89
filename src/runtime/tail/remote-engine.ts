import { randomUUID } from 'node:crypto';
import type { HealthReport } from '#domain/health.ts';
import type { ControlAnswer, ControlRequest } from '../control-socket.ts';
import type { EngineRequest } from './engine-endpoint.ts';
import type { TailHead, TailLimits, TailPiece, TailSource } from './tail-source.ts';
import { decodePiece } from './tail-wire.ts';

/** Raised where the engine does not answer, or not as expected. */
export class RemoteEngineError extends Error {
  override readonly name = 'RemoteEngineError';
  readonly code: 'unreachable' | 'refused';

  constructor(code: RemoteEngineError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface RemoteOptions {
  /** Address of the engine's endpoint. */
  readonly address: string;
  readonly token: string | undefined;
}

const answerMs = 5_000;
/** A request is asked again so often under the same id, and is worth nothing after its time. */
const triesMax = 3;
const requestMs = 15_000;

/** An engine in another process, as those who show it see it. */
export interface RemoteEngine extends TailSource {
  status(): Promise<unknown>;
  health(): Promise<RemoteHealth>;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** Idempotent: an answer that is lost is asked for again, and the request is carried out once. */
  request(request: ControlRequest): Promise<ControlAnswer>;
}

export interface RemoteHealth {
  readonly report: HealthReport;
  readonly unreadiness: readonly string[];
}

/** An engine over the HTTP of its endpoint. Every call rejects with a `RemoteEngineError` where it does not answer. */
export function remoteEngine({ address, token }: RemoteOptions): RemoteEngine {
  const shown = shownAddress(address);
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const ask = async (path: string, waitMs: number, init: RequestInit = {}): Promise<Response> => {
    const asked = { ...init, headers: { ...headers, ...init.headers }, signal: AbortSignal.timeout(waitMs + answerMs) };
    const response = await fetch(new URL(path, address), { redirect: 'error', ...asked }).catch((error: unknown) =>
      Promise.reject(unreachable(shown, error)),
    );
    if (response.ok) return response;
    throw new RemoteEngineError(
      'refused',
      `the engine at '${shown}' answers ${response.status}: ${await textOf(response)}`,
    );
  };
  const askJson = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await ask(path, 0, init);
    return response.json().catch(() => {
      throw new RemoteEngineError('refused', `expected an engine at '${shown}', found something else`);
    });
  };
  return {
    head: async () => (await askJson('/engine/head')) as TailHead,
    status: () => askJson('/engine/status'),
    health: async () => (await askJson('/engine/health')) as RemoteHealth,
    metrics: async () => (await ask('/engine/metrics', 0)).text(),
    read: async (fromSequence: number, { max, waitMs }: TailLimits): Promise<TailPiece> => {
      const response = await ask(`/engine/tail?from=${fromSequence}&max=${max}&waitMs=${waitMs}`, waitMs);
      return decodePiece(new Uint8Array(await response.arrayBuffer()));
    },
    request: async (request) => {
      const body: EngineRequest = { requestId: randomUUID(), expiresAt: Date.now() + requestMs, request };
      const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      for (let tries = 1; ; tries += 1) {
        try {
          return (await askJson('/engine/request', init)) as ControlAnswer;
        } catch (error) {
          const isLost = error instanceof RemoteEngineError && error.code === 'unreachable';
          if (!isLost || tries >= triesMax) throw error;
        }
      }
    },
  };
}

function unreachable(address: string, error: unknown): RemoteEngineError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RemoteEngineError('unreachable', `the engine at '${address}' does not answer: ${reason}`);
}

/** Without what may be a secret. */
function shownAddress(address: string): string {
  return address.replace(/\/\/[^/]*@/, '//');
}

async function textOf(response: Response): Promise<string> {
  return (await response.text()).slice(0, 500);
}
