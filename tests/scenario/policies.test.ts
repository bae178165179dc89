import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { EventByType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { defineModule } from '#engine/module.ts';
import { euro, targetOf, yen } from '../support/desk-events.ts';
import { slotModule } from '../support/slot-module.ts';
import { play } from './scenario.ts';
import { type ToldDesk, toldDesk } from './told-desk.ts';

function write(desk: ToldDesk, key: string, changes: Partial<EventByType['policy.changed']>): void {
  desk.tell({
    type: 'policy.changed',
    at: desk.at(),
    key,
    version: 1,
    schemaVersion: 1,
    document: {},
    actor: 'operator',
    reason: 'trial',
    ...changes,
  });
}

function documentOf({ view }: ToldDesk, key: string): Record<string, unknown> {
  return { ...view.policies[key]?.document };
}

const wanting = slotModule('allocation', 'wanting', () => [targetOf(euro, 1_000), targetOf(yen, 1_000)]);

test('given a desk that is set up, the events of its start tell who it is', () => {
  const { fixture, view } = toldDesk([]);
  assert.deepEqual(
    [...new Set(fixture.setUpEvents.map(({ type }) => type))],
    ['run.started', 'calendar.loaded', 'instrument.listed', 'policy.changed', 'kill.released', 'warmup.completed'],
  );
  assert.deepEqual([view.runId, view.desk, view.instrumentIds], ['fixture', 'fx', [euro, yen]]);
});

test('given history that is still coming in, the desk decides nothing until the warm-up is over', () => {
  const desk = toldDesk([wanting], { isWarm: false });
  play(desk, [
    { when: 'two minutes of history come in', step: () => [desk.minute(), desk.minute()], causes: [] },
    {
      when: 'history is complete',
      step: () => desk.tell({ type: 'warmup.completed', at: desk.at(), bars: 4 }),
      causes: [['warmup.completed']],
    },
    {
      when: 'the next minute is decided on',
      step: () => desk.minute(),
      causes: [['order.submitted'], ['order.submitted']],
    },
  ]);
});

test('given a limit that is lowered while the desk runs, the next decision keeps to it', () => {
  const desk = toldDesk([wanting]);
  play(desk, [
    {
      when: 'an operator allows one position',
      step: () =>
        write(desk, 'limits/fx', { version: 2, document: { ...documentOf(desk, 'limits/fx'), maximumPositions: 1 } }),
      causes: [['policy.changed']],
    },
    {
      when: 'the next minute is decided on',
      step: () => desk.minute(),
      causes: [
        ['order.denied', { instrument: yen, code: 'MAX_POSITIONS' }],
        ['order.submitted', { order: { instrument: euro } }],
      ],
    },
  ]);
});

test('given a document that nobody may write, it is refused with the reason and the old one stays', () => {
  const desk = toldDesk([]);
  const limits = documentOf(desk, 'limits/fx');
  play(desk, [
    {
      when: 'the version is not the next one',
      step: () => write(desk, 'limits/fx', { version: 1, document: limits }),
      causes: [
        ['policy.changed'],
        ['policy.refused', { actor: 'operator', reason: 'version 1 was written over version 1, expected 2' }],
      ],
    },
    {
      when: 'the key is of no domain',
      step: () => write(desk, 'magic/fx', {}),
      causes: [['policy.changed'], ['policy.refused', { reason: "'magic/fx' is no policy key" }]],
    },
    {
      when: 'a field is out of range',
      step: () => write(desk, 'limits/fx', { version: 2, document: { ...limits, maximumOrdersPerMinute: 0 } }),
      causes: [['policy.changed'], ['policy.refused', { key: 'limits/fx' }]],
    },
    {
      when: 'a figure is beyond a guard rail',
      step: () => write(desk, 'limits/fx', { version: 2, document: { ...limits, maximumLeverage: 51 } }),
      causes: [
        ['policy.changed'],
        [
          'policy.refused',
          {
            reason:
              "'maximumLeverage': expected at most 50 in a simulated run, found '51', since the venue lends fifty to one, and the house uses twenty",
          },
        ],
      ],
    },
    {
      when: 'the desk is not the one of this run',
      step: () => write(desk, 'limits/crypto', { document: limits }),
      causes: [
        ['policy.changed'],
        ['policy.refused', { reason: "expected a document of the desk 'fx', found one of 'crypto'" }],
      ],
      so: ({ policies }) =>
        assert.deepEqual([policies['limits/fx']?.version, policies['limits/fx']?.document], [1, limits]),
    },
  ]);
});

test('given documents of the crypto desk, any desk keeps them for it and checks them', () => {
  const desk = toldDesk([]);
  play(desk, [
    {
      when: 'a document in the words of the first schema comes in',
      step: () => write(desk, 'risk/crypto', { document: { active_mode: 'DEFENSIVE', max_daily_dd_pct: 4 } }),
      causes: [['policy.changed']],
      so: ({ policies }) => {
        const { version, document } = policies['risk/crypto'] ?? {};
        assert.deepEqual([version, document?.['active_mode'], document?.['max_daily_dd']], [1, 'SAFE', 0.04]);
      },
    },
    {
      when: 'it is changed beyond what is compiled in',
      step: () => write(desk, 'risk/crypto', { version: 2, schemaVersion: 2, document: { max_daily_dd: 0.09 } }),
      causes: [['policy.changed'], ['policy.refused', { key: 'risk/crypto' }]],
      so: ({ policies }) => assert.equal(policies['risk/crypto']?.version, 1),
    },
    {
      when: 'one is written for an instrument',
      step: () => write(desk, 'risk/crypto/BTCUSDT', {}),
      causes: [
        ['policy.changed'],
        ['policy.refused', { reason: "'risk' holds for the whole desk, found a document for 'BTCUSDT'" }],
      ],
    },
  ]);
});

test('given a change in force, the state says who wrote it and why', () => {
  const desk = toldDesk([]);
  const limits = documentOf(desk, 'limits/fx');
  write(desk, 'limits/fx', { version: 2, document: { ...limits, maximumPositions: 4 }, actor: 'ann', reason: 'calm' });
  const { commit } = desk.view.policies['limits/fx'] ?? {};
  assert.deepEqual(commit, {
    sequence: desk.view.sequence,
    at: desk.at(),
    actor: 'ann',
    reason: 'calm',
    traceparent: null,
  });
});

test('given a module whose parameters have grown, an older document is lifted', () => {
  const seen: unknown[] = [];
  const grown = defineModule<Record<string, never>, { ageMs: number }>({
    name: 'grown',
    displayName: 'Grown',
    purpose: 'Reads an age that was once in seconds.',
    parameters: z.strictObject({ ageMs: z.number().default(5_000) }),
    version: 2,
    upgrades: [({ ageSeconds }) => ({ ageMs: Number(ageSeconds) * 1_000 })],
    initialState: () => ({}),
    propose: {
      gate: (value, _, context) => {
        seen.push(context.parameters(yen).ageMs);
        return { value, entries: [] };
      },
    },
  });
  const desk = toldDesk([grown], { policies: { grown: { ageSeconds: 3, ageMs: undefined } } });
  play(desk, [
    {
      when: "the yen gets a document of its own in today's words",
      step: () => {
        desk.minute();
        write(desk, 'grown/fx/USD_JPY', { schemaVersion: 2, document: { ageMs: 9 } });
        desk.minute();
      },
      causes: [['policy.changed']],
    },
  ]);
  assert.deepEqual(seen, [3_000, 9]);
});

test('given an instrument that is listed while the desk runs, it joins the universe', () => {
  const seen: (readonly string[])[] = [];
  const look = slotModule('universe', 'look', (value) => {
    seen.push(value);
    return value;
  });
  const desk = toldDesk([look]);
  play(desk, [
    {
      when: 'the pound is listed',
      step: () => {
        desk.tell({
          type: 'instrument.listed',
          at: desk.at(),
          instrument: fxInstrument('GBP_USD'),
          hasVolume: false,
          priceBasis: 'mid',
        });
        desk.minute();
      },
      causes: [['instrument.listed']],
    },
  ]);
  assert.deepEqual(seen, [[euro, 'GBPUSD.OANDA', yen]]);
});
