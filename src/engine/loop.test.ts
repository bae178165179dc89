import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { acceptanceOf, euro, signalOf } from '../../tests/support/desk-events.ts';
import { barOf, createDeskFixture, fixtureAt } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { createEngine, type Engine } from './engine.ts';
import { createLoop, handle, isCommand, type Loop, runUntil } from './loop.ts';
import type { Command, FeedPort, MarketEvent, VenueEvent, VenuePort } from './ports.ts';

const gridMs = 30_000;
const signal = slotModule('signal', 'signal', (value) => [...value, signalOf(euro)]);

/** What happened around the loop, in order. */
type Log = string[];

function feedOf(events: readonly MarketEvent[]): FeedPort {
  let position = 0;
  return {
    peekAt: () => events[position]?.at ?? Infinity,
    next: () => events[position++],
  };
}

/** A venue that accepts each order so many milliseconds later and answers what it was told to. */
function venueOf(log: Log, answers: VenueEvent[], latencyMs = 250): VenuePort {
  return {
    send: (command) => {
      log.push(`send ${command.type}`);
      if (command.type === 'order.submitted')
        answers.push(acceptanceOf(command.order.clientOrderId, command.at + latencyMs));
    },
    observe: (event) => log.push(`observe ${event.type}`),
    poll: (at) => ((answers[0]?.at ?? Infinity) <= at ? answers.shift() : undefined),
    report: () => ({ balance: 0, positions: [], openOrderIds: [] }),
  };
}

interface Scene {
  readonly loop: Loop;
  readonly log: Log;
  readonly engine: Engine;
}

interface SceneOptions {
  readonly bars?: readonly MarketEvent[];
  readonly answers?: VenueEvent[];
  readonly recordsFacts?: boolean;
  readonly startAt?: number;
}

function scene(options: SceneOptions = {}): Scene {
  const { engine } = createDeskFixture([signal], { recordsFacts: options.recordsFacts !== false });
  const log: Log = [];
  let sequence = 0;
  const journal = {
    append: (event: object) => {
      log.push(`append ${(event as Event).type}`);
      sequence += 1;
      return sequence;
    },
    durableSequence: 0,
  };
  const ports = {
    feed: feedOf(options.bars ?? []),
    venue: venueOf(log, options.answers ?? []),
    journal,
    makeDurable: () => void log.push('durable'),
    onEvent: (event: Event) => void log.push(`show ${event.type}`),
  };
  return { loop: createLoop(engine, ports, options.startAt ?? fixtureAt, gridMs), log, engine };
}

function minuteBars(closedAt: number): MarketEvent[] {
  return [barOf('EUR_USD', 110_000, closedAt), barOf('USD_JPY', 150_000, closedAt)];
}

function appended(log: Log): string[] {
  return log.filter((line) => line.startsWith('append ')).map((line) => line.slice('append '.length));
}

test('the clock begins at the first grid point at or after the start', () => {
  assert.equal(scene().loop.nextTickAt, fixtureAt);
  assert.equal(scene({ startAt: fixtureAt + 1 }).loop.nextTickAt, fixtureAt + gridMs);
});

test('at one instant answers come first, then the tick, then the bars', () => {
  const answers = [acceptanceOf('stranger', fixtureAt)];
  const { loop, log } = scene({ bars: minuteBars(fixtureAt), answers });
  runUntil(loop, fixtureAt);
  assert.deepEqual(appended(log), ['order.accepted', 'time.ticked', 'bar.closed', 'bar.closed']);
});

test('a venue sees each market event and tick before the engine does', () => {
  const { loop, log } = scene({ bars: minuteBars(fixtureAt).slice(1) });
  runUntil(loop, fixtureAt);
  assert.deepEqual(
    log.filter((line) => !line.startsWith('show')),
    ['observe time.ticked', 'append time.ticked', 'observe bar.closed', 'append bar.closed'],
  );
});

test('what a bar leads to at the venue is told before the bar itself', () => {
  const answers: VenueEvent[] = [];
  const { loop, log } = scene({ bars: minuteBars(fixtureAt).slice(1) });
  const venue: VenuePort = {
    ...venueOf(log, answers),
    observe: (event) => {
      if (event.type === 'bar.closed') answers.push(acceptanceOf('stranger', event.at));
    },
  };
  const watched: Loop = { ...loop, ports: { ...loop.ports, venue } };
  runUntil(watched, fixtureAt);
  assert.deepEqual(appended(log), ['time.ticked', 'order.accepted', 'bar.closed']);
});

test('a decision at a grid point never sees a bar that closes at that instant', () => {
  const { loop, engine } = scene({ bars: [...minuteBars(fixtureAt), ...minuteBars(fixtureAt + 60_000)] });
  const decidedOn: number[] = [];
  engine.trace = () => decidedOn.push(engine.state.markets[euro]?.closedAt ?? 0);
  runUntil(loop, fixtureAt + 90_000);
  assert.deepEqual(decidedOn, [fixtureAt, fixtureAt + 60_000]);
});

test('an answer bears its own time and comes with the turn that follows it', () => {
  const { loop, log, engine } = scene({ bars: minuteBars(fixtureAt) });
  runUntil(loop, fixtureAt + 59_999);
  assert.equal(appended(log).includes('order.accepted'), false);
  runUntil(loop, fixtureAt + 60_000);
  assert.deepEqual(appended(log).slice(-2), ['order.accepted', 'time.ticked']);
  const accepted = [...engine.state.orders.values()].find(({ state }) => state === 'accepted');
  assert.equal(accepted?.changedAt, fixtureAt + 30_250);
});

test('an intent is appended, then durable, then sent', () => {
  const { loop, log } = scene({ bars: minuteBars(fixtureAt) });
  runUntil(loop, fixtureAt + 30_000);
  assert.deepEqual(log.filter((line) => !line.startsWith('show') && !line.startsWith('observe')).slice(-5), [
    'append time.ticked',
    'append module.decided',
    'append order.submitted',
    'durable',
    'send order.submitted',
  ]);
});

test('nothing is made durable for a step without a command', () => {
  const { loop, log } = scene({ bars: minuteBars(fixtureAt) });
  runUntil(loop, fixtureAt + 29_999);
  assert.equal(log.includes('durable'), false);
});

test('facts stay out of the journal where the run keeps none, and are shown all the same', () => {
  const fact: Event = { type: 'alert.raised', at: fixtureAt, name: 'a', reason: 'b' };
  for (const recordsFacts of [true, false]) {
    const { loop, log } = scene({ recordsFacts });
    handle(loop, fact);
    assert.deepEqual(log, recordsFacts ? ['append alert.raised', 'show alert.raised'] : ['show alert.raised']);
  }
});

test('a run without a journal sends its commands', () => {
  const { loop, log } = scene({ bars: minuteBars(fixtureAt) });
  runUntil({ ...loop, ports: { ...loop.ports, journal: undefined } }, fixtureAt + 30_000);
  assert.deepEqual(appended(log), []);
  assert.equal(log.at(-1), 'send order.submitted');
});

test('turns are counted, and a run stops after so many of them', () => {
  const { loop } = scene({ bars: minuteBars(fixtureAt) });
  assert.equal(runUntil(loop, fixtureAt + 30_000, 2), 2);
  assert.equal(loop.ports.feed.peekAt(), fixtureAt);
  assert.equal(runUntil(loop, fixtureAt + 30_000), 2);
  assert.equal(runUntil(loop, fixtureAt + 30_000), 0);
});

test('nothing after the time asked for is taken', () => {
  const { loop, engine } = scene({ bars: minuteBars(fixtureAt + 60_000) });
  runUntil(loop, fixtureAt + 59_999);
  assert.deepEqual([engine.state.at, engine.state.counts.bars], [fixtureAt + 30_000, 0]);
  assert.equal(loop.nextTickAt, fixtureAt + 60_000);
});

test('cutting a run into pieces changes nothing', () => {
  const bars = Array.from({ length: 30 }, (_, minute) => minuteBars(fixtureAt + minute * 60_000)).flat();
  const whole = scene({ bars });
  runUntil(whole.loop, fixtureAt + 31 * 60_000);
  for (const size of [1, 2, 7]) {
    const cut = scene({ bars });
    let taken = 1;
    while (taken > 0) taken = runUntil(cut.loop, fixtureAt + 31 * 60_000, size);
    assert.deepEqual(cut.log, whole.log, `pieces of ${size}`);
    assert.deepEqual(cut.engine.state, whole.engine.state);
  }
});

test('a venue that never rests stops the run', () => {
  const { loop, log } = scene();
  const venue: VenuePort = { ...venueOf(log, []), poll: (at) => acceptanceOf('stranger', at) };
  const ports = { ...loop.ports, venue, journal: undefined, onEvent: () => undefined };
  assert.throws(() => runUntil({ ...loop, ports }, fixtureAt), /more than 100000 answers/);
});

test('a feed that announces an event and has none stops the run', () => {
  const { loop } = scene();
  const feed: FeedPort = { peekAt: () => fixtureAt - 1, next: () => undefined };
  assert.throws(() => runUntil({ ...loop, ports: { ...loop.ports, feed } }, fixtureAt), /has one/);
});

test('submissions, cancellations and amendments are commands', () => {
  const cancel: Command = { type: 'order.cancelRequested', at: 1, clientOrderId: 'o', reason: '' };
  assert.equal(isCommand(cancel), true);
  assert.equal(isCommand({ type: 'time.ticked', at: 1 }), false);
  assert.equal(isCommand({ type: 'module.overran', at: 1, module: 'm', reason: '' }), false);
  assert.ok(createEngine([]).policies === undefined);
});
