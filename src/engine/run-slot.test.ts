import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Mode, modes, type SlotName, type SlotValues } from '#domain/pipeline.ts';
import { euro, hold, requestOf, signalOf, targetOf, yen } from '../../tests/support/desk-events.ts';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { contextFor } from './engine.ts';
import type { Module } from './module.ts';
import { cappedMode, noteCall, runSlot, type SlotCall } from './run-slot.ts';
import { createState } from './state.ts';

interface Outcome<K extends SlotName> {
  readonly value: SlotValues[K];
  readonly calls: SlotCall[];
  readonly shadows: unknown[];
}

/** Runs one slot with modules in modes on a desk that is long 1000 EUR_USD. */
function run<K extends SlotName>(slot: K, initial: SlotValues[K], ...places: readonly [Module, Mode][]): Outcome<K> {
  const modules = places.map(([module]) => module);
  // Not warm, so that the engine itself asks no module.
  const fixture = createDeskFixture(modules, { isWarm: false });
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  hold(fixture, { [euro]: 1_000 });
  const { engine } = fixture;
  const calls: SlotCall[] = [];
  const shadows: unknown[] = [];
  const entries = places.map(([module, mode]) => ({ module, mode }));
  const value = runSlot(slot, entries, initial, {
    state: engine.state,
    contextOf: (module) => contextFor(engine, module.name),
    onCall: (call) => calls.push(call),
    onShadow: (_, __, shadow) => shadows.push(shadow),
  });
  return { value, calls, shadows };
}

const signals = [signalOf(euro), signalOf(yen)];
const dropEuro = slotModule('gate', 'drop-euro', (value) => value.filter(({ instrument }) => instrument !== euro));
const failing = <K extends SlotName>(slot: K): Module =>
  slotModule(slot, 'failing', () => {
    throw new Error('out of order');
  });

test('each mode adds one thing: called, scored, applied', () => {
  const seen = modes.map((mode) => {
    const { value, calls, shadows } = run('gate', signals, [dropEuro, mode]);
    return { mode, isCalled: calls.length === 1, isScored: shadows.length === 1, isApplied: value.length === 1 };
  });
  assert.deepEqual(seen, [
    { mode: 'DISABLED', isCalled: false, isScored: false, isApplied: false },
    { mode: 'OBSERVATION', isCalled: true, isScored: false, isApplied: false },
    { mode: 'SHADOW', isCalled: true, isScored: true, isApplied: false },
    { mode: 'ACTIVE', isCalled: true, isScored: false, isApplied: true },
  ]);
});

test('a call is recorded with its mode, its outcome and what it said', () => {
  const entries = [{ subject: euro, code: 'dropped', value: 1 }];
  const module = slotModule('gate', 'talking', () => [], { entries });
  const { calls } = run('gate', signals, [module, 'OBSERVATION']);
  assert.deepEqual(calls, [
    {
      module: 'talking',
      slot: 'gate',
      mode: 'OBSERVATION',
      outcome: 'changed',
      reason: '',
      entries,
      offered: 2,
      passed: 0,
    },
  ]);
});

test('the same value is kept, a new one is a change', () => {
  const keep = slotModule('gate', 'keep', (value) => value);
  const copy = slotModule('gate', 'copy', (value) => [...value]);
  const { calls } = run('gate', signals, [keep, 'ACTIVE'], [copy, 'ACTIVE']);
  assert.deepEqual(
    calls.map(({ module, outcome }) => [module, outcome]),
    [
      ['keep', 'kept'],
      ['copy', 'changed'],
    ],
  );
});

test('a shadow that changes nothing is scored too, since what it lets through counts for it', () => {
  const keep = slotModule('gate', 'keep', (value) => value);
  assert.deepEqual(run('gate', signals, [keep, 'SHADOW']).shadows, [signals]);
});

test('modules follow each other in the order they stand, each seeing what the active ones before it left', () => {
  const seen: string[] = [];
  const look = (name: string): Module =>
    slotModule('gate', name, (value) => {
      seen.push(`${name} ${value.length}`);
      return value;
    });
  run('gate', signals, [look('first'), 'ACTIVE'], [dropEuro, 'ACTIVE'], [look('last'), 'ACTIVE']);
  assert.deepEqual(seen, ['first 2', 'last 1']);
});

test("the mode of a module is capped by the desk's", () => {
  const table = modes.map((mode) => modes.map((cap) => cappedMode(mode, cap)));
  assert.deepEqual(table, [
    ['DISABLED', 'DISABLED', 'DISABLED', 'DISABLED'],
    ['DISABLED', 'OBSERVATION', 'OBSERVATION', 'OBSERVATION'],
    ['DISABLED', 'OBSERVATION', 'SHADOW', 'SHADOW'],
    ['DISABLED', 'OBSERVATION', 'SHADOW', 'ACTIVE'],
  ]);
});

test('a gate that fails or breaks its rule closes', () => {
  const { value, calls } = run('gate', signals, [failing('gate'), 'ACTIVE']);
  assert.deepEqual(value, []);
  assert.deepEqual([calls[0]?.outcome, calls[0]?.reason, calls[0]?.entries], ['failed', 'out of order', []]);
  const raise = slotModule('gate', 'raise', (before) => before.map((signal) => ({ ...signal, confidence: 1 })));
  const refused = run('gate', signals, [raise, 'ACTIVE']);
  assert.deepEqual(refused.value, []);
  assert.equal(refused.calls[0]?.outcome, 'refused');
  assert.match(refused.calls[0]?.reason ?? '', /was raised/);
});

test('what a module throws is told in words, whatever it is', () => {
  const odd = slotModule('gate', 'odd', () => {
    // Only errors are thrown by our own code, but a module may be of another hand.
    throw Object.assign(Object.create(null), { toString: () => 'odd thing' });
  });
  assert.equal(run('gate', signals, [odd, 'ACTIVE']).calls[0]?.reason, 'odd thing');
});

test('a gate that fails under observation closes nothing', () => {
  assert.equal(run('gate', signals, [failing('gate'), 'OBSERVATION']).value, signals);
  assert.equal(run('gate', signals, [failing('gate'), 'SHADOW']).value, signals);
});

test('risk that fails lets reductions through and no increase', () => {
  const targets = [targetOf(euro, 400), targetOf(yen, 500)];
  assert.deepEqual(run('risk', targets, [failing('risk'), 'ACTIVE']).value, [targetOf(euro, 400)]);
  const held = [targetOf(euro, 1_000), targetOf(yen, 0)];
  assert.deepEqual(run('risk', held, [failing('risk'), 'ACTIVE']).value, held);
  assert.deepEqual(run('risk', [targetOf(euro, 1_001)], [failing('risk'), 'ACTIVE']).value, []);
  const grow = slotModule('risk', 'grow', (before) => before.map((target) => ({ ...target, signedQuantity: 9_999 })));
  assert.deepEqual(run('risk', targets, [grow, 'ACTIVE']).value, [targetOf(euro, 400)]);
});

test('every other slot keeps what it had when a module fails', () => {
  const plan = { ...signalOf(euro), plan: { stopPrice: 1, targetPrice: null, leverage: null } };
  const initial: Omit<SlotValues, 'gate' | 'risk'> = {
    universe: [euro],
    forecast: [{ instrument: euro, model: 'm', probabilityUp: 0.5, horizonBars: 1 }],
    signal: signals,
    plan: [plan],
    allocation: [targetOf(euro, 1)],
    execution: [requestOf()],
    position: [{ type: 'reduce', instrument: euro, quantity: 1, reason: '' }],
    protection: [{ type: 'close', instrument: euro, reason: '' }],
    supervision: [{ type: 'directive', instrument: null, action: 'holdEntries', expiresAt: 1e15, reason: '' }],
  };
  for (const slot of Object.keys(initial) as (keyof typeof initial)[]) {
    const value: unknown = run(slot, initial[slot], [failing(slot), 'ACTIVE']).value;
    assert.equal(value, initial[slot], slot);
  }
});

test('the next module still works after one has failed', () => {
  const add = slotModule('signal', 'add', (value) => [...value, signalOf(yen)]);
  const { value } = run('signal', [], [failing('signal'), 'ACTIVE'], [add, 'ACTIVE']);
  assert.deepEqual(value, [signalOf(yen)]);
});

const call: SlotCall = {
  module: 'guard',
  slot: 'gate',
  mode: 'ACTIVE',
  outcome: 'changed',
  reason: '',
  entries: [
    { subject: euro, code: 'blocked', value: 0.5 },
    { subject: yen, code: 'pass', value: null },
  ],
  offered: 2,
  passed: 1,
};

test('only a call that differs from the last one is told', () => {
  const state = createState();
  const told = (made: SlotCall): boolean => noteCall(state, made) !== undefined;
  assert.equal(told(call), true);
  assert.equal(told(call), false);
  assert.equal(told({ ...call, mode: 'SHADOW' }), true);
  assert.equal(told(call), true);
  assert.equal(told({ ...call, outcome: 'refused' }), true);
  assert.equal(told({ ...call, outcome: 'refused', reason: 'why' }), true);
  assert.equal(told({ ...call, slot: 'risk' }), true);
  assert.equal(told({ ...call, module: 'other' }), true);
});

test('the figures of a decision are no difference, its codes and subjects are', () => {
  const state = createState();
  noteCall(state, call);
  const moved = call.entries.map((entry) => ({ ...entry, value: 9 }));
  assert.equal(noteCall(state, { ...call, entries: moved }), undefined);
  const another = [{ subject: euro, code: 'stale', value: 0.5 }];
  assert.deepEqual(noteCall(state, { ...call, entries: another }), another);
  assert.deepEqual(noteCall(state, { ...call, entries: [{ subject: yen, code: 'stale', value: 0.5 }] })?.length, 1);
});

test('what passed and what is quiet is neither told nor a difference', () => {
  const state = createState();
  assert.deepEqual(noteCall(state, call), [{ subject: euro, code: 'blocked', value: 0.5 }]);
  const quieter = [...call.entries, { subject: yen, code: 'flat', value: 1 }];
  assert.equal(noteCall(state, { ...call, entries: quieter }, ['flat']), undefined);
  assert.deepEqual(noteCall(state, { ...call, entries: quieter })?.length, 2);
});

test('calls are counted by outcome for each module and slot', () => {
  const state = createState();
  for (const outcome of ['kept', 'changed', 'changed', 'refused', 'failed', 'failed', 'failed'] as const)
    noteCall(state, { ...call, outcome });
  assert.deepEqual(state.calls, {
    'guard/gate': { calls: 7, changed: 2, refused: 1, failed: 3, decided: 4, offered: 14, passed: 7 },
  });
});
