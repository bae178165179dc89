import { assert } from '#base/assert.ts';
import { type Event, originOf } from '#domain/events.ts';
import type { Engine } from './engine.ts';
import type { Command, FeedPort, JournalPort, VenuePort } from './ports.ts';
import { isJournalled, step } from './step.ts';

/** What a run is made of: a choice of ports. */
export interface LoopPorts {
  readonly feed: FeedPort;
  readonly venue: VenuePort;
  /** Undefined where nothing is kept, as in a sweep. */
  readonly journal: JournalPort | undefined;
  /** Makes everything appended durable; called before a command is handed to the venue. */
  makeDurable(): void;
  /** Shows every event after it was folded. */
  onEvent?(event: Event): void;
}

/** The loop of a run: market, clock and venue merged into one order, each event stepped, each command handed on. */
export interface Loop {
  readonly engine: Engine;
  readonly ports: LoopPorts;
  readonly gridMs: number;
  nextTickAt: number;
}

/** A loop whose clock begins at the first grid point at or after a time. */
export function createLoop(engine: Engine, ports: LoopPorts, startAt: number, gridMs: number): Loop {
  return { engine, ports, gridMs, nextTickAt: Math.ceil(startAt / gridMs) * gridMs };
}

/** Steps one input: journals what it caused, makes intents durable, and hands the commands to the venue. */
export function handle(loop: Loop, input: Event): void {
  const { engine, ports } = loop;
  const produced = step(engine, input);
  let hasCommand = false;
  for (const event of produced) {
    if (ports.journal !== undefined && isJournalled(engine.state, event)) ports.journal.append(event);
    if (originOf(event.type) === 'command') hasCommand = true;
    ports.onEvent?.(event);
  }
  if (!hasCommand) return;
  ports.makeDurable();
  for (const event of produced) if (isCommand(event)) ports.venue.send(event);
}

export function isCommand(event: Event): event is Command {
  return originOf(event.type) === 'command';
}

/** The time of the next turn: that of the next market event or tick, whichever comes first. */
function nextTurnAt(loop: Loop): number {
  return Math.min(loop.ports.feed.peekAt(), loop.nextTickAt);
}

/**
 * One turn, never interrupted: the venue's answers due up to the next market event or tick, then that event as the venue sees
 * it, what it leads to there, and the event itself. At one instant answers come first, then the tick, then bars and quotes: a
 * decision at a grid point never sees a bar that closes at that very instant. Since a turn is whole, what happens in it does not
 * depend on when it is taken; an operator's request falls between two turns.
 */
export function takeTurn(loop: Loop): void {
  const { feed, venue } = loop.ports;
  const feedAt = feed.peekAt();
  answer(loop, Math.min(feedAt, loop.nextTickAt));
  const event = loop.nextTickAt <= feedAt ? tick(loop) : feed.next();
  assert(event !== undefined, 'a feed that announces an event has one');
  venue.observe(event);
  answer(loop, event.at);
  handle(loop, event);
}

/** Takes every turn up to and including a time, or so many of them. Returns how many were taken. */
export function runUntil(loop: Loop, untilAt: number, turnsMax = Number.MAX_SAFE_INTEGER): number {
  let taken = 0;
  while (taken < turnsMax && nextTurnAt(loop) <= untilAt) {
    takeTurn(loop);
    taken += 1;
  }
  return taken;
}

function tick(loop: Loop): Event & { readonly type: 'time.ticked' } {
  const at = loop.nextTickAt;
  loop.nextTickAt += loop.gridMs;
  return { type: 'time.ticked', at };
}

/** Answers of the venue that one instant may hold; more is a venue that never rests. */
const answersMax = 100_000;

function answer(loop: Loop, at: number): void {
  for (let count = 0; count < answersMax; count += 1) {
    const event = loop.ports.venue.poll(at);
    if (event === undefined) return;
    handle(loop, event);
  }
  assert(false, `the venue gave more than ${answersMax} answers at ${at}`);
}
