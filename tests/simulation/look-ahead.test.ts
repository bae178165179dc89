import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom, draw } from '#base/random.ts';
import type { BarColumns } from '#domain/bar.ts';
import type { Event } from '#domain/events.ts';
import { runUntil } from '#engine/loop.ts';
import type { Module } from '#engine/module.ts';
import { isSame } from '#engine/replay.ts';
import { modules } from '#modules/index.ts';
import type { PolicyDocument } from '#runtime/start-events.ts';
import { signalOf } from '../support/desk-events.ts';
import { openDeskRun } from '../support/desk-run.ts';
import { livelyAt, livelyPolicies, livelySeries } from '../support/lively-desk.ts';
import { slotModule } from '../support/slot-module.ts';

const minuteMs = 60_000;
const bars = 3_000;
const policies = livelyPolicies();

interface Desk {
  /** A module may be made with the very bars it will be shown, to see whether cheating is found out. */
  readonly modulesFor: (series: readonly BarColumns[]) => readonly Module[];
  readonly policies: readonly PolicyDocument[];
}

const house: Desk = { modulesFor: () => modules, policies };

/** Every event up to a time, facts among them. The run goes on a little, since a venue may tell later of what was before. */
function eventsUntil(desk: Desk, series: readonly BarColumns[], untilAt: number): Event[] {
  const run = openDeskRun({ modules: desk.modulesFor(series), policies: desk.policies, series });
  runUntil(run.loop, untilAt + 10 * minuteMs);
  return run.events.filter(({ at }) => at <= untilAt);
}

/** The same bars up to a time; every bar that closes after it is another one. */
function withAnotherFuture(columns: BarColumns, afterAt: number, seed: number): BarColumns {
  const random = createRandom(seed, columns.instrument);
  const altered = {
    ...columns,
    open: columns.open.slice(),
    high: columns.high.slice(),
    low: columns.low.slice(),
    close: columns.close.slice(),
    volume: columns.volume.slice(),
    spread: columns.spread.slice(),
  };
  for (let index = 0; index < columns.length; index += 1) {
    if ((columns.openAt[index] ?? 0) + columns.intervalMs <= afterAt) continue;
    const factor = 0.9 + draw(random, 'factor') * 0.2;
    const open = Math.round((columns.open[index] ?? 0) * factor);
    const close = open + Math.round((draw(random, 'close') - 0.5) * 80);
    altered.open[index] = open;
    altered.close[index] = close;
    altered.high[index] = Math.max(open, close) + Math.floor(draw(random, 'high') * 50);
    altered.low[index] = Math.min(open, close) - Math.floor(draw(random, 'low') * 50);
    altered.volume[index] = Math.floor(draw(random, 'volume') * 900);
    altered.spread[index] = Math.floor(draw(random, 'spread') * 30);
  }
  return altered;
}

/** The first event up to a time that another future changes. */
function firstDifference(
  desk: Desk,
  whole: readonly Event[],
  series: readonly BarColumns[],
  cut: Cut,
): string | undefined {
  const future = series.map((columns) => withAnotherFuture(columns, cut.at, cut.seed));
  const expected = whole.filter(({ at }) => at <= cut.at);
  const actual = eventsUntil(desk, future, cut.at);
  for (let index = 0; index < Math.max(expected.length, actual.length); index += 1) {
    if (!isSame(expected[index], actual[index]))
      return `event ${index}: ${JSON.stringify(expected[index])} became ${JSON.stringify(actual[index])}`;
  }
  return undefined;
}

interface Cut {
  readonly at: number;
  readonly seed: number;
}

const endAt = livelyAt + bars * minuteMs;
/** Any millisecond of the second day, when the evaluator has let the desk trade. */
const cuts: fc.Arbitrary<Cut> = fc.record({
  at: fc.integer({ min: livelyAt + 1_440 * minuteMs, max: endAt }),
  seed: fc.nat(),
});

test('the run that is cut below makes the modules work: windows, signals, gates, targets, orders, round trips', () => {
  const events = eventsUntil(house, livelySeries(5, bars), endAt);
  const count = (type: Event['type']): number => events.filter((event) => event.type === type).length;
  assert.ok(count('manifold.published') > 1_000);
  assert.ok(count('evaluation.completed') > 100);
  assert.ok(count('weights.published') > 1_000);
  assert.ok(count('order.filled') > 50, `${count('order.filled')} fills`);
  assert.ok(count('roundTrip.closed') > 15, `${count('roundTrip.closed')} round trips`);
  const failures = events.filter((event) => event.type === 'module.decided' && event.outcome === 'failed');
  assert.deepEqual(failures, []);
});

test('no event changes when every bar that closes after it is another one', () => {
  const series = livelySeries(5, bars);
  const whole = eventsUntil(house, series, endAt + minuteMs);
  fc.assert(
    fc.property(cuts, (cut) => {
      assert.equal(firstDifference(house, whole, series, cut), undefined);
    }),
    { numRuns: 12 },
  );
});

test('a module that knows the next minute is found out', () => {
  /** Signals the euro by the close of the bar that is still open. */
  const cheater = (series: readonly BarColumns[]): Module =>
    slotModule('signal', 'cheater', (value, { at }) => {
      const euro = series[0];
      const index = euro?.openAt.findIndex((openAt) => openAt + minuteMs > at) ?? -1;
      if (euro === undefined || index < 0) return value;
      const isRising = (euro.close[index] ?? 0) > (euro.close[index - 1] ?? 0);
      return [...value, { ...signalOf(euro.instrument, isRising ? 'long' : 'short'), strategy: 'cheater' }];
    });
  const desk: Desk = {
    modulesFor: (series) => [...modules, cheater(series)],
    policies: [
      ...policies.map(({ key, document }) => {
        const slots = document['slots'] as Readonly<Record<string, readonly string[]>>;
        return key === 'desk/fx'
          ? { key, document: { ...document, slots: { ...slots, signal: ['cheater'] } } }
          : { key, document };
      }),
      { key: 'cheater/fx', document: {} },
    ],
  };
  const series = livelySeries(5, bars);
  const whole = eventsUntil(desk, series, endAt);
  const found = [1, 2, 3, 4, 5, 6].filter((seed) => {
    // Decisions come half a minute after a close, when the bar that is being cheated with is still open.
    const at = livelyAt + (2_100 + seed * 31) * minuteMs + 45_000;
    return firstDifference(desk, whole, series, { at, seed }) !== undefined;
  });
  assert.ok(found.length > 0);
});
