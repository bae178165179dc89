import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '#domain/bar.ts';
import { BarHistory } from './bar-history.ts';

const minuteMs = 60_000;

function bar(minute: number, instrument = 'EURUSD.OANDA', close = 100): Bar {
  return { instrument, openAt: minute * minuteMs, open: 100, high: 101, low: 99, close, volume: 1, spread: 1 };
}

test('a history gives bars by their open, the first instant included and the last one not', () => {
  const history = new BarHistory();
  for (const minute of [1, 2, 4, 5]) history.add(bar(minute));
  history.add(bar(3, 'USDJPY.OANDA'));
  const minutes = history.between('EURUSD.OANDA', 2 * minuteMs, 5 * minuteMs).map(({ openAt }) => openAt / minuteMs);
  assert.deepEqual(minutes, [2, 4]);
  assert.equal(history.between('USDJPY.OANDA', 0, Infinity).length, 1);
  assert.deepEqual(history.between('GBPUSD.OANDA', 0, Infinity), []);
});

test('a bar that does not open after the others is left out', () => {
  const history = new BarHistory();
  history.add(bar(2, 'EURUSD.OANDA', 1));
  history.add(bar(2, 'EURUSD.OANDA', 2));
  history.add(bar(1, 'EURUSD.OANDA', 3));
  assert.deepEqual(
    history.between('EURUSD.OANDA', 0, Infinity).map(({ close }) => close),
    [1],
  );
});

test('the oldest bars are forgotten beyond the limit', () => {
  const history = new BarHistory(3);
  for (let minute = 1; minute <= 20; minute += 1) history.add(bar(minute));
  const kept = history.between('EURUSD.OANDA', 0, Infinity);
  assert.ok(kept.length >= 3 && kept.length < 6);
  assert.equal(kept.at(-1)?.openAt, 20 * minuteMs);
  assert.throws(() => new BarHistory(0), /found '0'/);
});
