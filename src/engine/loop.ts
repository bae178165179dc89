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

/**
 * Runs everything due up to and including a time, or until so many inputs are taken. At one instant the venue's answers come
 * first, then the clock's tick, then bars and quotes: a decision at a grid point never sees a bar that closes at that very
 * instant. Returns the number of inputs taken.
 */
export function runUntil(loop: Loop, untilAt: number, inputsMax = Number.MAX_SAFE_INTEGER): number {
  const { feed, venue } = loop.ports;
  let taken = 0;
  while (taken < inputsMax) {
    const feedAt = feed.peekAt();
    const nextAt = Math.min(feedAt, loop.nextTickAt);
    taken += answer(loop, Math.min(nextAt, untilAt));
    if (nextAt > untilAt || taken >= inputsMax) break;
    const event = loop.nextTickAt <= feedAt ? tick(loop) : feed.next();
    assert(event !== undefined, 'a feed that announces an event has one');
    venue.observe(event);
    answer(loop, event.at);
    handle(loop, event);
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

function answer(loop: Loop, at: number): number {
  for (let count = 0; count < answersMax; count += 1) {
    const event = loop.ports.venue.poll(at);
    if (event === undefined) return count;
    handle(loop, event);
  }
  assert(false, `the venue gave more than ${answersMax} answers at ${at}`);
}
