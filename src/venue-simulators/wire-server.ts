import type { HttpAnswer, HttpRequest } from '#engine/ports.ts';

/** Which of a venue's hosts a request came to: some keep streams apart from the rest. */
export type HostRole = 'rest' | 'stream';

/** A request as it reached the venue. `path` is without its query, `query` as it was written, without the question mark. */
export interface WireRequest extends Omit<HttpRequest, 'url'> {
  readonly host: HostRole;
  readonly path: string;
  readonly query: string;
  /** The address it came from: limits are counted for each. */
  readonly address: string;
}

/** Where an answer goes. One of the three is called, once, now or later. */
export interface WireReply {
  answer(answer: HttpAnswer): void;
  /** Begins an answer without an end. Bytes go out in pieces of whatever size, as they are written. */
  stream(answer: Pick<HttpAnswer, 'status' | 'headers'>): WireStream;
  /** Ends the connection without an answer. */
  reset(): void;
}

export interface WireStream {
  write(bytes: Uint8Array): void;
  end(): void;
  /** Called once the other side has gone, or `end` was called. */
  onClose(act: () => void): void;
}

/** The venue's end of a socket. */
export interface WireSocket {
  send(text: string): void;
  ping(): void;
  close(): void;
}

/** What a venue does with what comes over a socket. */
export interface WireSocketPeer {
  onText(text: string): void;
  onPong(): void;
  onClose(): void;
}

/** A venue's wire protocol. It owns no socket: the same one is served over TCP and, on virtual time, inside a process. */
export interface WireServer {
  readonly venue: string;
  handle(request: WireRequest, reply: WireReply): void;
  /** A socket asks to be opened; undefined refuses it with that status. */
  openSocket(request: WireRequest, socket: WireSocket): WireSocketPeer | { readonly status: number };
  /** Ends every timer, stream and socket. */
  close(): void;
}
