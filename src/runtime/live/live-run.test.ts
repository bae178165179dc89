import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listSnapshots } from '#adapters/journal/snapshot-files.ts';
import type { Event } from '#domain/events.ts';
import { liveScene, startLive, stopLive, whileTimePasses } from '../../../tests/support/live-desk.ts';
import { recordedEvents, replayRun } from '../read-run.ts';
import { readManifest, snapshotFolder } from '../run-folder.ts';
import { LiveRun } from './live-run.ts';

const eurUsd = 'EURUSD.OANDA';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-live-run-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const typesOf = (events: readonly Event[]): string[] => events.map(({ type }) => type);

test('a new folder becomes a live run with a name of its own, engaged and disarmed', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  const run = LiveRun.open(scene.options);
  assert.match(run.engine.state.runId, /^[0-9a-f]{16}$/);
  assert.equal(readManifest(folder).runId, run.engine.state.runId);
  assert.equal(readManifest(folder).market, 'oanda:simulated:main');
  const { kill, isArmed, kind, venue } = run.engine.state;
  assert.deepEqual([kill.isEngaged, isArmed, kind, venue], [true, false, 'live', null]);
  assert.deepEqual(scene.venue.calls, []);
  await stopLive(scene, run);
  const again = LiveRun.open(liveScene(folder).options);
  assert.equal(again.engine.state.runId, run.engine.state.runId);
  await stopLive(scene, again);
});

test('a start looks at the account, takes in history, opens the streams and makes the books equal twice', async (t) => {
  const scene = liveScene(newFolder(t));
  const run = await startLive(scene, false);
  const { state } = run.engine;
  assert.equal(state.isWarm, true);
  assert.equal(state.account.balance, 100_000_000_000);
  assert.equal(state.counts.bars, 360);
  assert.deepEqual(state.impairments, {});
  const types = typesOf(scene.events);
  assert.equal(types.filter((type) => type === 'venue.reconciled').length, 2);
  assert.ok(types.indexOf('venue.opened') < types.indexOf('instrument.listed'));
  assert.ok(types.lastIndexOf('instrument.listed') < types.indexOf('bar.closed'));
  assert.ok(types.lastIndexOf('bar.closed') < types.indexOf('warmup.completed'));
  assert.ok(types.indexOf('warmup.completed') < types.indexOf('venue.reconciled'));
  assert.deepEqual(scene.venue.calls.slice(0, 4), ['preflight', 'instruments', 'prepare', 'report']);
  await stopLive(scene, run);
  assert.equal(scene.venue.received.length, 0);
});

test('a journal of a live run is decided anew to the same hash', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  const run = await startLive(scene);
  scene.venue.quote(eurUsd, 110_000, 110_010);
  await scene.clock.pass(90_000);
  await stopLive(scene, run);
  const { result } = replayRun(folder);
  assert.equal(result.difference, undefined);
  assert.ok(result.events > 700);
  assert.equal(listSnapshots(snapshotFolder(folder)).length > 0, true);
});

test('the grid follows the clock, and what arrives is handed in after what was due before it', async (t) => {
  const scene = liveScene(newFolder(t));
  const run = await startLive(scene, false);
  const from = scene.events.length;
  const grid = Math.ceil(scene.clock.now() / 30_000) * 30_000;
  await scene.clock.pass(grid - scene.clock.now() - 10);
  scene.venue.quote(eurUsd, 110_000, 110_010);
  await scene.clock.pass(30_000);
  const told = scene.events.slice(from).filter(({ type }) => type === 'time.ticked' || type === 'quote.updated');
  const after = told.slice(typesOf(told).indexOf('quote.updated') - 1);
  assert.deepEqual(
    after.slice(0, 2).map(({ type, at }) => [type, at - grid]),
    [
      ['time.ticked', 0],
      ['quote.updated', 10],
    ],
  );
  await stopLive(scene, run);
});

test('after a stop of the whole machine the desk adds nothing until its books were compared, and ticks once', async (t) => {
  const scene = liveScene(newFolder(t));
  const run = await startLive(scene, false);
  const from = scene.events.length;
  scene.clock.jump(3_600_000);
  await scene.clock.pass(10);
  const told = scene.events.slice(from);
  assert.deepEqual(typesOf(told.slice(0, 2)), ['venue.impaired', 'time.ticked']);
  assert.equal(typesOf(told).filter((type) => type === 'time.ticked').length, 1);
  scene.venue.quote(eurUsd, 110_000, 110_010);
  await scene.clock.pass(10_000);
  assert.deepEqual(run.engine.state.impairments, {});
  await stopLive(scene, run);
});

test('a folder of another account is refused with what it holds', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  await stopLive(scene, LiveRun.open(scene.options));
  assert.throws(() => LiveRun.open(liveScene(folder, { account: 'other' }).options), {
    name: 'RunError',
    message: `'${folder}' holds a run with market 'oanda:simulated:main', asked for 'oanda:simulated:other': choose another --data-dir`,
  });
});

test('a start stops where the account is not as it must be, and has changed nothing there', async (t) => {
  const scene = liveScene(newFolder(t));
  scene.venue.checks.push({ name: 'position mode', isPassed: false, expected: 'one-way', found: 'hedge' });
  const run = LiveRun.open(scene.options);
  await assert.rejects(whileTimePasses(scene.clock, run.warmUp()), {
    name: 'RunError',
    message: "the account 'main' is not as it must be: 'position mode': expected one-way, found hedge",
  });
  assert.deepEqual(scene.venue.calls, ['preflight']);
  await stopLive(scene, run);
});

test('a start that cannot compare the books ends with a message', async (t) => {
  const scene = liveScene(newFolder(t));
  scene.venue.onReport = () => {
    if (scene.venue.isOpen) scene.venue.fault = 'silent';
  };
  const run = LiveRun.open(scene.options);
  await assert.rejects(whileTimePasses(scene.clock, run.warmUp()), {
    name: 'LiveStartError',
    message: "the desk does not start: its books could not be compared with the venue's: the venue does not answer",
  });
  await stopLive(scene, run);
});

test('a desk that lost its permission is disarmed at the next start', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  const run = await startLive(scene);
  assert.equal(run.engine.state.isArmed, true);
  await stopLive(scene, run);
  const later = liveScene(folder, { isReadOnly: true, time: scene.clock });
  const again = LiveRun.open(later.options);
  assert.equal(again.engine.state.isArmed, false);
  assert.equal(again.engine.state.kill.isEngaged, false);
  assert.equal(again.armingRefusal(), "'READ_ONLY' is 1: expected 0 where orders may be sent");
  await stopLive(later, again);
  const last = [...recordedEvents(folder)].at(-1)?.event;
  assert.equal(last?.type === 'desk.disarmed' && last.actor, 'configuration');
});

test('the cursor of the account lies beside the journal', async (t) => {
  const folder = newFolder(t);
  const scene = liveScene(folder);
  const run = await startLive(scene, false);
  scene.venue.quote(eurUsd, 110_000, 110_010);
  scene.venue.trade('by-hand', eurUsd, 500);
  await scene.clock.pass(35_000);
  assert.equal(run.engine.state.positions[eurUsd]?.signedQuantity, 500);
  await stopLive(scene, run);
  const { cursor } = JSON.parse(readFileSync(join(folder, 'account-cursor.json'), 'utf8')) as { cursor: string };
  assert.ok(Number(cursor.slice(1)) >= 2, cursor);
});
