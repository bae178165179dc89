import type { TimePort } from '#engine/ports.ts';
import type { WireRequest, WireSocket, WireSocketPeer } from '../wire-server.ts';
import { ADDRESSES_MAX } from './rate-counters.ts';
import { type SocketRequest, StreamSocket } from './stream-socket.ts';
import type { StreamRoute } from './topic-names.ts';
import type { UserStream } from './user-stream.ts';

/** How many connections an address may open in five minutes. */
export const CONNECTIONS_MAX = 300;
const connectionWindowMs = 5 * 60_000;

/** All connections to the stream host, and who listens to what. */
export class StreamHub {
  readonly #time: TimePort;
  readonly #user: UserStream;
  readonly #sockets = new Set<StreamSocket>();
  readonly #byName = new Map<string, Set<StreamSocket>>();
  readonly #openedAt = new Map<string, number[]>();
  /** Called when the set of streams that somebody listens to may have changed. */
  onNames: () => void = () => undefined;

  constructor({ time, user }: { time: TimePort; user: UserStream }) {
    this.#time = time;
    this.#user = user;
  }

  open(request: WireRequest, socket: WireSocket): WireSocketPeer | { readonly status: number } {
    const asked = readSocketRequest(request);
    if (asked === undefined) return { status: 404 };
    if (this.#isStorm(request.address)) return { status: 429 };
    const opened = new StreamSocket(socket, asked, {
      time: this.#time,
      user: this.#user,
      onChange: () => this.#index(),
      onEnd: (ended) => this.#forget(ended),
    });
    this.#sockets.add(opened);
    this.#index();
    return opened;
  }

  /** The streams that somebody listens to on their own route. */
  get names(): string[] {
    return [...this.#byName.keys()];
  }

  publish(name: string, text: string): void {
    for (const socket of [...(this.#byName.get(name) ?? [])]) socket.send(name, text);
  }

  /** Ends every connection. */
  close(): void {
    for (const socket of [...this.#sockets]) socket.close();
  }

  #index(): void {
    this.#byName.clear();
    for (const socket of this.#sockets) {
      for (const name of socket.names) {
        const listeners = this.#byName.get(name) ?? new Set();
        if (listeners.size === 0) this.#byName.set(name, listeners);
        listeners.add(socket);
      }
    }
    this.onNames();
  }

  #forget(socket: StreamSocket): void {
    this.#sockets.delete(socket);
    this.#index();
  }

  #isStorm(address: string): boolean {
    const now = this.#time.monotonic();
    const recent = (this.#openedAt.get(address) ?? []).filter((at) => now - at < connectionWindowMs);
    this.#openedAt.delete(address);
    this.#openedAt.set(address, recent);
    for (const oldest of this.#openedAt.keys()) {
      if (this.#openedAt.size <= ADDRESSES_MAX) break;
      this.#openedAt.delete(oldest);
    }
    if (recent.length >= CONNECTIONS_MAX) return true;
    recent.push(now);
    return false;
  }
}

/** Routed paths begin with the route; without one they are those of former years. Undefined for what is no path of streams. */
function readSocketRequest({ path, query }: WireRequest): SocketRequest | undefined {
  const found = /^(?:\/(public|market|private))?\/(ws|stream)(?:\/(.*))?$/.exec(path);
  if (found === null) return undefined;
  const [, route, mode, rest] = found;
  const parameters = new URLSearchParams(query);
  const names = mode === 'ws' ? (rest ?? '') : (parameters.get('streams') ?? '');
  const events = parameters.get('events');
  return {
    route: isRoute(route) ? route : undefined,
    isWrapped: mode === 'stream',
    streams: names.split('/').flatMap((name) => decodedName(name)),
    listenKey: parameters.get('listenKey') ?? undefined,
    events: events === null ? undefined : new Set(events.split('/')),
  };
}

/** Symbols beyond ASCII come percent-encoded in paths. */
function decodedName(name: string): string[] {
  if (name === '') return [];
  try {
    return [decodeURIComponent(name)];
  } catch {
    return [name];
  }
}

function isRoute(text: string | undefined): text is StreamRoute {
  return text === 'public' || text === 'market' || text === 'private';
}
