import type { z } from 'zod';
import type { CallPriority } from '#adapters/wire/call-priority.ts';
import type { VenueAnswer, VenueClient } from '#adapters/wire/venue-client.ts';
import { VenueError } from '#domain/venue-error.ts';
import type { HttpRequest } from '#engine/ports.ts';
import {
  accountSchema,
  barsSchema,
  errorSchema,
  foundOrderSchema,
  instrumentsSchema,
  type LedgerLines,
  linesSchema,
  type OrderBody,
  type VenueAccount,
} from './schema.ts';

/** How many lines or bars one answer has at most. */
export const pageLength = 500;

/** When a request is worth nothing any more, and how it stands in the queue. */
export interface Departure {
  readonly priority: CallPriority;
  readonly deadlineAt: number;
}

type Found = z.infer<typeof foundOrderSchema>;

/** Every request that Harbor knows. Questions reject with a `VenueError`; what changes something gives the answer as it is. */
export interface HarborRest {
  account(): Promise<VenueAccount>;
  instruments(): Promise<readonly unknown[]>;
  bars(symbol: string, fromAt: number, untilAt: number): Promise<readonly unknown[]>;
  lines(after: number): Promise<LedgerLines>;
  /** Undefined where the venue does not know the order. The id is ours or the venue's. */
  order(id: string): Promise<Found | undefined>;
  createOrder(body: OrderBody, departure: Departure): Promise<VenueAnswer>;
  changeOrder(id: string, price: string, departure: Departure): Promise<VenueAnswer>;
  cancelOrder(id: string): Promise<VenueAnswer>;
}

export function harborRest(client: VenueClient, origin: string, token: string): HarborRest {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const costs = { requests: 1 };
  const request = (method: HttpRequest['method'], path: string, body?: unknown): HttpRequest => ({
    ...{ method, url: `${origin}/v1${path}`, headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const ask = (path: string, priority: CallPriority = 'normal'): Promise<VenueAnswer> =>
    client.call({ prepare: () => request('GET', path), costs, priority, isIdempotent: true });
  const orderPath = (id: string): string => `/orders/${encodeURIComponent(id)}`;
  return {
    account: async () => readAnswer(await ask('/account'), accountSchema, 'account'),
    instruments: async () => readAnswer(await ask('/instruments'), instrumentsSchema, 'instruments').instruments,
    bars: async (symbol, fromAt, untilAt) => {
      const query = `symbol=${encodeURIComponent(symbol)}&from=${fromAt}&until=${untilAt}&limit=${pageLength}`;
      return readAnswer(await ask(`/bars?${query}`, 'background'), barsSchema, 'bars').bars;
    },
    lines: async (after) =>
      readAnswer(await ask(`/fills?after=${after}&limit=${pageLength}`), linesSchema, 'fills').fills,
    order: async (id) => {
      const answer = await ask(orderPath(id));
      const isUnknown = answer.type === 'answered' && refusalOf(answer.status, answer.body).code === 'UNKNOWN_ORDER';
      return isUnknown ? undefined : readAnswer(answer, foundOrderSchema, 'order');
    },
    createOrder: (body, departure) =>
      client.call({ prepare: () => request('POST', '/orders', body), costs, isIdempotent: false, ...departure }),
    changeOrder: (id, price, departure) =>
      client.call({
        prepare: () => request('PUT', orderPath(id), { price }),
        ...{ costs, isIdempotent: false, ...departure },
      }),
    cancelOrder: (id) =>
      client.call({
        prepare: () => request('DELETE', orderPath(id)),
        ...{ costs, priority: 'reduction', isIdempotent: false },
      }),
  };
}

/** The body of an answer that says yes. Everything else is thrown: a failed question is never an empty answer. */
function readAnswer<T>(answer: VenueAnswer, schema: z.ZodType<T>, what: string): T {
  if (answer.type === 'denied') throw new VenueError('denied', answer.code, `'${what}': ${answer.reason}`);
  if (answer.type === 'unknown') throw new VenueError('unreachable', 'NO_ANSWER', `'${what}': ${answer.reason}`);
  const { status, body } = answer;
  if (status < 200 || status > 299) {
    const { code, message } = refusalOf(status, body);
    const kind = isOpen(status) ? 'unreachable' : status === 429 ? 'denied' : 'refused';
    throw new VenueError(kind, code, `'${what}': status '${status}', ${message}`);
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new VenueError('unreachable', 'MALFORMED', `'${what}': field '${field}' of the answer cannot be read`);
}

/** What came of something that changes the venue: its answer, why it is certain that nothing was done, or why that is open. */
export type Outcome =
  | { readonly type: 'done'; readonly body: unknown }
  | { readonly type: 'refused'; readonly status: number; readonly code: string; readonly reason: string }
  | { readonly type: 'open'; readonly reason: string };

export function outcomeOf(answer: VenueAnswer): Outcome {
  if (answer.type === 'denied')
    return { type: 'refused', status: 0, code: `DENIED_${answer.code}`, reason: answer.reason };
  if (answer.type === 'unknown') return { type: 'open', reason: answer.reason };
  const { status, body } = answer;
  if (status >= 200 && status < 300) return { type: 'done', body };
  if (isOpen(status)) return { type: 'open', reason: `status '${status}'` };
  const { code, message } = refusalOf(status, body);
  // An order with our id is there already: something carried it there, and only a question tells what became of it.
  if (code === 'DUPLICATE_ID') return { type: 'open', reason: message };
  return { type: 'refused', status, code, reason: message };
}

/** Whether a status leaves it open what the venue did. */
function isOpen(status: number): boolean {
  return status >= 500 || status === 408 || (status >= 300 && status < 400);
}

function refusalOf(status: number, body: unknown): { readonly code: string; readonly message: string } {
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success || parsed.data.code === '') return { code: `HTTP_${status}`, message: `status '${status}'` };
  return { code: parsed.data.code, message: parsed.data.message.slice(0, 300) };
}
