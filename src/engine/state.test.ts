import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { z } from 'zod';
import type { Event } from '#domain/events.ts';
import { acceptanceOf, childOf, euro, fillOf, signalOf, yen } from '../../tests/support/desk-events.ts';
import { barOf, createDeskFixture, fixtureAt } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { createEngine, type Engine } from './engine.ts';
import { defineModule, type Module } from './module.ts';
import { addMissingParts, createState, type EngineState } from './state.ts';
import { step } from './step.ts';

test('the state before the first event knows nothing and has the kill switch engaged', () => {
  const state = createState();
  assert.equal(state.kill.isEngaged, true);
  assert.deepEqual([state.sequence, state.at, state.runId, state.kind, state.desk], [0, 0, '', 'none', '']);
  assert.equal(state.isWarm, false);
  assert.deepEqual([state.orders.size, state.seenFillIds.size, state.instrumentIds], [0, 0, []]);
  assert.equal(state.recordsFacts, true);
});

test('no two states share anything', () => {
  const first = createState();
  first.orders.set('o', Object.create(null));
  first.hash.block[0] = 9;
  first.counts.bars = 5;
  const second = createState();
  assert.deepEqual([second.orders.size, second.hash.block[0], second.counts.bars], [0, 0, 0]);
});

test('a state of an older version gets the parts it has not heard of, and keeps all it has', () => {
  const { jobs, ...older } = createState();
  older.sequence = 7;
  const state = structuredClone(older) as EngineState;
  addMissingParts(state);
  assert.deepEqual(state.jobs, jobs);
  assert.equal(state.sequence, 7);
  const { state: opened } = createEngine([], structuredClone(older) as EngineState);
  assert.deepEqual(opened.jobs.openById, {});
});

/** Remembers closes in plain data and signals by them, so that a lost bit of its state changes what it decides. */
const rememberer = defineModule<{ closes: Float64Array; next: number; seen: Map<string, number> }, object>({
  name: 'rememberer',
  displayName: 'Rememberer',
  purpose: 'Signals against the oldest close it remembers.',
  parameters: z.strictObject({}),
  initialState: () => ({ closes: new Float64Array(5), next: 0, seen: new Map() }),
  evolve: {
    'bar.closed': (state, bar) => {
      state.closes[state.next % 5] = bar.close;
      state.next += 1;
      state.seen.set(bar.instrument, (state.seen.get(bar.instrument) ?? 0) + 1);
    },
  },
  propose: {
    signal: (value, state) => {
      const isRising = (state.closes[(state.next + 4) % 5] ?? 0) > (state.closes[state.next % 5] ?? 0);
      return {
        value: [...value, signalOf((state.seen.get(euro) ?? 0) % 3 === 0 ? yen : euro, isRising ? 'long' : 'short')],
        entries: [{ subject: 'seen', code: `${state.seen.get(euro) ?? 0}`, value: null }],
      };
    },
  },
});
const shadow = slotModule('gate', 'shadow', (value) => value.slice(0, 1));
const modules: readonly Module[] = [rememberer, shadow];

interface Moment {
  readonly move: number;
  readonly kind: 'minute' | 'answer' | 'child' | 'kill' | 'policy' | 'quote';
}

const moments: fc.Arbitrary<Moment[]> = fc.array(
  fc.record({
    move: fc.integer({ min: -30, max: 30 }),
    kind: fc.constantFrom('minute', 'minute', 'minute', 'minute', 'answer', 'child', 'kill', 'policy', 'quote'),
  }),
  { minLength: 5, maxLength: 60 },
);

/** The inputs of a moment; some depend on what the engine has asked for. */
function inputsOf({ move, kind }: Moment, index: number, engine: Engine): Event[] {
  const at = fixtureAt + index * 60_000;
  const open = [...engine.state.orders.values()].find(({ state }) => state === 'submitted' || state === 'accepted');
  const { clientOrderId = 'x', side = 'buy', quantity = 1 } = open?.request ?? {};
  switch (kind) {
    case 'minute':
      return [
        { type: 'time.ticked', at },
        { ...barOf('EUR_USD', 110_000 + move, at), at },
        { ...barOf('USD_JPY', 150_000 - move, at), at },
        { type: 'time.ticked', at: at + 30_000 },
      ];
    case 'answer':
      return [
        acceptanceOf(clientOrderId, at),
        fillOf(at, { clientOrderId, side, quantity, fillId: `f${index}`, price: 110_000 + move }),
      ];
    case 'child':
      return [childOf(clientOrderId, at)];
    case 'kill':
      return [
        { type: move > 0 ? 'kill.engaged' : 'kill.released', at, actor: 'a', reason: 'r' },
        { type: 'flatten.requested', at, actor: 'a', reason: 'r' },
      ];
    case 'policy': {
      const held = engine.state.policies['limits/fx'];
      const document = { ...held?.document, maximumPositions: Math.abs(move) };
      const version = (held?.version ?? 0) + 1;
      return [
        { type: 'policy.changed', at, key: 'limits/fx', version, schemaVersion: 1, document, actor: 'a', reason: '' },
      ];
    }
    case 'quote':
      return [{ type: 'quote.updated', at, instrument: euro, bidPrice: 110_000 + move, askPrice: 110_010 + move }];
  }
}

function play(engine: Engine, list: readonly Moment[], from: number): Event[] {
  const events: Event[] = [];
  list.forEach((moment, offset) => {
    for (const input of inputsOf(moment, from + offset, engine)) events.push(...step(engine, input));
  });
  return events;
}

test('a state written and read back in the middle of a run goes on as if nothing had happened', () => {
  fc.assert(
    fc.property(moments, fc.nat(60), (list, cut) => {
      const { engine } = createDeskFixture(modules, { modes: { shadow: 'SHADOW' } });
      const middle = Math.min(cut, list.length);
      play(engine, list.slice(0, middle), 1);
      const bytes = serialize(engine.state);
      const copy = createEngine(modules, deserialize(bytes) as EngineState);
      assert.deepEqual(copy.state, engine.state);
      const rest = list.slice(middle);
      assert.deepEqual(play(copy, rest, 1 + middle), play(engine, rest, 1 + middle));
      assert.deepEqual(copy.state, engine.state);
    }),
    { numRuns: 25 },
  );
});

test('a state exchanged in a living engine is the one it works with after a refresh', () => {
  const { engine } = createDeskFixture(modules);
  const { engine: other } = createDeskFixture(modules, { policies: { limits: { maximumPositions: 3 } } });
  engine.state = deserialize(serialize(other.state)) as EngineState;
  engine.refresh();
  assert.equal(engine.policies?.limits.maximumPositions, 3);
  assert.equal(engine.contexts.get('shadow')?.view, engine.state);
});
