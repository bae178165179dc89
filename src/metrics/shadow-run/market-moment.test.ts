import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShadowScene, minuteBar, shadowCosts } from '../../../tests/support/shadow-market.ts';
import { rememberBar } from './bar-history.ts';
import { costsOf, createMoment, fillMoment, type MarketInputs, sessionOf } from './market-moment.ts';

function momentOf(
  minute: number,
  spread: number,
  changes: Partial<MarketInputs> = {},
): ReturnType<typeof createMoment> {
  const scene = createShadowScene([]);
  rememberBar(scene.set.history, { ...minuteBar(minute, { open: 100, high: 110, low: 90, close: 105 }), spread });
  const moment = createMoment({ ...scene.inputs(), ...changes }, scene.set.history, null, scene.ranks);
  fillMoment(moment, 0);
  return moment;
}

test('a moment holds the bar and the instant of its close', () => {
  const moment = momentOf(3, 0);
  const { open, high, low, close } = moment;
  assert.deepEqual([open, high, low, close], [100, 110, 90, 105]);
  assert.equal(moment.closedAt - moment.openAt, 60_000);
});

test('a bid series has its whole spread above, a mid series half of it on either side rounded up', () => {
  const figures = (moment: ReturnType<typeof createMoment>): number[] => {
    const { lower, upper, slippage } = costsOf(moment);
    return [lower, upper, slippage];
  };
  assert.deepEqual(figures(momentOf(0, 7)), [0, 7, 2]);
  assert.deepEqual(figures(momentOf(0, 7, { priceBasis: 'mid' })), [4, 4, 2]);
});

test('the cost table counts where no spread was recorded, by the hour in which the bar opens', () => {
  const spreadPips = Array.from({ length: 168 }, (_, hour) => (hour === 1 ? 2.5 : 1));
  const costs = { ...shadowCosts, otherwise: { spreadPips, slippagePips: 0, commissionPerMillion: 20 } };
  assert.equal(costsOf(momentOf(59, 0, { costs })).upper, 10);
  assert.equal(costsOf(momentOf(60, 0, { costs })).upper, 25);
  assert.equal(costsOf(momentOf(60, 0, { costs })).commission, 0.00002);
});

test('without a schedule everything is closed', () => {
  assert.equal(sessionOf(momentOf(600, 0)).isOpen, false);
});

test('costs and session belong to the bar at hand', () => {
  const scene = createShadowScene([]);
  for (const [minute, spread] of [
    [0, 4],
    [1, 9],
  ] as const) {
    rememberBar(scene.set.history, { ...minuteBar(minute, { open: 100, close: 100 }), spread });
  }
  const moment = createMoment(scene.inputs(), scene.set.history, null, scene.ranks);
  fillMoment(moment, 0);
  assert.equal(costsOf(moment).upper, 4);
  fillMoment(moment, 1);
  assert.equal(costsOf(moment).upper, 9);
});
