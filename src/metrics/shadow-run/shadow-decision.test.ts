import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '#domain/bar.ts';
import type { StrategyPolicy } from '#domain/policies.ts';
import {
  createShadowScene,
  minuteBar,
  playMinutes,
  shadowStrategy,
  windowAt,
} from '../../../tests/support/shadow-market.ts';
import { createMoment, fillMoment, type MarketMoment } from './market-moment.ts';
import { entrySign, isExitDue } from './shadow-decision.ts';
import { createShadowRun, type ShadowRun } from './shadow-run.ts';
import { shadowSettings } from './shadow-settings.ts';

/** A flat run and the moment of the last bar, whose first bar carries the window. */
function sceneOf(
  bars: readonly Bar[],
  changes: Partial<StrategyPolicy> = {},
): { run: ShadowRun; moment: MarketMoment } {
  const scene = createShadowScene([shadowStrategy]);
  playMinutes(
    scene,
    bars.map((bar, index) => ({ bar, window: index === 0 ? windowAt(bar) : undefined })),
  );
  const { history, schedule, barsSinceGap } = scene.set;
  const moment = createMoment(scene.inputs(), history, schedule, scene.ranks);
  fillMoment(moment, history.end - 1);
  moment.windowEnd = history.windows.end;
  moment.barsSinceGap = barsSinceGap;
  return { run: createShadowRun(shadowSettings({ ...shadowStrategy, ...changes })), moment };
}

/** Four bars from a minute of the day on, the last of which closes a step away. */
function stepAt(minute: number, ticks: number): Bar[] {
  const flat = { open: 110_000, close: 110_000 };
  const quiet = [0, 1, 2].map((offset) => minuteBar(minute + offset, flat));
  return [...quiet, minuteBar(minute + 3, { open: 110_000, close: 110_000 + ticks })];
}

test('a rise is entered long, a fall short, and a small step not at all', () => {
  for (const [ticks, sign] of [
    [23, 1],
    [-23, -1],
    [21, 0],
    [0, 0],
  ] as const) {
    const { run, moment } = sceneOf(stepAt(600, ticks));
    assert.equal(entrySign(run, moment), sign);
  }
});

test('nothing is entered outside the sessions, in the break and near the close', () => {
  for (const [minute, sign] of [
    [355, 0],
    [357, 1],
    [717, 0],
    [721, 1],
    [1190, 1],
    [1191, 0],
  ] as const) {
    // The decision falls on the minute four after the first bar opens.
    const { run, moment } = sceneOf(stepAt(minute, 23));
    assert.equal(entrySign(run, moment), sign, `minute ${minute}`);
  }
});

test('cooldowns count from the fills before', () => {
  const { run, moment } = sceneOf(stepAt(600, 23), { entryCooldownSeconds: 120, exitCooldownSeconds: 60 });
  run.entryAt = moment.closedAt - 119_999;
  assert.equal(entrySign(run, moment), 0);
  run.entryAt = moment.closedAt - 120_000;
  assert.equal(entrySign(run, moment), 1);
  run.exitAt = moment.closedAt - 59_999;
  assert.equal(entrySign(run, moment), 0);
  run.exitAt = moment.closedAt - 60_000;
  assert.equal(entrySign(run, moment), 1);
});

function held(run: ShadowRun, sign: 1 | -1, entryPrice: number): void {
  run.sign = sign;
  run.entryPrice = entryPrice;
}

test('a position stays while its sessions last, leaves near their end, and waits out a break', () => {
  for (const [minute, isDue] of [
    [600, false],
    [1190, false],
    [1191, true],
    [1300, true],
    [717, false],
  ] as const) {
    const { run, moment } = sceneOf(stepAt(minute, 0));
    held(run, 1, 110_000);
    assert.equal(isExitDue(run, moment), isDue, `minute ${minute}`);
  }
});

test('in a break that runs into the close a position waits for the market', () => {
  const settings = { sessionExitMinutes: 600 };
  for (const [minute, isDue] of [
    [700, true],
    [717, false],
    [722, true],
  ] as const) {
    const { run, moment } = sceneOf(stepAt(minute, 0), settings);
    held(run, 1, 110_000);
    assert.equal(isExitDue(run, moment), isDue, `minute ${minute}`);
  }
});

test('profit is counted in percent of the entry price or of the margin, at the price of a close', () => {
  const base = { exitPnlEnabled: true, exitPnlTakeProfit: 0.1, exitPnlStopLoss: -10 } as const;
  const due = (changes: Partial<StrategyPolicy>, sign: 1 | -1, entryPrice: number): boolean => {
    const { run, moment } = sceneOf(stepAt(600, 0), { ...base, ...changes });
    held(run, sign, entryPrice);
    return isExitDue(run, moment);
  };
  assert.equal(due({}, 1, 109_890), true);
  assert.equal(due({}, 1, 109_891), false);
  assert.equal(due({}, -1, 110_121), true);
  assert.equal(due({}, -1, 110_119), false);
  // Two percent of margin: fifty times less of a move.
  assert.equal(due({ exitPnlUnit: 'margin_pct' }, 1, 109_997), true);
  assert.equal(due({ exitPnlUnit: 'margin_pct' }, 1, 109_998), false);
  assert.equal(due({ exitPnlUnit: 'account_ccy' }, 1, 1), false);
});

test('a slope against the position closes it where that is asked for', () => {
  const { run, moment } = sceneOf(stepAt(600, -23), {
    exitSlopeEnabled: true,
    exitSlopeBps: 1,
    directionThresholdBps: 9,
  });
  held(run, 1, 110_000);
  assert.equal(isExitDue(run, moment), true);
  held(run, -1, 110_000);
  assert.equal(isExitDue(run, moment), false);
});

test('a signal the other way closes, one the same way keeps', () => {
  const { run, moment } = sceneOf(stepAt(600, -23));
  held(run, 1, 110_000);
  assert.equal(isExitDue(run, moment), true);
  held(run, -1, 110_000);
  assert.equal(isExitDue(run, moment), false);
});
