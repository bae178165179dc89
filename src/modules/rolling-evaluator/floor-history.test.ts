import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EvaluationSummary } from '#domain/events.ts';
import { percentile } from '#metrics/percentile.ts';
import {
  addSample,
  createFloorHistory,
  differentSamples,
  SAMPLE_LIFE_MS,
  SAMPLES_MAX,
  samplePercentile,
} from './floor-history.ts';

const minuteMs = 60_000;

function summaryOf(trades: number, calmar: number, pnlTotal: number): EvaluationSummary {
  return { trades, winRate: 0.5, pnlTotal, maxDrawdown: 0.01, calmar };
}

const drawn = fc.record({
  gapMinutes: fc.integer({ min: 1, max: 4000 }),
  trades: fc.nat(5),
  calmar: fc.integer({ min: -3, max: 3 }),
  pnlTotal: fc.constantFrom(-0.5, -0, 0, 0.25),
});

test('percentiles and the count of different results are those of the results of thirty days', () => {
  fc.assert(
    fc.property(
      fc.array(drawn, { minLength: 1, maxLength: 120 }),
      fc.constantFrom(0, 0.25, 0.4, 0.5, 1),
      (samples, fraction) => {
        const history = createFloorHistory();
        const kept: { at: number; summary: EvaluationSummary; isDifferent: boolean }[] = [];
        let at = 0;
        for (const { gapMinutes, trades, calmar, pnlTotal } of samples) {
          at += gapMinutes * minuteMs;
          const summary = summaryOf(trades, calmar, pnlTotal);
          const oldestAt = at - SAMPLE_LIFE_MS;
          const recent = kept.filter((sample) => sample.at >= oldestAt);
          const before = recent.at(-1)?.summary;
          const isSame = before?.trades === trades && before.calmar === calmar && before.pnlTotal + 0 === pnlTotal + 0;
          kept.push({ at, summary, isDifferent: !isSame });
          addSample(history, summary, at);
          const now = kept.filter((sample) => sample.at >= oldestAt);
          assert.equal(differentSamples(history), now.filter(({ isDifferent }) => isDifferent).length);
          for (const metric of ['trades', 'calmar', 'pnlTotal'] as const) {
            const expected = percentile(
              now.map((sample) => sample.summary[metric] + 0),
              fraction,
            );
            assert.equal(samplePercentile(history, metric, fraction), expected);
          }
        }
      },
    ),
  );
});

test('a history never holds more results than its capacity', () => {
  const history = createFloorHistory();
  for (let index = 0; index < SAMPLES_MAX + 500; index += 1) addSample(history, summaryOf(index, index, index), index);
  assert.equal(history.end - history.first, SAMPLES_MAX);
  assert.equal(differentSamples(history), SAMPLES_MAX);
  assert.equal(samplePercentile(history, 'trades', 0), 500);
  assert.equal(samplePercentile(history, 'trades', 1), SAMPLES_MAX + 499);
});
