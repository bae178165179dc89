import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Certificate } from './self-signed.ts';

export interface LoopbackServer {
  readonly origin: string;
  readonly port: number;
  /** Every connection that was ever made. */
  readonly sockets: readonly Socket[];
  readonly http: ReturnType<typeof createServer>;
}

/** A server of node's own on a free port of this machine, gone with its connections after the test. */
export async function loopbackServer(
  context: TestContext,
  listener: RequestListener,
  certificate?: Certificate,
): Promise<LoopbackServer> {
  const sockets: Socket[] = [];
  const http = certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener);
  http.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => undefined)));
  http.on('tlsClientError', () => undefined);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return { origin: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, port, sockets, http };
}
