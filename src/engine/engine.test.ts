import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { euro, hold, ofType, unitMoney, yen } from '../../tests/support/desk-events.ts';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { contextFor, createEngine } from './engine.ts';
import { defineModule, type Module } from './module.ts';
import { createState } from './state.ts';

/** Counts ticks in its own state, in steps of its parameter. */
function counter(name = 'counter'): Module {
  return defineModule<{ total: number }, { pace: number }>({
    name,
    displayName: 'Counter',
    purpose: 'Counts ticks.',
    parameters: z.strictObject({ pace: z.int().default(2) }),
    initialState: () => ({ total: 0 }),
    evolve: {
      'time.ticked': (state, _, context) => {
        state.total += context.parameters().pace;
      },
    },
    propose: { gate: (value) => ({ value, entries: [] }) },
  });
}

test('a fresh engine has the state of each module, no policies and empty slots', () => {
  const engine = createEngine([counter()]);
  assert.deepEqual(engine.state.modules, { counter: { total: 0 } });
  assert.equal(engine.policies, undefined);
  assert.ok(Object.values(engine.slots).every((entries) => entries.length === 0));
  assert.equal(Object.keys(engine.slots).length, 11);
});

test('each module adds a policy domain of its own name', () => {
  const { domains } = createEngine([counter()]);
  assert.deepEqual(Object.keys(domains).sort(), [
    'ai',
    'costs',
    'counter',
    'desk',
    'execution',
    'limits',
    'risk',
    'strategy',
    'universe',
  ]);
  assert.equal(domains['counter']?.version, 1);
});

test('a state that is given keeps what modules knew, and a module it has not met begins', () => {
  const state = createState();
  state.modules['counter'] = { total: 7 };
  const engine = createEngine([counter(), counter('late')], state);
  assert.deepEqual(engine.state.modules, { counter: { total: 7 }, late: { total: 0 } });
});

test('nothing acts before the policies of the house and of every module are there', () => {
  const { engine: whole } = createDeskFixture([counter()]);
  for (const missing of ['desk/fx', 'limits/fx', 'costs/fx', 'strategy/fx', 'counter/fx']) {
    const state = structuredClone(whole.state);
    delete state.policies[missing];
    assert.equal(createEngine([counter()], state).policies, undefined, missing);
  }
  assert.ok(createEngine([counter()], structuredClone(whole.state)).policies !== undefined);
});

test("modules stand in the desk's order, each in its mode under the cap", () => {
  const gates = ['a', 'b', 'c'].map((name) => slotModule('gate', name, (value) => value));
  const desk = { slots: { gate: ['c', 'a', 'b'] }, modes: { a: 'OBSERVATION' }, modeCap: 'SHADOW' };
  const { engine } = createDeskFixture(gates, { policies: { desk } });
  assert.deepEqual(
    engine.slots.gate.map(({ module, mode }) => [module.name, mode]),
    [
      ['c', 'SHADOW'],
      ['a', 'OBSERVATION'],
      ['b', 'SHADOW'],
    ],
  );
});

test('a desk that names a module which does not exist is refused', () => {
  const desk = { slots: { gate: ['nobody'] } };
  assert.throws(() => createDeskFixture([], { policies: { desk } }), /names the module 'nobody', which does not exist/);
});

test('a document for one instrument is refused where the domain holds for the whole desk', () => {
  const fixture = createDeskFixture([]);
  const [, refusal] = fixture.send({
    type: 'policy.changed',
    at: fixture.at,
    key: 'limits/fx/EUR_USD',
    version: 1,
    schemaVersion: 1,
    document: { maximumPositions: 1 },
    actor: 'operator',
    reason: '',
  });
  assert.ok(refusal?.type === 'policy.refused');
  assert.match(refusal.reason, /holds for the whole desk/);
});

test('a module hears of the events it names, with its own state and parameters', () => {
  const fixture = createDeskFixture([counter()], { policies: { counter: { pace: 5 } } });
  fixture.tick();
  fixture.tick();
  assert.deepEqual(fixture.engine.state.modules['counter'], { total: 10 });
});

test('modules hear of an event in the order they are given to the engine', () => {
  const heard: string[] = [];
  const listener = (name: string): Module =>
    defineModule<Record<string, never>, Record<string, never>>({
      name,
      displayName: name,
      purpose: 'Listens.',
      parameters: z.strictObject({}),
      initialState: () => ({}),
      evolve: { 'time.ticked': () => void heard.push(name) },
      propose: {},
    });
  createDeskFixture([listener('second'), listener('first')]).tick();
  assert.deepEqual(heard, ['second', 'first']);
});

test('the context tells what the engine knows at the moment', () => {
  const fixture = createDeskFixture([counter()], { policies: { strategy: { directionLookback: 3 } } });
  const context = contextFor(fixture.engine, 'counter');
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.equal(context.view, fixture.engine.state);
  assert.equal(context.at, fixture.at);
  assert.deepEqual(context.universe, [euro, yen]);
  assert.deepEqual(context.parameters(), { pace: 2 });
  assert.equal(context.strategy(euro).directionLookback, 3);
  assert.equal(context.desk.accountCurrency, 'USD');
  assert.equal(context.limits.maximumPositions, 8);
  assert.equal(context.costs.latencyMs, 250);
  assert.deepEqual(
    [context.closeAgo(euro, 0), context.highAgo(euro, 0), context.lowAgo(euro, 0), context.closeAgo('X', 0)],
    [1.1, 1.1001, 1.0999, undefined],
  );
  assert.deepEqual([context.midPrice(euro), context.midPrice('X')], [110_005, undefined]);
  assert.equal(context.notionalPerUnit(yen), 1_000_000);
  assert.equal(context.marginPerUnit(yen), 20_000);
});

test('account figures hold for one event and are worked out anew for the next', () => {
  const fixture = createDeskFixture([counter()]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const context = contextFor(fixture.engine, 'counter');
  const before = context.account();
  assert.equal(context.account(), before);
  hold(fixture, { [euro]: 1_000 }, 109_900);
  assert.equal(context.positionProfit(euro), 1 * unitMoney);
  assert.equal(context.account().equity, 100_001 * unitMoney);
});

test('a module that is not there has no context', () => {
  assert.throws(() => contextFor(createDeskFixture([]).engine, 'nobody'), /context of 'nobody'/);
});

test('a fact that a module publishes is folded after the event that led to it, and others hear of it', () => {
  const heard: number[] = [];
  const publisher = defineModule<Record<string, never>, Record<string, never>>({
    name: 'publisher',
    displayName: 'Publisher',
    purpose: 'Raises an alert at every tick.',
    parameters: z.strictObject({}),
    initialState: () => ({}),
    evolve: {
      'time.ticked': (_, { at }, context) => context.publish({ type: 'alert.raised', at, name: 'tick', reason: '' }),
      'alert.raised': (_, __, context) => void heard.push(Object.keys(context.view.alerts).length),
    },
    propose: {},
  });
  const fixture = createDeskFixture([publisher]);
  const produced = fixture.tick();
  assert.deepEqual(
    produced.map(({ type }) => type),
    ['time.ticked', 'alert.raised'],
  );
  assert.equal(ofType(produced, 'alert.raised')[0]?.at, fixture.at);
  assert.deepEqual(heard, [1]);
});
