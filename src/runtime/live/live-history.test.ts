import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Event, EventByType } from '#domain/events.ts';
import { liveScene, passMinutes, startLive, stopLive } from '../../../tests/support/live-desk.ts';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-live-history-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const barsOf = (events: readonly Event[]): EventByType['bar.closed'][] =>
  events.filter((event): event is EventByType['bar.closed'] => event.type === 'bar.closed');

test('a cold desk sees every bar at its close, sorted by time and instrument, with ticks before those of their instant', async (t) => {
  const scene = liveScene(newFolder(t));
  const run = await startLive(scene, false);
  const warmAt = scene.events.findIndex(({ type }) => type === 'warmup.completed');
  const past = scene.events.slice(0, warmAt).filter(({ type }) => type === 'bar.closed' || type === 'time.ticked');
  const bars = barsOf(past);
  assert.equal(bars.length, 360);
  assert.ok(bars.every((bar) => bar.at === bar.openAt + 60_000));
  const keys = bars.map(({ openAt, instrument }) => `${openAt} ${instrument}`);
  assert.deepEqual(keys, keys.toSorted());
  const [tick, first, second, next] = past.slice(past.findIndex(({ type }) => type === 'bar.closed') - 1);
  assert.deepEqual(
    [tick, first, second, next].map((event) => [event?.type, (event?.at ?? 0) - (first?.at ?? 0)]),
    [
      ['time.ticked', 0],
      ['bar.closed', 0],
      ['bar.closed', 0],
      ['time.ticked', 30_000],
    ],
  );
  await stopLive(scene, run);
});

test('a desk that rested hears of the bars it missed when it is back, and decides nothing in between', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  const run = await startLive(scene, false);
  await passMinutes(scene, 2);
  await stopLive(scene, run);
  const { bars } = run.engine.state.counts;
  scene.clock.jump(600_000);
  scene.venue.disconnect();
  const later = { ...liveScene(folder, { time: scene.clock, venue: scene.venue }), venue: scene.venue };
  const again = await startLive(later, false);
  assert.ok(again.engine.state.counts.bars >= bars + 20, `${again.engine.state.counts.bars - bars}`);
  const missed = barsOf(later.events);
  assert.ok(missed.every((bar) => bar.at >= bar.openAt + 60_000));
  const from = later.events.findIndex(({ type }) => type === 'bar.closed');
  const until = later.events.findLastIndex(({ type }) => type === 'bar.closed');
  assert.equal(
    later.events.slice(from, until).some(({ type }) => type === 'time.ticked'),
    false,
  );
  await stopLive(later, again);
});
