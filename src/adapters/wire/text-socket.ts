import { type RawData, WebSocket } from 'ws';
import type { SocketConnection, SocketListener } from '#engine/ports.ts';
import { codeOf } from './network-failure.ts';

const textBytesMax = 8_388_608;
const unsentBytesMax = 8_388_608;
const openTimeoutMs = 10_000;

/** Certificates to trust instead of the system's, in PEM. */
export interface SocketTrust {
  readonly certificates: string | undefined;
}

/**
 * Opens a socket that carries texts. Pings are answered by themselves. It ends with a text over 8 MiB, with anything that is no text, and
 * where 8 MiB wait to be sent. After a close nothing but the end is told. What the listener throws is not caught.
 */
export function textSocket(url: string, listener: SocketListener, { certificates }: SocketTrust): SocketConnection {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    followRedirects: false,
    handshakeTimeout: openTimeoutMs,
    maxPayload: textBytesMax,
    rejectUnauthorized: true,
    ...(certificates === undefined ? {} : { ca: certificates }),
  });
  let ending: string | undefined;
  const end = (reason: string): void => {
    ending ??= reason;
    socket.terminate();
  };
  socket.on('open', () => ending === undefined && listener.onOpen());
  socket.on('message', (data, isBinary) => {
    if (ending !== undefined) return;
    if (isBinary) end('a text was expected, found bytes');
    else listener.onText(textOf(data));
  });
  socket.on('ping', () => ending === undefined && listener.onPing());
  socket.on('error', (error) => end(`the socket failed: '${reasonOf(error)}'`));
  socket.on('close', (code) => listener.onClose(ending ?? `closed by the other side with code '${code}'`));
  return {
    send: (text) => {
      if (socket.readyState !== WebSocket.OPEN || ending !== undefined) return;
      if (socket.bufferedAmount > unsentBytesMax) end(`at most '${unsentBytesMax}' bytes wait to be sent`);
      else socket.send(text);
    },
    close: () => end('closed by us'),
  };
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Buffer.from(Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data)).toString('utf8');
}

/** A status that refuses the socket is told in words alone; they hold nothing but the status. */
function reasonOf(error: Error): string {
  return error.message.startsWith('Unexpected server response') ? error.message : codeOf(error);
}
