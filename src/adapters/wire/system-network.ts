import { Agent } from 'undici';
import type { NetworkPort } from '#engine/ports.ts';
import { byteStream } from './byte-stream.ts';
import { textSocket } from './text-socket.ts';
import { wholeAnswer } from './whole-answer.ts';

const connectTimeoutMs = 10_000;
/** Less than servers keep an idle socket, so that a request seldom meets one that is just being closed. */
const keepAliveMs = 20_000;

export interface SystemNetworkOptions {
  readonly maxBodyBytes?: number;
  /** Most sockets to one host for requests, and as many again for streams. */
  readonly socketsMax?: number;
  /** Certificates to trust instead of the system's, in PEM. */
  readonly certificates?: string;
}

export interface SystemNetwork extends NetworkPort {
  /** Ends everything at once: what is under way fails. */
  close(): Promise<void>;
}

/**
 * The machine's network. Sockets are kept for later requests, certificates are checked, redirects are answers like any other, and nothing
 * is ever sent twice. Streams have sockets of their own, so that they never keep a request waiting.
 */
export function systemNetwork(options: SystemNetworkOptions = {}): SystemNetwork {
  const { maxBodyBytes = 33_554_432, socketsMax = 8, certificates } = options;
  const shared = {
    connections: socketsMax,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    connect: {
      timeout: connectTimeoutMs,
      rejectUnauthorized: true,
      ...(certificates === undefined ? {} : { ca: certificates }),
    },
  };
  const requests = new Agent({ ...shared, maxResponseSize: maxBodyBytes });
  const streams = new Agent(shared);
  return {
    request: (request, timeoutMs) => wholeAnswer(requests, request, timeoutMs),
    stream: (request, listener) => byteStream(streams, request, listener),
    socket: (url, listener) => textSocket(url, listener, { certificates }),
    close: async () => {
      await Promise.all([requests.destroy(), streams.destroy()]);
    },
  };
}
