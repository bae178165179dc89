import type { TimePort } from '#engine/ports.ts';
import type { WireSocket, WireSocketPeer } from '../wire-server.ts';
import { parseTopic, routeOf, type StreamRoute } from './topic-names.ts';
import type { UserStream } from './user-stream.ts';

const pingEveryMs = 3 * 60_000;
const pongWithinMs = 10 * 60_000;
const lifeMs = 24 * 60 * 60_000;
/** How many messages a connection may send in a second; one more ends it. */
export const MESSAGES_PER_SECOND_MAX = 10;
/** How many streams one connection may have. */
export const STREAMS_MAX = 1_024;
const messageCharsMax = 256 * 1_024;

/** How a connection came to be: by which route, whether its messages are wrapped, and what it asked for at once. */
export interface SocketRequest {
  /** Undefined for the paths of former years: they connect, and nothing ever comes. */
  readonly route: StreamRoute | undefined;
  readonly isWrapped: boolean;
  readonly streams: readonly string[];
  readonly listenKey: string | undefined;
  readonly events: ReadonlySet<string> | undefined;
}

export interface SocketSurroundings {
  readonly time: TimePort;
  readonly user: UserStream;
  /** The streams of a connection have changed. */
  onChange(): void;
  onEnd(socket: StreamSocket): void;
}

/** One connection to a stream host: its subscriptions, its pings and its end. */
export class StreamSocket implements WireSocketPeer {
  readonly #socket: WireSocket;
  readonly #request: SocketRequest;
  readonly #around: SocketSurroundings;
  /** Every stream asked for, in the order of asking, whether or not it can ever speak here. */
  readonly #names = new Set<string>();
  readonly #forgetUser = new Map<string, () => void>();
  #forgetPing: () => void;
  readonly #forgetLife: () => void;
  #isWrapped: boolean;
  #isOpen = true;
  #pongAt: number;
  #secondAt = 0;
  #messages = 0;

  constructor(socket: WireSocket, request: SocketRequest, around: SocketSurroundings) {
    this.#socket = socket;
    this.#request = request;
    this.#around = around;
    this.#isWrapped = request.isWrapped;
    this.#pongAt = around.time.monotonic();
    this.#forgetPing = around.time.after(pingEveryMs, () => this.#ping());
    this.#forgetLife = around.time.after(lifeMs, () => this.close());
    for (const name of request.streams.slice(0, STREAMS_MAX)) this.#add(name);
    if (request.listenKey !== undefined) this.#listenTo(request.listenKey);
  }

  /** The streams that can speak on this connection. */
  get names(): string[] {
    return [...this.#names].filter((name) => this.#isOnRoute(name));
  }

  /** Passes a message of a stream on, as it is or with the stream's name around it. */
  send(name: string, text: string): void {
    this.#socket.send(this.#isWrapped ? `{"stream":${JSON.stringify(name)},"data":${text}}` : text);
  }

  onText(text: string): void {
    if (!this.#isOpen) return;
    if (this.#isTooMuch() || text.length > messageCharsMax) {
      this.close();
      return;
    }
    this.#socket.send(this.#answerTo(text));
  }

  onPong(): void {
    this.#pongAt = this.#around.time.monotonic();
  }

  /** The other side has gone. */
  onClose(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#forgetPing();
    this.#forgetLife();
    for (const forget of this.#forgetUser.values()) forget();
    this.#around.onEnd(this);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.onClose();
    this.#socket.close();
  }

  #ping(): void {
    if (this.#around.time.monotonic() - this.#pongAt > pongWithinMs) {
      this.close();
      return;
    }
    this.#socket.ping();
    this.#forgetPing = this.#around.time.after(pingEveryMs, () => this.#ping());
  }

  #isTooMuch(): boolean {
    const second = Math.floor(this.#around.time.monotonic() / 1_000);
    if (second !== this.#secondAt) {
      this.#secondAt = second;
      this.#messages = 0;
    }
    this.#messages += 1;
    return this.#messages > MESSAGES_PER_SECOND_MAX;
  }

  #answerTo(text: string): string {
    const message = parseMessage(text);
    if (message === undefined) return problem(undefined, 3, 'Invalid JSON: expected value at line 1 column 1');
    const { id } = message;
    if (typeof message.method !== 'string') return problem(id, 1, 'Invalid value type: expected String');
    if (!isId(id)) return problem(undefined, 0, "Unknown variant: 'id' is an integer or a text of up to 36 signs");
    switch (message.method) {
      case 'SUBSCRIBE':
      case 'UNSUBSCRIBE':
        return this.#change(message.method, message.params, id);
      case 'LIST_SUBSCRIPTIONS':
        return answer([...this.#names], id);
      case 'SET_PROPERTY':
        return this.#setProperty(message.params, id);
      case 'GET_PROPERTY':
        return answer(this.#isWrapped, id);
    }
    return problem(id, 1, `Invalid request: unknown variant '${message.method.slice(0, 40)}'`);
  }

  /** Any name is taken, known or not and on whatever route: an acknowledgement promises nothing. */
  #change(method: 'SUBSCRIBE' | 'UNSUBSCRIBE', params: unknown, id: MessageId): string {
    if (!isTexts(params)) return problem(id, 1, 'Invalid value type: expected a sequence');
    if (method === 'SUBSCRIBE' && this.#names.size + params.length > STREAMS_MAX) {
      return problem(id, 4, `a connection has at most ${STREAMS_MAX} streams`);
    }
    for (const name of params) {
      if (method === 'SUBSCRIBE') this.#add(name);
      else this.#remove(name);
    }
    this.#around.onChange();
    return answer(null, id);
  }

  #setProperty(params: unknown, id: MessageId): string {
    const [name, value] = Array.isArray(params) ? params : [];
    if (name !== 'combined' || typeof value !== 'boolean') return problem(id, 0, 'Unknown property');
    this.#isWrapped = value;
    return answer(null, id);
  }

  #add(name: string): void {
    this.#names.add(name);
    if (this.#request.route === 'private' && parseTopic(name) === undefined) this.#listenTo(name);
  }

  #remove(name: string): void {
    this.#names.delete(name);
    this.#forgetUser.get(name)?.();
    this.#forgetUser.delete(name);
  }

  #listenTo(listenKey: string): void {
    if (this.#request.route !== 'private' || this.#forgetUser.has(listenKey)) return;
    const { events } = this.#request;
    const send = (text: string): void => this.send(listenKey, text);
    this.#forgetUser.set(listenKey, this.#around.user.listen({ listenKey, events, send }));
  }

  #isOnRoute(name: string): boolean {
    const topic = parseTopic(name);
    return topic !== undefined && routeOf(topic) === this.#request.route;
  }
}

type MessageId = number | string | null;

interface Message {
  readonly method?: unknown;
  readonly params?: unknown;
  readonly id?: unknown;
}

function parseMessage(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isId(id: unknown): id is MessageId {
  return id === null || Number.isSafeInteger(id) || (typeof id === 'string' && id.length <= 36);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function answer(result: string[] | boolean | null, id: MessageId): string {
  return JSON.stringify({ result, id });
}

function problem(id: unknown, code: number, msg: string): string {
  return JSON.stringify({ error: { code, msg }, ...(isId(id) ? { id } : {}) });
}
