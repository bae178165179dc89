import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { HttpRequest } from '#engine/ports.ts';
import type {
  HostRole,
  WireReply,
  WireRequest,
  WireServer,
  WireSocket,
  WireSocketPeer,
  WireStream,
} from './wire-server.ts';

/** The largest body of a request, and the largest message over a socket. */
export const BODY_BYTES_MAX = 1_048_576;
/** What may wait for a reader that does not keep up; beyond it the connection is ended. */
const WAITING_BYTES_MAX = 8_388_608;
const keepAliveMs = 65_000;

export interface ServeOptions {
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** A second port that stands for the venue's stream host; without it one port stands for both. */
  readonly streamPort?: number;
}

export interface ServedWire {
  readonly host: string;
  readonly port: number;
  /** The same as the port where there is only one. */
  readonly streamPort: number;
  /** Ends every connection and the server behind them. */
  close(): Promise<void>;
}

/**
 * Serves a venue's protocol over real sockets.
 * Rejects where a port cannot be had.
 */
export async function serveWire(server: WireServer, options: ServeOptions): Promise<ServedWire> {
  const { host = '127.0.0.1', port, streamPort } = options;
  const rest = await listen(server, 'rest', { host, port });
  const stream =
    streamPort === undefined
      ? undefined
      : await listen(server, 'stream', { host, port: streamPort }).catch(async (error: unknown) => {
          await rest.close();
          throw error;
        });
  return {
    host,
    port: rest.port,
    streamPort: stream?.port ?? rest.port,
    close: async () => {
      server.close();
      await Promise.all([rest.close(), stream?.close()]);
    },
  };
}

interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

async function listen(wire: WireServer, role: HostRole, at: { host: string; port: number }): Promise<Listening> {
  const http = createServer({ keepAliveTimeout: keepAliveMs });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: BODY_BYTES_MAX });
  http.on('request', (request, response) => takeRequest(wire, role, request, response));
  http.on('upgrade', (request, socket, head) => takeUpgrade({ wire, role, sockets }, request, socket, head));
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(at.port, at.host, () => {
      http.removeListener('error', reject);
      resolve();
    });
  });
  return {
    port: (http.address() as AddressInfo).port,
    close: () => closeAll(http, sockets),
  };
}

async function closeAll(http: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  await new Promise<void>((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}

function takeRequest(wire: WireServer, role: HostRole, request: IncomingMessage, response: ServerResponse): void {
  const method = methodOf(request.method);
  if (method === undefined) {
    response.writeHead(405).end();
    return;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  request.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length > BODY_BYTES_MAX) {
      response.writeHead(413, { connection: 'close' }).end();
      request.removeAllListeners('data');
      request.resume();
      return;
    }
    pieces.push(piece);
  });
  request.on('end', () => {
    if (length > BODY_BYTES_MAX) return;
    const asked = requestOf(request, role, method);
    const body = Buffer.concat(pieces).toString('utf8');
    wire.handle(length === 0 ? asked : { ...asked, body }, replyTo(request, response));
  });
  // A client that goes away in the middle of its question is not answered.
  request.on('error', () => response.destroy());
}

function replyTo(request: IncomingMessage, response: ServerResponse): WireReply {
  return {
    answer: ({ status, headers, body }) => {
      if (response.destroyed || response.writableEnded) return;
      const bytes = Buffer.from(body, 'utf8');
      response.writeHead(status, { ...headers, 'content-length': bytes.length });
      response.end(bytes);
    },
    reset: () => request.socket.resetAndDestroy(),
    stream: ({ status, headers }) => {
      response.writeHead(status, headers);
      response.flushHeaders();
      return streamOver(response);
    },
  };
}

function streamOver(response: ServerResponse): WireStream {
  let isClosed = false;
  const acts: (() => void)[] = [];
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    for (const act of acts) act();
  };
  response.on('close', close);
  return {
    write: (bytes) => {
      if (isClosed) return;
      response.write(bytes);
      if (response.writableLength > WAITING_BYTES_MAX) response.destroy();
    },
    end: () => {
      response.end();
      close();
    },
    onClose: (act) => {
      if (isClosed) act();
      else acts.push(act);
    },
  };
}

interface Upgrading {
  readonly wire: WireServer;
  readonly role: HostRole;
  readonly sockets: WebSocketServer;
}

function takeUpgrade({ wire, role, sockets }: Upgrading, request: IncomingMessage, duplex: Duplex, head: Buffer): void {
  let socket: WebSocket | undefined;
  const waiting: string[] = [];
  const out: WireSocket = {
    send: (text) => {
      if (socket === undefined) waiting.push(text);
      else sendText(socket, text);
    },
    ping: () => (socket?.readyState === WebSocket.OPEN ? socket.ping() : undefined),
    close: () => (socket === undefined ? duplex.destroy() : socket.close()),
  };
  const peer = wire.openSocket(requestOf(request, role, 'GET'), out);
  if ('status' in peer) {
    const reason = STATUS_CODES[peer.status] ?? 'Refused';
    duplex.end(`HTTP/1.1 ${peer.status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    return;
  }
  sockets.handleUpgrade(request, duplex, head, (opened) => {
    socket = opened;
    attach(opened, peer);
    for (const text of waiting.splice(0)) sendText(opened, text);
  });
}

function attach(socket: WebSocket, peer: WireSocketPeer): void {
  socket.on('message', (data, isBinary) => {
    if (!isBinary)
      peer.onText(
        Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.concat([data].flat() as Buffer[]).toString('utf8'),
      );
  });
  socket.on('pong', () => peer.onPong());
  socket.on('close', () => peer.onClose());
  // What breaks a socket is followed by its close, which is told.
  socket.on('error', () => socket.terminate());
}

function sendText(socket: WebSocket, text: string): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send(text);
  if (socket.bufferedAmount > WAITING_BYTES_MAX) socket.terminate();
}

function requestOf(request: IncomingMessage, role: HostRole, method: HttpRequest['method']): WireRequest {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method,
    host: role,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: headersOf(request),
    address: request.socket.remoteAddress ?? '',
  };
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return headers;
}

function methodOf(method: string | undefined): HttpRequest['method'] | undefined {
  return (['GET', 'POST', 'PUT', 'DELETE'] as const).find((each) => each === method);
}
