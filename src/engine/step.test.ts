import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Event } from '#domain/events.ts';
import { euro, ofType, signalOf, yen } from '../../tests/support/desk-events.ts';
import { barOf, createDeskFixture, type DeskFixture, fixtureAt } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { decisionsHash } from './decision-hash.ts';
import { createEngine } from './engine.ts';
import { defineModule, type Module } from './module.ts';
import { createState } from './state.ts';
import { isJournalled, step } from './step.ts';

const seconds = 1_000;

/** Notes the event time of each decision. */
function watched(
  options: Parameters<typeof createDeskFixture>[1] = {},
): DeskFixture & { readonly decidedAt: number[] } {
  const decidedAt: number[] = [];
  const watch = slotModule('supervision', 'watch', (value, context) => {
    decidedAt.push(context.at - fixtureAt);
    return value;
  });
  return Object.assign(createDeskFixture([watch], options), { decidedAt });
}

function tickAt(fixture: DeskFixture, at: number): void {
  fixture.tick(fixtureAt + at - fixture.at);
}

/** Bars of the minute that ends so long after the start, arriving when they arrive. */
function barsOf(fixture: DeskFixture, closedAt: number, arrivedAt: number, ...symbols: readonly string[]): void {
  for (const symbol of symbols)
    fixture.send({
      ...barOf(symbol, symbol === 'USD_JPY' ? 150_000 : 110_000, fixtureAt + closedAt),
      at: fixtureAt + arrivedAt,
    });
}

test('the bars of a minute are decided on at the grid point after their barrier, once', () => {
  const fixture = watched();
  tickAt(fixture, 0);
  barsOf(fixture, 0, 0, 'EUR_USD', 'USD_JPY');
  for (const at of [30, 60, 90]) tickAt(fixture, at * seconds);
  assert.deepEqual(fixture.decidedAt, [30 * seconds]);
});

test('every minute with bars has its decision', () => {
  const fixture = watched();
  tickAt(fixture, 0);
  barsOf(fixture, 0, 0, 'EUR_USD', 'USD_JPY');
  tickAt(fixture, 30 * seconds);
  tickAt(fixture, 60 * seconds);
  barsOf(fixture, 60 * seconds, 60 * seconds, 'EUR_USD', 'USD_JPY');
  tickAt(fixture, 90 * seconds);
  tickAt(fixture, 120 * seconds);
  assert.deepEqual(fixture.decidedAt, [30 * seconds, 90 * seconds]);
});

test('the grid point at which a bar closes comes before the bar and decides nothing', () => {
  const fixture = watched();
  tickAt(fixture, 0);
  assert.deepEqual(fixture.decidedAt, []);
});

test('without all bars the barrier opens after its wait', () => {
  const fixture = watched();
  tickAt(fixture, 0);
  barsOf(fixture, 0, 0, 'EUR_USD');
  tickAt(fixture, 4_999);
  assert.deepEqual(fixture.decidedAt, []);
  tickAt(fixture, 5_000);
  assert.deepEqual(fixture.decidedAt, [5_000]);
});

test('with all bars the barrier opens at the next tick, however short the wait was', () => {
  const fixture = watched();
  tickAt(fixture, 0);
  barsOf(fixture, 0, 200, 'EUR_USD', 'USD_JPY');
  tickAt(fixture, 1_000);
  assert.deepEqual(fixture.decidedAt, [1_000]);
});

test('a bar that comes after the decision of its minute opens no second one', () => {
  const fixture = watched();
  tickAt(fixture, 0);
  barsOf(fixture, 0, 0, 'EUR_USD');
  tickAt(fixture, 30 * seconds);
  barsOf(fixture, 0, 31 * seconds, 'USD_JPY');
  tickAt(fixture, 60 * seconds);
  assert.deepEqual(fixture.decidedAt, [30 * seconds]);
});

test('a late bar of an older minute does not complete the barrier of the newest', () => {
  const fixture = watched();
  tickAt(fixture, 0);
  barsOf(fixture, 60 * seconds, 61 * seconds, 'EUR_USD');
  barsOf(fixture, 0, 61 * seconds, 'USD_JPY');
  tickAt(fixture, 62 * seconds);
  assert.deepEqual(fixture.decidedAt, []);
  barsOf(fixture, 60 * seconds, 63 * seconds, 'USD_JPY');
  tickAt(fixture, 64 * seconds);
  assert.deepEqual(fixture.decidedAt, [64 * seconds]);
});

test('a desk decides nothing before it is warm, and then on the newest bars only', () => {
  const fixture = watched({ isWarm: false });
  tickAt(fixture, 0);
  barsOf(fixture, 0, 0, 'EUR_USD', 'USD_JPY');
  tickAt(fixture, 30 * seconds);
  assert.deepEqual(fixture.decidedAt, []);
  fixture.send({ type: 'warmup.completed', at: fixture.at, bars: 2 });
  tickAt(fixture, 60 * seconds);
  tickAt(fixture, 90 * seconds);
  assert.deepEqual(fixture.decidedAt, [60 * seconds]);
});

test('a step gives its input first and then what it caused, in order', () => {
  const signal = slotModule('signal', 'signal', (value) => [...value, signalOf(euro)]);
  const fixture = createDeskFixture([signal]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const last = fixture.events.slice(-3).map(({ type }) => type);
  assert.deepEqual(last, ['time.ticked', 'module.decided', 'order.submitted']);
});

test('the id of an order is that of the sequence number it is journalled under', () => {
  const signal = slotModule('signal', 'signal', (value) => [...value, signalOf(euro), signalOf(yen)]);
  const fixture = createDeskFixture([signal]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const first = fixture.engine.state.sequence - fixture.events.length;
  const ids = fixture.events.flatMap((event, index) =>
    event.type === 'order.submitted'
      ? [[event.order.clientOrderId, `tw-fixture-${(first + index + 1).toString(36)}`]]
      : [],
  );
  assert.equal(ids.length, 2);
  for (const [id, expected] of ids) assert.equal(id, expected);
});

/** Answers every alert with two more, down to a depth. */
function chatter(depth: number): Module {
  return defineModule<Record<string, never>, Record<string, never>>({
    name: 'chatter',
    displayName: 'Chatter',
    purpose: 'Raises alerts about alerts.',
    parameters: z.strictObject({}),
    initialState: () => ({}),
    evolve: {
      'alert.raised': (_, { at, name }, context) => {
        if (name.length > depth) return;
        context.publish({ type: 'alert.raised', at, name: `${name}a`, reason: '' });
        context.publish({ type: 'alert.raised', at, name: `${name}b`, reason: '' });
      },
    },
    propose: {},
  });
}

function alert(fixture: DeskFixture): readonly Event[] {
  return fixture.send({ type: 'alert.raised', at: fixture.at, name: 'x', reason: '' });
}

test('facts about facts are folded breadth first', () => {
  const produced = alert(createDeskFixture([chatter(2)]));
  assert.deepEqual(
    ofType(produced, 'alert.raised').map(({ name }) => name),
    ['x', 'xa', 'xb', 'xaa', 'xab', 'xba', 'xbb'],
  );
});

test('facts that lead to facts without end stop', () => {
  assert.throws(() => alert(createDeskFixture([chatter(Number.POSITIVE_INFINITY)])), /caused more than 10000 events/);
});

test('sequence numbers belong to journalled events only', () => {
  for (const recordsFacts of [true, false]) {
    const fixture = createDeskFixture([], { recordsFacts });
    const before = fixture.engine.state.sequence;
    fixture.tick();
    alert(fixture);
    assert.equal(fixture.engine.state.sequence - before, recordsFacts ? 2 : 1);
  }
});

test('facts are journalled where the run keeps them, everything else always', () => {
  const state = createState();
  const fact: Event = { type: 'alert.cleared', at: 1, name: 'x' };
  const rows: [Event, boolean][] = [
    [{ type: 'time.ticked', at: 1 }, true],
    [{ type: 'order.cancelRequested', at: 1, clientOrderId: 'o', reason: '' }, true],
    [{ type: 'policy.refused', at: 1, key: '', actor: 'a', reason: '' }, true],
    [fact, false],
  ];
  state.recordsFacts = false;
  for (const [event, expected] of rows) assert.equal(isJournalled(state, event), expected, event.type);
  state.recordsFacts = true;
  assert.equal(isJournalled(state, fact), true);
});

test('decisions and their hash are the same whether facts are kept or not', () => {
  const signal = slotModule('signal', 'signal', (value) => [...value, signalOf(euro)]);
  const hashes = [true, false].map((recordsFacts) => {
    const fixture = createDeskFixture([signal], { recordsFacts });
    for (let minute = 0; minute < 20; minute += 1)
      fixture.minute({ EUR_USD: 110_000 + minute * 7, USD_JPY: 150_000 - minute * 3 });
    return decisionsHash(fixture.engine.state.hash);
  });
  assert.equal(hashes[0], hashes[1]);
});

test('before its policies are there the engine folds and does nothing else', () => {
  const engine = createEngine([]);
  const produced = step(engine, { type: 'time.ticked', at: 5 });
  assert.deepEqual(produced, [{ type: 'time.ticked', at: 5 }]);
  const flatten: Event = { type: 'flatten.requested', at: 6, actor: 'a', reason: 'r' };
  assert.deepEqual(step(engine, flatten), [flatten]);
});
