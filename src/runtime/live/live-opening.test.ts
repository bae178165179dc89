import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { VenueError } from '#domain/venue-error.ts';
import { liveInstruments, liveScene, startLive, stopLive, whileTimePasses } from '../../../tests/support/live-desk.ts';
import { LiveRun } from './live-run.ts';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-live-opening-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('nothing is added before the whole opening is over', async (t) => {
  const scene = liveScene(newFolder(t));
  const run = await startLive(scene, false);
  const parts = scene.events.flatMap((event) => {
    if (event.type !== 'venue.impaired' && event.type !== 'venue.restored') return [];
    return [`${event.type} ${event.part}`];
  });
  assert.deepEqual(parts, ['venue.impaired opening', 'venue.restored opening']);
  const types = scene.events.map(({ type }) => type);
  assert.ok(types.lastIndexOf('venue.reconciled') < types.indexOf('venue.restored'));
  await stopLive(scene, run);
});

test('what was impaired when a desk ended is asked anew, but for what only books or an operator can mend', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  const run = await startLive(scene, false);
  scene.venue.tell({ type: 'venue.impaired', part: 'feed', instrument: null, reason: 'r' });
  scene.venue.tell({ type: 'venue.impaired', part: 'overfill', instrument: null, reason: 'r' });
  await scene.clock.pass(100);
  await stopLive(scene, run);
  const later = liveScene(folder, { time: scene.clock });
  const again = await startLive(later, false);
  assert.deepEqual(
    Object.values(again.engine.state.impairments).map(({ part }) => part),
    ['overfill'],
  );
  await stopLive(later, again);
});

test('an instrument that the venue lists otherwise is told', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  await stopLive(scene, await startLive(scene, false));
  const instruments = liveInstruments.map((instrument) => ({ ...instrument, marginRate: 0.05 }));
  const later = liveScene(folder, { time: scene.clock }, { instruments });
  const run = await startLive(later, false);
  assert.equal(run.engine.state.markets['EURUSD.OANDA']?.instrument.marginRate, 0.05);
  assert.equal(later.events.filter(({ type }) => type === 'instrument.changed').length, 2);
  await stopLive(later, run);
});

test('a journal that is ahead of the clock is not gone on with', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  await stopLive(scene, await startLive(scene, false));
  const later = liveScene(folder);
  const run = LiveRun.open(later.options);
  later.clock.jump(-3_600_000);
  await assert.rejects(whileTimePasses(later.clock, run.warmUp()), {
    name: 'RunError',
    message: /set the clock first$/,
  });
  await stopLive(later, run);
});

test('a venue that cannot be asked ends the start with a message', async (t) => {
  const scene = liveScene(newFolder(t));
  scene.venue.fault = 'silent';
  const run = LiveRun.open(scene.options);
  await assert.rejects(whileTimePasses(scene.clock, run.warmUp()), {
    name: 'LiveStartError',
    message: 'the desk does not start: the venue was asked for the account: the venue does not answer',
  });
  await stopLive(scene, run);
});

test('a start that is told to stop ends without an error and opens nothing more', async (t) => {
  const scene = liveScene(newFolder(t));
  const run = LiveRun.open(scene.options);
  const controller = new AbortController();
  controller.abort();
  await whileTimePasses(scene.clock, run.warmUp(controller.signal));
  assert.equal(scene.venue.isOpen, false);
  assert.equal(run.failure, undefined);
  await stopLive(scene, run);
});

test('books that cannot be compared are waited for over a minute, and a start that is told to stop waits no longer', async (t) => {
  const scene = liveScene(newFolder(t));
  const run = LiveRun.open(scene.options);
  let reports = 0;
  scene.venue.onReport = () => {
    reports += 1;
    // The first report is where the history begins.
    if (reports > 1) throw new VenueError('denied', 'DENIED_LIMIT', 'no room for it in time');
  };
  const beganAt = scene.clock.now();
  await assert.rejects(whileTimePasses(scene.clock, run.warmUp()), {
    name: 'LiveStartError',
    message: /^the desk does not start: its books could not be compared with the venue's: no room for it in time$/,
  });
  assert.equal(reports, 41);
  assert.ok(scene.clock.now() - beganAt >= 60_000);
  await stopLive(scene, run);
  const stopped = liveScene(newFolder(t));
  const controller = new AbortController();
  let asked = 0;
  stopped.venue.onReport = () => {
    asked += 1;
    if (asked === 3) controller.abort();
    if (asked > 1) throw new VenueError('denied', 'DENIED_LIMIT', 'no room for it in time');
  };
  const again = LiveRun.open(stopped.options);
  await whileTimePasses(stopped.clock, again.warmUp(controller.signal));
  assert.deepEqual([asked, again.failure], [3, undefined]);
  await stopLive(stopped, again);
});
