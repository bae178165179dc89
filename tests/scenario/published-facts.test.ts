import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { EventByType, GatesDocument, WeightsDocument } from '#domain/events.ts';
import { defineModule, type Module } from '#engine/module.ts';
import { euro, signalOf, yen } from '../support/desk-events.ts';
import { play } from './scenario.ts';
import { toldDesk } from './told-desk.ts';

const gates: GatesDocument = {
  ts: 1,
  v: 1,
  seq: 1,
  intervalSeconds: 60,
  gates: { EUR_USD: 1, USD_JPY: 0 },
  cooldowns: { EUR_USD: 0, USD_JPY: 0 },
  bufs: { EUR_USD: 0.1 },
  reasons: { USD_JPY: ['calmar'] },
  sessions: { EUR_USD: { open: true, minutesToClose: 90 } },
  repetition: { EUR_USD: { count: 2, firstSeenAt: 1 } },
  hazard: { EUR_USD: 0.01 },
};

const weights: WeightsDocument = {
  publishedAt: 1,
  topK: 1,
  weights: { EUR_USD: 1 },
  exposureFractions: { EUR_USD: 0.2 },
  scores: { EUR_USD: 3 },
  isHeld: false,
  heldSinceAt: null,
  isFallback: false,
  eligibleCount: 1,
  gatesAgeSeconds: 2,
  reason: 'fresh',
};

/** Signals the instruments whose published gate is open, and raises an alert while there are fewer than two. */
const reader: Module = defineModule<Record<string, never>, Record<string, never>>({
  name: 'reader',
  displayName: 'Reader',
  purpose: 'Reads published gates.',
  parameters: z.strictObject({}),
  initialState: () => ({}),
  evolve: {
    'gates.published': (_, { at, document }, context) => {
      const open = Object.values(document.gates).filter((gate) => gate === 1).length;
      const isRaised = context.view.alerts['few-open'] !== undefined;
      if (open < 2 && !isRaised)
        context.publish({ type: 'alert.raised', at, name: 'few-open', reason: `${open} of 2` });
      if (open >= 2 && isRaised) context.publish({ type: 'alert.cleared', at, name: 'few-open' });
    },
  },
  propose: {
    signal: (value, _, { view }) => {
      const isOpen = (symbol: string): boolean => view.gates?.gates[symbol] === 1;
      const open = [...(isOpen('EUR_USD') ? [signalOf(euro)] : []), ...(isOpen('USD_JPY') ? [signalOf(yen)] : [])];
      return { value: open.length === 0 ? value : [...value, ...open], entries: [] };
    },
  },
});

test('given published gates, other modules read them from the view and alerts follow in the same step', () => {
  const desk = toldDesk([reader]);
  play(desk, [
    { when: 'nothing is published yet', step: () => desk.minute(), causes: [] },
    {
      when: 'one gate of two is open',
      step: () => desk.tell({ type: 'gates.published', at: desk.at(), document: gates }),
      causes: [['gates.published'], ['alert.raised', { name: 'few-open', reason: '1 of 2' }]],
      so: (view) => {
        assert.deepEqual(view.gates, gates);
        assert.deepEqual(view.alerts, { 'few-open': { raisedAt: desk.at(), reason: '1 of 2' } });
      },
    },
    {
      when: 'the next minute is decided on',
      step: () => desk.minute(),
      causes: [['order.submitted', { order: { instrument: euro } }]],
    },
    {
      when: 'both are open',
      step: () =>
        desk.tell({
          type: 'gates.published',
          at: desk.at(),
          document: { ...gates, seq: 2, gates: { EUR_USD: 1, USD_JPY: 1 } },
        }),
      causes: [['gates.published'], ['alert.cleared', { name: 'few-open' }]],
      so: (view) => assert.deepEqual(view.alerts, {}),
    },
    {
      when: 'the next minute is decided on',
      step: () => desk.minute(),
      causes: [['order.submitted', { order: { instrument: yen } }]],
    },
  ]);
});

test('given published weights, the newest stand in the view', () => {
  const desk = toldDesk([]);
  play(desk, [
    {
      when: 'weights are published twice',
      step: () => {
        desk.tell({ type: 'weights.published', at: desk.at(), document: { ...weights, topK: 9 } });
        desk.tell({ type: 'weights.published', at: desk.at(), document: weights });
      },
      causes: [
        ['weights.published', { document: { topK: 9 } }],
        ['weights.published', { document: { topK: 1 } }],
      ],
      so: (view) => assert.deepEqual(view.weights, weights),
    },
  ]);
});

test('given completed evaluations, the newest of each instrument stands in the view', () => {
  const desk = toldDesk([]);
  const evaluation = (instrument: string, trades: number): EventByType['evaluation.completed'] => ({
    type: 'evaluation.completed',
    at: desk.at(),
    instrument,
    parameterKey: 'cp70',
    days: 30,
    summary: { trades, winRate: 0.5, pnlTotal: 1, maxDrawdown: 0.1, calmar: 2 },
    floors: { minimumTrades: 20, calmarMinimum: 1, pnlMinimum: 0 },
    isEligible: trades >= 20,
  });
  play(desk, [
    {
      when: 'three evaluations of two instruments are completed',
      step: () => {
        desk.tell(evaluation(euro, 10));
        desk.tell(evaluation(yen, 30));
        desk.tell(evaluation(euro, 25));
      },
      causes: [['evaluation.completed'], ['evaluation.completed'], ['evaluation.completed', { instrument: euro }]],
      so: (view) => {
        assert.deepEqual(
          Object.entries(view.evaluations).map(([id, { summary, isEligible }]) => [id, summary.trades, isEligible]),
          [
            [euro, 25, true],
            [yen, 30, true],
          ],
        );
      },
    },
  ]);
});

test('given facts that are not kept, they are known all the same and leave the sequence alone', () => {
  const desk = toldDesk([reader], { recordsFacts: false });
  const { sequence } = desk.view;
  play(desk, [
    {
      when: 'gates are published',
      step: () => desk.tell({ type: 'gates.published', at: desk.at(), document: gates }),
      causes: [['gates.published'], ['alert.raised']],
      so: (view) => assert.equal(view.sequence, sequence),
    },
  ]);
});
