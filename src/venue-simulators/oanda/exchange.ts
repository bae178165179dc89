import type { HttpAnswer } from '#engine/ports.ts';
import type { WireRequest } from '../wire-server.ts';
import { bodyText, type TimeFormat } from './wire-text.ts';

/** One request with everything in it read once. */
export interface Exchange {
  readonly request: WireRequest;
  /** The account named in the path, decoded parts of the path behind it. */
  readonly parameters: readonly string[];
  readonly query: ReadonlyMap<string, string>;
  readonly format: TimeFormat;
  readonly requestId: string;
}

/** What a route answers; `location` is the path of what was created. */
export interface RouteAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly location?: string;
}

export function ok(body: Readonly<Record<string, unknown>>): RouteAnswer {
  return { status: 200, body };
}

/** A refusal with words alone. */
export function failed(
  status: number,
  errorMessage: string,
  fields: Readonly<Record<string, unknown>> = {},
): RouteAnswer {
  return { status, body: { ...fields, errorMessage } };
}

/** Parameters of a query. Empty parts, as a trailing ampersand leaves them, are nothing; of one name the last counts. */
export function readQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const [name = '', ...rest] = part.split('=');
    parameters.set(decoded(name.replaceAll('+', ' ')), decoded(rest.join('=').replaceAll('+', ' ')));
  }
  return parameters;
}

/** What was written in escapes; what is no escape stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The format of instants that the client asked for. */
export function formatOf(request: WireRequest): TimeFormat {
  return request.headers['accept-datetime-format']?.toUpperCase() === 'UNIX' ? 'UNIX' : 'RFC3339';
}

/** The answer as it goes out, with the headers that all answers have. */
export function wireAnswer(answer: RouteAnswer, exchange: Pick<Exchange, 'format' | 'requestId'>): HttpAnswer {
  return {
    status: answer.status,
    headers: {
      'content-type': 'application/json',
      requestid: exchange.requestId,
      'access-control-allow-origin': '*',
      ...(answer.location === undefined ? {} : { location: answer.location }),
    },
    body: bodyText(answer.body, exchange.format),
  };
}

/** The body as JSON; undefined where it is none. An empty one is an empty object. */
export function readBody({ body }: WireRequest): unknown {
  if (body === undefined || body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
