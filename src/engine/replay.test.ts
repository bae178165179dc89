import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '#domain/events.ts';
import { acceptanceOf, euro, fillOf, signalOf } from '../../tests/support/desk-events.ts';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { decisionsHash } from './decision-hash.ts';
import { createEngine } from './engine.ts';
import type { Module } from './module.ts';
import { createReplay, isSame, type ReplayDifference, replayEvent, unshown } from './replay.ts';
import { isJournalled } from './step.ts';

const signal: Module = slotModule('signal', 'signal', (value) => [...value, signalOf(euro)]);

/** The journal of a short run, from its first event, and the hash of its decisions. */
function recordedRun(recordsFacts: boolean): { readonly journal: Event[]; readonly hash: string } {
  const fixture = createDeskFixture([signal], { recordsFacts });
  for (let minute = 0; minute < 140; minute += 1)
    fixture.minute({ EUR_USD: 110_000 + ((minute * 37) % 50), USD_JPY: 150_000 });
  const [id] = [...fixture.engine.state.orders.keys()];
  assert.ok(id !== undefined);
  fixture.send(acceptanceOf(id, fixture.at));
  fixture.send(fillOf(fixture.at, { clientOrderId: id }));
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'a', reason: 'r' });
  const { state } = fixture.engine;
  return {
    journal: [...fixture.setUpEvents, ...fixture.events].filter((event) => isJournalled(state, event)),
    hash: decisionsHash(state.hash),
  };
}

function replayAll(journal: readonly Event[], modules: readonly Module[] = [signal]) {
  const replay = createReplay(createEngine(modules));
  let difference: ReplayDifference | undefined;
  for (const [index, event] of journal.entries()) {
    difference = replayEvent(replay, event, index + 1);
    if (difference !== undefined) break;
  }
  return { replay, difference };
}

test('a journal decides the same once more, with facts kept and without', () => {
  for (const recordsFacts of [true, false]) {
    const { journal, hash } = recordedRun(recordsFacts);
    const { replay, difference } = replayAll(journal);
    assert.equal(difference, undefined);
    assert.equal(replay.events, journal.length);
    assert.deepEqual(unshown(replay), []);
    assert.equal(decisionsHash(replay.engine.state.hash), hash);
    const consequences = journal.filter(({ type }) =>
      ['module.decided', 'order.submitted', 'order.cancelRequested', 'manifold.published'].includes(type),
    );
    assert.equal(replay.inputs, journal.length - consequences.length);
    assert.equal(
      consequences.some(({ type }) => type === 'manifold.published'),
      recordsFacts,
    );
  }
});

test('the first place where journal and replay part is told with both sides', () => {
  const { journal } = recordedRun(false);
  const position = journal.findIndex(({ type }) => type === 'order.submitted');
  const recorded = journal[position];
  assert.ok(recorded?.type === 'order.submitted');
  const altered: Event = { ...recorded, order: { ...recorded.order, quantity: recorded.order.quantity + 1 } };
  const { difference } = replayAll(journal.with(position, altered));
  assert.deepEqual(difference, { sequence: position + 1, recorded: altered, decided: recorded });
});

test('an event that was left out shows at the next one', () => {
  const { journal } = recordedRun(false);
  const position = journal.findIndex(({ type }) => type === 'order.submitted');
  const { difference } = replayAll(journal.toSpliced(position, 1));
  assert.deepEqual(difference, {
    sequence: position + 1,
    recorded: journal[position + 1],
    decided: journal[position],
  });
});

test('another module decides another thing and is found out', () => {
  const { journal } = recordedRun(false);
  const other = slotModule('signal', 'signal', (value) => [...value, signalOf(euro, 'short')]);
  const { difference } = replayAll(journal, [other]);
  assert.ok(difference?.recorded?.type === 'order.submitted' && difference.decided?.type === 'order.submitted');
  assert.deepEqual([difference.recorded.order.side, difference.decided.order.side], ['buy', 'sell']);
});

test('a journal cut inside a step leaves the lost tail unshown', () => {
  const { journal } = recordedRun(false);
  const position = journal.findIndex(({ type }) => type === 'order.submitted');
  const { replay, difference } = replayAll(journal.slice(0, position));
  assert.equal(difference, undefined);
  assert.deepEqual(unshown(replay), [journal[position]]);
});

test('plain data are the same whatever the order of their keys, and absent is undefined', () => {
  const same: [unknown, unknown][] = [
    [1, 1],
    [Number.NaN, Number.NaN],
    [null, null],
    [
      { a: 1, b: [1, { c: 2 }] },
      { b: [1, { c: 2 }], a: 1 },
    ],
    [{ a: undefined }, {}],
  ];
  for (const [left, right] of same) assert.equal(isSame(left, right), true, JSON.stringify(left));
  const different: [unknown, unknown][] = [
    [1, '1'],
    [0, -0],
    [null, {}],
    [{}, undefined],
    [[], {}],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: { b: [1] } }, { a: { b: [2] } }],
  ];
  for (const [left, right] of different) {
    assert.equal(isSame(left, right), false, JSON.stringify([left, right]));
    assert.equal(isSame(right, left), false, JSON.stringify([right, left]));
  }
});
