import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { createEngine } from '#engine/engine.ts';
import { createLoop } from '#engine/loop.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { DeskClock } from './desk-clock.ts';
import { LiveTurns } from './live-turns.ts';
import { ToldMoney } from './told-money.ts';

const startAt = 1_700_000_010_000;

function scene(): { clock: HandClock; turns: LiveTurns; events: Event[]; loop: ReturnType<typeof createLoop> } {
  const clock = new HandClock(startAt);
  const engine = createEngine([]);
  engine.state.isWarm = true;
  const events: Event[] = [];
  const money = new ToldMoney();
  const venue = { send: () => undefined, observe: () => undefined, poll: () => undefined, report: () => assert.fail() };
  const loop = createLoop(
    engine,
    {
      ...{ feed: { peekAt: () => Infinity, next: () => undefined }, venue, journal: undefined },
      makeDurable: () => undefined,
      onEvent: (event) => {
        events.push(event);
        money.note(event);
      },
    },
    startAt,
    30_000,
  );
  const turns = new LiveTurns({
    ...{ loop, clock: new DeskClock(clock, 0), toldMoney: money },
    troubleOf: (reason) => [{ type: 'venue.impaired', part: 'pause', instrument: null, reason }],
  });
  return { clock, turns, events, loop };
}

const told = (events: readonly Event[]): [string, number][] => events.map(({ type, at }) => [type, at - startAt]);

test('the grid is followed from the last point that was due, at its own times', () => {
  const { clock, turns, events } = scene();
  turns.advance();
  assert.deepEqual(events, []);
  turns.begin();
  clock.jump(55_000);
  turns.advance();
  assert.deepEqual(told(events), [
    ['time.ticked', 0],
    ['time.ticked', 30_000],
  ]);
});

test('after a long pause the desk is told of it first and decides once', () => {
  const { clock, turns, events } = scene();
  turns.begin();
  turns.advance();
  events.length = 0;
  clock.jump(3_600_000);
  turns.advance();
  assert.deepEqual(
    events.map(({ type }) => type),
    ['venue.impaired', 'time.ticked'],
  );
  assert.equal(turns.nextAt() > clock.now(), true);
});

test('an input is of the present, and never older than the one before', () => {
  const { clock, turns, events } = scene();
  turns.takeAt({ type: 'feed.stalled', instrument: 'A', reason: 'r' }, startAt + 5_000);
  turns.take({ type: 'feed.stalled', instrument: 'A', reason: 'r' });
  clock.jump(9_000);
  turns.take({ type: 'feed.stalled', instrument: 'A', reason: 'r' });
  assert.deepEqual(
    events.map(({ at }) => at - startAt),
    [5_000, 5_000, 9_000],
  );
});

test('while history is taken in the present is the time of the newest event', () => {
  const { turns, loop } = scene();
  loop.engine.state.isWarm = false;
  turns.takeAt({ type: 'feed.stalled', instrument: 'A', reason: 'r' }, 7);
  assert.equal(turns.at(), 7);
});

test('money is taken once, and what is malformed is put aside', () => {
  const { turns, events } = scene();
  const charged = { type: 'financing.charged', instrument: 'A', amount: 1, days: 1, balance: 5 } as const;
  turns.take(charged);
  turns.take(charged);
  turns.take({ ...charged, amount: 0.5 });
  assert.deepEqual(
    events.map(({ type }) => type),
    ['financing.charged', 'message.quarantined'],
  );
});
