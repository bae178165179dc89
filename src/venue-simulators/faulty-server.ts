import type { HttpAnswer, TimePort } from '#engine/ports.ts';
import {
  type FaultEntry,
  type FaultScript,
  isRequestFault,
  isStreamFault,
  type RequestFault,
  type StreamFault,
} from './fault-script.ts';
import { type ChannelOut, FaultyChannel } from './faulty-channel.ts';
import type { WireReply, WireRequest, WireServer, WireSocket, WireStream } from './wire-server.ts';

/** What a simulator must do itself for its venue's own faults. */
export interface ActingServer extends WireServer {
  /** @throws where it does not know the action or its parameters. */
  act(action: string, parameters: Readonly<Record<string, unknown>>): void;
  /** As the acting, without doing anything. */
  check?(action: string, parameters: Readonly<Record<string, unknown>>): void;
}

/** A fault of the script and how far it has gone. */
export interface ArmedFault<F> {
  readonly fault: F;
  readonly match: FaultEntry['match'];
  readonly fromAt: number;
  readonly untilAt: number;
  left: number;
  /** Messages that a loss of several has taken, over every stream it is meant for. */
  lost: number;
}

/**
 * The server with everything between it and its clients that a script wants broken, counted from now on.
 * @throws what the server throws for an action of the script that it does not know, where it can tell beforehand.
 */
export function faultyServer(server: ActingServer, script: FaultScript, time: TimePort): ActingServer {
  const play = startPlay(server, script, time);
  return {
    venue: server.venue,
    act: (action, parameters) => server.act(action, parameters),
    handle: (request, reply) => handle(play, request, reply),
    openSocket: (request, socket) => openSocket(play, request, socket),
    close: () => {
      for (const act of play.forget) act();
      for (const channel of play.channels) channel.close();
      server.close();
    },
  };
}

/** A script while it is played. */
interface Play {
  readonly server: ActingServer;
  readonly script: FaultScript;
  readonly time: TimePort;
  readonly requestFaults: ArmedFault<RequestFault>[];
  readonly streamFaults: ArmedFault<StreamFault>[];
  readonly channels: Set<FaultyChannel>;
  readonly forget: (() => void)[];
}

function startPlay(server: ActingServer, script: FaultScript, time: TimePort): Play {
  const startAt = time.now();
  const play: Play = {
    server,
    script,
    time,
    requestFaults: [],
    streamFaults: [],
    channels: new Set(),
    forget: [],
  };
  for (const entry of script.faults) {
    const { fault } = entry;
    if (isRequestFault(fault)) play.requestFaults.push(armed(entry, fault, startAt));
    else if (isStreamFault(fault)) play.streamFaults.push(armed(entry, fault, startAt));
    else {
      const parameters = parametersOf(fault);
      server.check?.(fault.action, parameters);
      play.forget.push(time.after(entry.at, () => server.act(fault.action, parameters)));
    }
  }
  for (const each of play.streamFaults) {
    if (each.fault.type !== 'inject' && each.fault.type !== 'disconnect') continue;
    play.forget.push(time.after(each.fromAt - startAt, () => strike(play.channels, each)));
  }
  return play;
}

function handle(play: Play, request: WireRequest, reply: WireReply): void {
  const fault = takeFault(play.requestFaults, request, play.time.now());
  const answered = fault === undefined ? reply : faultyReply(fault, reply, play.time);
  const wrapped: WireReply = { ...answered, stream: (head) => faultyStream(play, request, answered.stream(head)) };
  if (fault === undefined || isCarriedOut(fault)) play.server.handle(request, wrapped);
  else withhold(fault, reply);
}

function openSocket(play: Play, request: WireRequest, socket: WireSocket): ReturnType<WireServer['openSocket']> {
  const channel = openChannel(play, request, socketOut(socket));
  const peer = play.server.openSocket(request, socketThrough(channel, socket));
  if ('status' in peer) {
    play.channels.delete(channel);
    return peer;
  }
  return {
    onText: (text) => peer.onText(text),
    onPong: () => peer.onPong(),
    onClose: () => {
      play.channels.delete(channel);
      channel.close();
      peer.onClose();
    },
  };
}

function openChannel(
  { script, time, streamFaults, channels }: Play,
  request: WireRequest,
  out: ChannelOut,
): FaultyChannel {
  const address = addressOf(request);
  const channel = new FaultyChannel({ address, out, faults: streamFaults, time, seed: script.seed });
  channels.add(channel);
  return channel;
}

function armed<F>(entry: FaultEntry, fault: F, startAt: number): ArmedFault<F> {
  const isOnce = entry.for === undefined && entry.times === undefined;
  return {
    fault,
    match: entry.match,
    fromAt: startAt + entry.at,
    untilAt: entry.for === undefined ? Infinity : startAt + entry.at + entry.for,
    left: isOnce ? 1 : (entry.times ?? Infinity),
    lost: 0,
  };
}

function parametersOf({ type: _, action: __, ...parameters }: Record<string, unknown>): Record<string, unknown> {
  return parameters;
}

function addressOf({ path, query }: WireRequest): string {
  return query === '' ? path : `${path}?${query}`;
}

/** Ends or speaks into what is open at that moment. */
function strike(channels: Set<FaultyChannel>, each: ArmedFault<StreamFault>): void {
  const { fault } = each;
  // One without a span is over with that; one with a span goes on for what is opened anew.
  each.left -= 1;
  for (const channel of [...channels]) {
    if (!channel.isMeant(fault)) continue;
    if (fault.type === 'inject') channel.say(fault.text);
    else channel.cut();
  }
}

/** The first fault in force that the request matches is used up by it. */
function takeFault(
  faults: readonly ArmedFault<RequestFault>[],
  request: WireRequest,
  at: number,
): RequestFault | undefined {
  for (const each of faults) {
    if (at < each.fromAt || at >= each.untilAt || each.left === 0) continue;
    if (each.match?.method !== undefined && each.match.method !== request.method) continue;
    if (each.match?.path !== undefined && !new RegExp(each.match.path).test(addressOf(request))) continue;
    each.left -= 1;
    return each.fault;
  }
  return undefined;
}

function isCarriedOut(fault: RequestFault): boolean {
  switch (fault.type) {
    case 'loseRequest':
      return false;
    case 'loseAnswer':
    case 'delayAnswer':
      return true;
    case 'silence':
    case 'answer':
      return fault.isCarriedOut;
  }
}

/** The venue never saw the request. */
function withhold(fault: RequestFault, reply: WireReply): void {
  if (fault.type === 'loseRequest') reply.reset();
  else if (fault.type === 'answer') reply.answer(otherAnswer(fault));
}

/** The venue saw the request, and what it says meets the fault. */
function faultyReply(fault: RequestFault, reply: WireReply, time: TimePort): WireReply {
  const ended = (act: () => void): WireReply => ({ answer: act, reset: act, stream: () => swallowed(act) });
  switch (fault.type) {
    case 'loseRequest':
    case 'loseAnswer':
      return ended(() => reply.reset());
    case 'silence':
      return ended(() => undefined);
    case 'answer':
      return ended(() => reply.answer(otherAnswer(fault)));
    case 'delayAnswer':
      return {
        ...reply,
        answer: (answer) => void time.after(fault.ms, () => reply.answer(answer)),
        reset: () => reply.reset(),
      };
  }
}

function otherAnswer({ status, body, headers }: Extract<RequestFault, { type: 'answer' }>): HttpAnswer {
  return { status, body, headers };
}

/** A stream that nobody hears; it counts as ended at once, so that its server forgets it. */
function swallowed(act: () => void): WireStream {
  act();
  return { write: () => undefined, end: () => undefined, onClose: (closed) => closed() };
}

function faultyStream(play: Play, request: WireRequest, stream: WireStream): WireStream {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const channel = openChannel(play, request, {
    send: (text) => stream.write(encoder.encode(`${text}\n`)),
    sendBytes: (bytes) => stream.write(bytes),
    end: () => stream.end(),
  });
  let rest = '';
  stream.onClose(() => {
    play.channels.delete(channel);
    channel.close();
  });
  return {
    // Messages are lines: a server may write them in pieces, and the faults are those of whole messages.
    write: (bytes) => {
      if (!channel.isTouched()) {
        channel.pass(bytes);
        return;
      }
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) channel.send(line);
    },
    end: () => channel.finish(),
    onClose: (act) => stream.onClose(act),
  };
}

function socketOut(socket: WireSocket): ChannelOut {
  return { send: (text) => socket.send(text), sendBytes: null, end: () => socket.close() };
}

function socketThrough(channel: FaultyChannel, socket: WireSocket): WireSocket {
  return {
    send: (text) => channel.send(text),
    ping: () => {
      if (channel.hasPings()) socket.ping();
    },
    close: () => channel.finish(),
  };
}
