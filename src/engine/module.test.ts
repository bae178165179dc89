import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { defineModule } from './module.ts';

test('what is written is what the engine holds', () => {
  const spec = {
    name: 'plain',
    displayName: 'Plain',
    purpose: 'Does nothing.',
    parameters: z.strictObject({ level: z.number().default(0.5) }),
    initialState: () => ({ seen: 0 }),
    propose: {},
    protectsOn: ['order.filled'],
    quietCodes: ['flat'],
  } as const;
  const module: unknown = defineModule<{ seen: number }, { level: number }>(spec);
  assert.equal(module, spec);
});

test('a module is given back its own state and parameters, in evolving and in proposing', () => {
  const given: unknown[] = [];
  const module = defineModule<{ seen: number }, { level: number }>({
    name: 'plain',
    displayName: 'Plain',
    purpose: 'Notes what it is given.',
    parameters: z.strictObject({ level: z.number().default(0.5) }),
    initialState: () => ({ seen: 0 }),
    evolve: {
      'time.ticked': (state, _, context) => {
        state.seen += context.parameters().level;
      },
    },
    propose: {
      gate: (value, state, context) => {
        given.push([state.seen, context.parameters().level]);
        return { value, entries: [] };
      },
    },
  });
  const fixture = createDeskFixture([module], { policies: { plain: { level: 0.25 } } });
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.deepEqual(given, [[0.5, 0.25]]);
});
