import { type Dispatcher, request as send } from 'undici';
import { NetworkError } from '#domain/network-error.ts';
import type { HttpAnswer, HttpRequest } from '#engine/ports.ts';
import { headerTexts } from './header-texts.ts';
import { networkFailure, requestName } from './network-failure.ts';

/**
 * Sends a request once and waits for the whole of its answer. How large that may be is the dispatcher's limit. Rejects with a `NetworkError`
 * where it does not come within the time; its socket is closed then, so that nothing late is taken for the answer to another request.
 */
export async function wholeAnswer(
  dispatcher: Dispatcher,
  request: HttpRequest,
  timeoutMs: number,
): Promise<HttpAnswer> {
  const what = requestName(request.method, request.url);
  const ending = new AbortController();
  const late = new NetworkError(`${what}: no whole answer within '${timeoutMs}' ms`, true);
  const timer = setTimeout(() => ending.abort(late), timeoutMs);
  try {
    const { method, url, headers, body = null } = request;
    const answer = await send(url, { dispatcher, method, headers: { ...headers }, body, signal: ending.signal });
    return { status: answer.statusCode, headers: headerTexts(answer.headers), body: await answer.body.text() };
  } catch (error) {
    throw networkFailure(what, error);
  } finally {
    clearTimeout(timer);
  }
}
