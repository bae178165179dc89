import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { minuteBar, windowAt } from '../../../tests/support/shadow-market.ts';
import { createBarHistory, newestOpenAt, rememberBar, rememberWindow } from './bar-history.ts';

function bars(count: number): ReturnType<typeof minuteBar>[] {
  return Array.from({ length: count }, (_, index) =>
    minuteBar(index, { open: 110_000 + index, close: 110_000 - index }),
  );
}

test('a history holds its newest bars, and never more than its capacity', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 3000 }), fc.integer({ min: 1, max: 4000 }), (capacity, count) => {
      const history = createBarHistory(capacity);
      const all = bars(count);
      for (const bar of all) rememberBar(history, bar);
      assert.equal(history.end, count);
      assert.equal(history.end - history.first, Math.min(count, capacity));
      assert.ok(history.openAt.length <= Math.max(2, capacity));
      for (let index = history.first; index < history.end; index += 97) {
        const slot = index % history.openAt.length;
        assert.equal(history.openAt[slot], all[index]?.openAt);
        assert.equal(history.open[slot], all[index]?.open);
        assert.equal(history.close[slot], all[index]?.close);
      }
      assert.equal(newestOpenAt(history), all.at(-1)?.openAt);
    }),
    { numRuns: 25 },
  );
});

test('windows are held as long as bars at one window every four bars', () => {
  const history = createBarHistory(2000);
  for (const [index, bar] of bars(5000).entries()) {
    rememberBar(history, bar);
    if (index % 4 === 0) rememberWindow(history, windowAt(bar, { coherence: index / 5000 }));
  }
  const { windows } = history;
  assert.equal(windows.end, 1250);
  const oldest = windows.endAt[windows.first % windows.endAt.length] ?? 0;
  assert.ok(oldest <= (history.openAt[history.first % history.openAt.length] ?? 0) + 4 * 60_000);
  assert.equal(windows.coherence[(windows.end - 1) % windows.coherence.length], 4996 / 5000);
});

test('a capacity made smaller lets the oldest bars go, a larger one lets more stay', () => {
  const history = createBarHistory(1500);
  const all = bars(4500);
  for (const bar of all.slice(0, 1500)) rememberBar(history, bar);
  history.capacity = 100;
  for (const bar of all.slice(1500, 1501)) rememberBar(history, bar);
  assert.equal(history.end - history.first, 100);
  history.capacity = 2500;
  for (const bar of all.slice(1501)) rememberBar(history, bar);
  assert.equal(history.end - history.first, 2500);
  assert.equal(history.open[history.first % history.open.length], all[2000]?.open);
});

test('a bar that is not newer, a window of another bar and a price beyond 32 bits stop', () => {
  const history = createBarHistory(10);
  const [first, second] = bars(2);
  assert.ok(first !== undefined && second !== undefined);
  rememberBar(history, second);
  assert.throws(() => rememberBar(history, second), /in the order/);
  assert.throws(() => rememberBar(history, first), /in the order/);
  assert.throws(() => rememberWindow(history, windowAt(first)), /ends with the newest bar/);
  assert.throws(() => rememberBar(history, minuteBar(5, { open: 1, high: 3e9, close: 1 })), /0 to 2\^31/);
});
