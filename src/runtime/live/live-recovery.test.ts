import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LOCK_NAME } from '#adapters/journal/folder-lock.ts';
import {
  type LiveScene,
  liveScene,
  passMinutes,
  passUntil,
  startLive,
  stopLive,
  whileTimePasses,
} from '../../../tests/support/live-desk.ts';
import { LiveRun } from './live-run.ts';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-live-recovery-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** What is left on the disk when the process is killed, and a scene for the next one at the same venue. */
function killed(t: TestContext, scene: LiveScene): LiveScene {
  const folder = newFolder(t);
  cpSync(scene.options.folder, folder, { recursive: true, filter: (path) => basename(path) !== LOCK_NAME });
  scene.venue.disconnect();
  return { ...liveScene(folder, { time: scene.clock, venue: scene.venue }), venue: scene.venue };
}

async function tradingDesk(t: TestContext): Promise<{ scene: LiveScene; run: LiveRun }> {
  const scene = liveScene(newFolder(t));
  const run = await startLive(scene);
  await passUntil(scene, () => run.engine.state.counts.fills > 0);
  assert.ok(run.engine.state.counts.fills > 0, 'the desk has traded');
  return { scene, run };
}

test('a desk that was killed stands where its journal ends, sends nothing again and finds the books equal', async (t) => {
  const { scene, run } = await tradingDesk(t);
  await passMinutes(scene, 2);
  const received = scene.venue.received.length;
  const { sequence, hash } = run.engine.state;
  const { positions } = run.engine.state;
  const later = killed(t, scene);
  const again = LiveRun.open(later.options);
  assert.equal(again.engine.state.sequence, sequence);
  assert.deepEqual(again.engine.state.hash, hash);
  assert.equal(again.engine.state.isArmed, true);
  assert.equal(scene.venue.received.length, received);
  await whileTimePasses(scene.clock, again.warmUp());
  assert.equal(scene.venue.received.length, received);
  assert.deepEqual(
    Object.values(again.engine.state.positions).map(({ signedQuantity }) => signedQuantity),
    Object.values(positions).map(({ signedQuantity }) => signedQuantity),
  );
  assert.deepEqual(again.engine.state.impairments, {});
  await stopLive(later, again);
  await stopLive(scene, run);
});

test('an order that was sent just before the end is asked for, and its fill is found', async (t) => {
  const scene = liveScene(newFolder(t));
  const run = await startLive(scene);
  // From here on the desk hears nothing of its orders.
  scene.venue.tell = ((tell) => (input) => {
    if (!input.type.startsWith('order.')) tell.call(scene.venue, input);
  })(scene.venue.tell);
  await passUntil(scene, () => scene.venue.received.length > 0);
  const [first] = scene.venue.received;
  assert.ok(first?.type === 'order.submitted');
  const { clientOrderId, instrument } = first.order;
  const later = killed(t, scene);
  const again = LiveRun.open(later.options);
  assert.equal(again.engine.state.orders.get(clientOrderId)?.state, 'submitted');
  await passMinutes(scene, 1);
  await whileTimePasses(scene.clock, again.warmUp());
  const held = scene.venue.state.books.get(instrument)?.position.signedQuantity;
  assert.equal(again.engine.state.positions[instrument]?.signedQuantity, held);
  assert.equal(again.engine.state.orders.get(clientOrderId)?.state, 'filled');
  const submits = scene.venue.received.filter((command) => command.type === 'order.submitted');
  assert.equal(submits.filter((command) => command.order.clientOrderId === clientOrderId).length, 1);
  await stopLive(later, again);
  await stopLive(scene, run);
});

test('an order that never left is given up once the venue has denied it, and nothing is sent in its place', async (t) => {
  const scene = liveScene(newFolder(t));
  const run = await startLive(scene);
  scene.venue.loseCommands = 1;
  await passUntil(scene, () => scene.venue.loseCommands === 0);
  const [order] = [...run.engine.state.orders.values()];
  assert.ok(order !== undefined);
  const { clientOrderId } = order.request;
  const later = killed(t, scene);
  const again = await startLive(later, false);
  assert.equal(
    later.events.some((event) => event.type === 'order.unresolved' && event.reason === 'restart'),
    true,
  );
  await scene.clock.pass(30_000);
  assert.equal(again.engine.state.orders.get(clientOrderId)?.state, 'rejected');
  assert.equal(
    scene.venue.received.some(
      (command) => command.type === 'order.submitted' && command.order.clientOrderId === clientOrderId,
    ),
    false,
  );
  await stopLive(later, again);
  await stopLive(scene, run);
});
