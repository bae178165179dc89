import { NetworkError } from '#domain/network-error.ts';
import type {
  Connection,
  HttpAnswer,
  HttpRequest,
  NetworkPort,
  SocketConnection,
  SocketListener,
  StreamListener,
  TimePort,
} from '#engine/ports.ts';
import type { HostRole, WireReply, WireRequest, WireServer, WireSocket, WireStream } from './wire-server.ts';

/** A server as it is reached: everything at that origin goes to it. */
export interface VirtualHost {
  /** `https://rest.oanda.test`, without a path; sockets are reached with `wss:` in place of `https:`. */
  readonly origin: string;
  readonly host: HostRole;
  readonly server: WireServer;
  /** The address that requests come from, as the server sees it. */
  readonly address: string;
}

export interface VirtualNetworkOptions {
  readonly time: TimePort;
  readonly servers: readonly VirtualHost[];
  /** How long each way takes. */
  readonly latencyMs?: number;
}

export interface VirtualNetwork extends NetworkPort {
  /** Whether anything gets through: while it is off, new connections are refused and open ones end. */
  setUp(isUp: boolean): void;
  /** Requests that reached a server, streams and sockets included. */
  readonly requestCount: number;
}

/** A network inside the process: no socket, no byte on a wire, and all its time is that of the port. */
export function virtualNetwork({ time, servers, latencyMs = 1 }: VirtualNetworkOptions): VirtualNetwork {
  const open = new Set<() => void>();
  const net: Net = { time, servers, latencyMs, open, isUp: true, requestCount: 0 };
  return {
    request: (request, timeoutMs) => sendRequest(net, request, timeoutMs),
    stream: (request, listener) => openStream(net, request, listener),
    socket: (url, listener) => openSocket(net, url, listener),
    setUp: (isUp) => {
      net.isUp = isUp;
      if (!isUp) for (const end of [...open]) end();
    },
    get requestCount() {
      return net.requestCount;
    },
  };
}

interface Net {
  readonly time: TimePort;
  readonly servers: readonly VirtualHost[];
  readonly latencyMs: number;
  /** Ends whatever is open. */
  readonly open: Set<() => void>;
  isUp: boolean;
  requestCount: number;
}

function sendRequest(net: Net, request: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const target = targetOf(net, request);
    if (target === undefined) {
      reject(new NetworkError(`'${request.url}' was refused`, false));
      return;
    }
    const exchange = createExchange(net, {
      done: resolve,
      fail: (reason) => reject(new NetworkError(`'${request.method} ${target.wire.path}': ${reason}`, true)),
    });
    exchange.limit(timeoutMs, `no answer within ${timeoutMs} ms`);
    const reply: WireReply = {
      answer: (answer) => exchange.back(() => exchange.done(answer)),
      reset: () => exchange.back(() => exchange.fail('the connection was reset')),
      stream: (head) => collected(head, (answer) => exchange.back(() => exchange.done(answer))),
    };
    deliver(net, target, reply);
  });
}

/** One question and its one outcome. */
interface Exchange {
  /** Acts once the way back is over, unless all is over before. */
  back(act: () => void): void;
  limit(ms: number, reason: string): void;
  done(answer: HttpAnswer): void;
  fail(reason: string): void;
}

function createExchange(
  net: Net,
  ends: { done: (answer: HttpAnswer) => void; fail: (reason: string) => void },
): Exchange {
  let isOver = false;
  let forgetLimit: () => void = nothing;
  const over = (act: () => void): void => {
    if (isOver) return;
    isOver = true;
    forgetLimit();
    net.open.delete(cut);
    act();
  };
  const cut = (): void => over(() => ends.fail('the network went down'));
  net.open.add(cut);
  return {
    back: (act) => void net.time.after(net.latencyMs, () => (isOver ? undefined : act())),
    limit: (ms, reason) => {
      forgetLimit = net.time.after(ms, () => over(() => ends.fail(reason)));
    },
    done: (answer) => over(() => ends.done(answer)),
    fail: (reason) => over(() => ends.fail(reason)),
  };
}

function openStream(net: Net, request: HttpRequest, listener: StreamListener): Connection {
  const line = createLine(net, (reason) => listener.onClose(reason));
  const target = targetOf(net, request);
  if (target === undefined) {
    line.later(() => line.end(`'${request.url}' was refused`));
    return { close: () => line.end('closed') };
  }
  const reply: WireReply = {
    answer: ({ status, headers, body }) =>
      line.later(() => {
        listener.onOpen({ status, headers });
        if (body !== '') listener.onBytes(new TextEncoder().encode(body));
        line.end('the answer ended');
      }),
    reset: () => line.later(() => line.end('the connection was reset')),
    stream: ({ status, headers }) => {
      line.later(() => listener.onOpen({ status, headers }));
      return {
        write: (bytes) => line.later(() => listener.onBytes(bytes)),
        end: () => line.later(() => line.end('the stream ended')),
        onClose: (act) => line.onEnd(act),
      };
    },
  };
  deliver(net, target, reply, () => !line.isOver());
  return { close: () => line.end('closed') };
}

function openSocket(net: Net, url: string, listener: SocketListener): SocketConnection {
  const line = createLine(net, (reason) => listener.onClose(reason));
  const asked = { method: 'GET' as const, url: url.replace(/^ws/, 'http'), headers: {} };
  const target = targetOf(net, asked);
  let sendText: (text: string) => void = nothing;
  if (target === undefined) line.later(() => line.end(`'${url}' was refused`));
  else
    net.time.after(net.latencyMs, () => {
      if (line.isOver()) return;
      net.requestCount += 1;
      let pong: () => void = nothing;
      const socket: WireSocket = {
        send: (text) => line.later(() => listener.onText(text)),
        ping: () =>
          line.later(() => {
            listener.onPing();
            pong();
          }),
        close: () => line.later(() => line.end('the other side closed')),
      };
      const peer = target.host.server.openSocket(target.wire, socket);
      if ('status' in peer) {
        line.later(() => line.end(`refused with status '${peer.status}'`));
        return;
      }
      pong = () => void net.time.after(net.latencyMs, () => (line.isOver() ? undefined : peer.onPong()));
      line.onEnd(() => peer.onClose());
      line.later(() => {
        sendText = (text) => void net.time.after(net.latencyMs, () => (line.isOver() ? undefined : peer.onText(text)));
        listener.onOpen();
      });
    });
  return { send: (text) => (line.isOver() ? undefined : sendText(text)), close: () => line.end('closed') };
}

/** A connection that stays: things come over it in order, each after the latency, until it ends once. */
interface Line {
  later(act: () => void): void;
  end(reason: string): void;
  onEnd(act: () => void): void;
  isOver(): boolean;
}

function createLine(net: Net, told: (reason: string) => void): Line {
  let isOver = false;
  const acts: (() => void)[] = [];
  const end = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    net.open.delete(cut);
    for (const act of acts) act();
    told(reason);
  };
  const cut = (): void => end('the network went down');
  net.open.add(cut);
  return {
    later: (act) => void net.time.after(net.latencyMs, () => (isOver ? undefined : act())),
    end,
    onEnd: (act) => {
      if (isOver) act();
      else acts.push(act);
    },
    isOver: () => isOver,
  };
}

interface Target {
  readonly host: VirtualHost;
  readonly wire: WireRequest;
}

/** Undefined where no server stands at the origin, or the network is down. */
function targetOf(net: Net, { method, url, headers, body }: HttpRequest): Target | undefined {
  const found = net.servers.find(
    ({ origin }) => url === origin || url.startsWith(`${origin}/`) || url.startsWith(`${origin}?`),
  );
  if (found === undefined || !net.isUp) return undefined;
  const rest = url.slice(found.origin.length);
  const mark = rest.indexOf('?');
  const path = mark < 0 ? rest : rest.slice(0, mark);
  const query = mark < 0 ? '' : rest.slice(mark + 1);
  const asked = { method, headers, host: found.host, path: path === '' ? '/' : path, query, address: found.address };
  return { host: found, wire: body === undefined ? asked : { ...asked, body } };
}

function deliver(net: Net, { host, wire }: Target, reply: WireReply, isWanted: () => boolean = () => true): void {
  net.time.after(net.latencyMs, () => {
    if (!isWanted()) return;
    net.requestCount += 1;
    host.server.handle(wire, reply);
  });
}

const nothing = (): void => undefined;

/** A stream where a whole answer was asked for: it is whole once it ends. */
function collected(head: Pick<HttpAnswer, 'status' | 'headers'>, done: (answer: HttpAnswer) => void): WireStream {
  const decoder = new TextDecoder();
  let body = '';
  return {
    write: (bytes) => {
      body += decoder.decode(bytes, { stream: true });
    },
    end: () => done({ ...head, body: body + decoder.decode() }),
    onClose: nothing,
  };
}
