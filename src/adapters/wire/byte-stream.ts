import { type Dispatcher, request as send } from 'undici';
import type { Connection, HttpRequest, StreamListener } from '#engine/ports.ts';
import { headerTexts } from './header-texts.ts';
import { networkFailure, requestName } from './network-failure.ts';

const headersTimeoutMs = 30_000;

/**
 * Sends a request and hands on its answer as it comes, of whatever status. After a close nothing but the end is told. What the listener
 * throws is not caught.
 */
export function byteStream(dispatcher: Dispatcher, request: HttpRequest, listener: StreamListener): Connection {
  const { method, url, headers, body = null } = request;
  const ending = new AbortController();
  const { signal } = ending;
  let isOver = false;
  const end = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    listener.onClose(signal.aborted ? 'closed by us' : reason);
  };
  const fail = (error: unknown): void => end(networkFailure(requestName(method, url), error).message);
  const hear = (answer: Dispatcher.ResponseData): void => {
    answer.body.on('error', fail).on('end', () => end('ended by the other side'));
    if (signal.aborted) return;
    listener.onOpen({ status: answer.statusCode, headers: headerTexts(answer.headers) });
    answer.body.on('data', (bytes: Uint8Array) => {
      if (!signal.aborted) listener.onBytes(bytes);
    });
  };
  const options = { dispatcher, method, body, signal, headersTimeout: headersTimeoutMs, bodyTimeout: 0 };
  void send(url, { ...options, headers: { ...headers } }).then(hear, fail);
  return { close: () => ending.abort() };
}
