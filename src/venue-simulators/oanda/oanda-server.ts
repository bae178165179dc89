import { createRandom, type Random } from '#base/random.ts';
import type { TimePort } from '#engine/ports.ts';
import type { ActingServer } from '../faulty-server.ts';
import type { VenueFloor } from '../venue-floor.ts';
import type { WireReply, WireRequest } from '../wire-server.ts';
import { usualPlight } from './account-plight.ts';
import type { AccountIdentity } from './account-views.ts';
import { decoded, type Exchange, failed, formatOf, type RouteAnswer, readQuery, wireAnswer } from './exchange.ts';
import { actOn, checkAction } from './fault-actions.ts';
import { lineWriter } from './line-writer.ts';
import { OandaAccount } from './oanda-account.ts';
import { findRoute, type RoutesScene } from './oanda-routes.ts';
import { booksIn, isAnswer } from './pricing-routes.ts';
import { startPricingStream } from './pricing-stream.ts';
import { type GateCounters, RequestGate } from './request-gate.ts';
import { TransactionLog } from './transaction-log.ts';
import { startTransactionStream } from './transaction-stream.ts';

/** The account's name where nothing else is asked for. */
export const usualAccountId = '101-004-1435156-001';

export interface OandaServerOptions {
  readonly time: TimePort;
  /** The market and the account behind the wire; it is started and stopped by whoever made it. */
  readonly floor: VenueFloor;
  /** What a client must show. */
  readonly token: string;
  readonly accountId?: string;
  /** Seed of everything that is drawn: where lines are cut. */
  readonly seed?: number;
}

export interface OandaServer extends ActingServer {
  readonly accountId: string;
  readonly counters: GateCounters;
}

/** OANDA's protocol in front of a floor with one account, as its clients see it. */
export function createOandaServer(options: OandaServerOptions): OandaServer {
  const { time, floor, token, accountId = usualAccountId, seed = 1 } = options;
  const plight = usualPlight();
  const identity: AccountIdentity = { accountId, userId: userIdOf(accountId), createdAt: time.now() };
  const log = new TransactionLog({ accountId, userId: identity.userId, now: () => time.now() + plight.skewMs });
  const account = new OandaAccount({ floor, time, log, plight });
  const scene: ServerScene = {
    account,
    identity,
    time,
    gate: new RequestGate(token),
    random: createRandom(seed, 'oanda lines'),
    streams: new Set(),
    requestCount: 0,
  };
  return {
    venue: 'OANDA',
    accountId,
    get counters() {
      return scene.gate.counters;
    },
    handle: (request, reply) => handle(scene, request, reply),
    openSocket: () => ({ status: 404 }),
    act: (action, parameters) => actOn(account, action, parameters),
    check: (action, parameters) => void checkAction(action, parameters),
    close: () => {
      for (const end of [...scene.streams]) end();
      account.close();
    },
  };
}

interface ServerScene extends RoutesScene {
  readonly gate: RequestGate;
  readonly random: Random;
  /** Ends each stream that is open. */
  readonly streams: Set<() => void>;
  requestCount: number;
}

function handle(scene: ServerScene, request: WireRequest, reply: WireReply): void {
  const { account, time } = scene;
  account.settle();
  scene.requestCount += 1;
  const { path, inAccount } = placeOf(request.path);
  const exchange: Exchange = {
    request,
    parameters: [],
    query: readQuery(request.query),
    format: formatOf(request),
    requestId: requestIdOf(scene.requestCount),
  };
  const { requestsPerSecond, isTokenRevoked } = account.plight;
  const refusal =
    scene.gate.refusal(request, { now: time.now(), perSecond: requestsPerSecond, isTokenRevoked }) ??
    accountRefusal(scene, inAccount);
  if (refusal === undefined && inAccount !== undefined && isStreamPath(path) && request.method === 'GET') {
    openStream(scene, exchange, { path, reply });
    return;
  }
  const answer = refusal ?? routed(scene, exchange, { path, isOfAccount: inAccount !== undefined });
  reply.answer(wireAnswer(account.plight.hasExtraFields ? extended(answer) : answer, exchange));
}

/** Where in the venue a path leads; what belongs to an account is told without the beginning. */
function placeOf(path: string): { path: string; inAccount: string | undefined } {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const match = /^\/v3\/accounts\/([^/]+)(\/.*)?$/.exec(plain);
  if (match === null) return { path: plain, inAccount: undefined };
  return { path: match[2] ?? '', inAccount: decoded(match[1] ?? '') };
}

function accountRefusal({ identity }: ServerScene, inAccount: string | undefined): RouteAnswer | undefined {
  if (inAccount === undefined || inAccount === identity.accountId) return undefined;
  if (!/^\d{3}-\d{3}-\d+-\d{3}$/.test(inAccount)) return failed(400, "Invalid value specified for 'accountID'");
  return failed(403, 'Insufficient authorization to perform request.');
}

function routed(scene: ServerScene, exchange: Exchange, place: { path: string; isOfAccount: boolean }): RouteAnswer {
  const found = findRoute(exchange.request.method, place.path, place.isOfAccount);
  switch (found.type) {
    case 'route':
      return found.act({ ...exchange, parameters: found.parameters.map(decoded) }, scene);
    case 'otherMethod':
      return failed(405, 'The request method is not supported for this endpoint');
    case 'none':
      return failed(404, 'The requested resource could not be found');
  }
}

function isStreamPath(path: string): boolean {
  return path === '/pricing/stream' || path === '/transactions/stream';
}

function openStream(scene: ServerScene, exchange: Exchange, { path, reply }: { path: string; reply: WireReply }): void {
  const { account, time, gate } = scene;
  const books = path === '/pricing/stream' ? booksIn(exchange.query, account) : [];
  if (isAnswer(books)) {
    reply.answer(wireAnswer(books, exchange));
    return;
  }
  const release = gate.openStream(exchange.request.address, time.now());
  if (release === undefined) {
    reply.answer(wireAnswer(failed(429, 'The maximum number of streams has been exceeded'), exchange));
    return;
  }
  const stream = reply.stream({
    status: 200,
    headers: { 'content-type': 'application/octet-stream', requestid: exchange.requestId, connection: 'close' },
  });
  const writeLine = lineWriter(stream, exchange.format, scene.random);
  const write = (body: unknown): void => writeLine(account.plight.hasExtraFields ? withExtras(body) : body);
  const hasSnapshot = exchange.query.get('snapshot')?.toLowerCase() !== 'false';
  const stop =
    path === '/pricing/stream'
      ? startPricingStream({ account, time, books, hasSnapshot, write })
      : startTransactionStream(account, time, write);
  const end = (): void => stream.end();
  scene.streams.add(end);
  stream.onClose(() => {
    scene.streams.delete(end);
    release();
    stop();
  });
}

function extended(answer: RouteAnswer): RouteAnswer {
  return { ...answer, body: withExtras(answer.body) as Record<string, unknown> };
}

/** Every object with fields that no client knows. */
function withExtras(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withExtras);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.entries(value).map(([name, each]) => [name, withExtras(each)]);
  return { ...Object.fromEntries(inner), st: 1, addedLater: { kind: 'UNKNOWN', values: [] } };
}

/** The third part of the account's name is the user's number. */
function userIdOf(accountId: string): number {
  return Number(accountId.split('-')[2] ?? 1);
}

function requestIdOf(count: number): string {
  return `4${String(count).padStart(16, '0')}`;
}
