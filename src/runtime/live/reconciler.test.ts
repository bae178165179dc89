import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { whileTimePasses } from '../../../tests/support/live-desk.ts';
import { type ToldDesk, toldDesk } from '../../../tests/support/told-desk.ts';
import { readCursor } from './cursor-file.ts';
import { Reconciler, type ReconcilerOptions } from './reconciler.ts';

function reconcilerOf(t: TestContext, scene: ToldDesk, changes: Partial<ReconcilerOptions> = {}): Reconciler {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-reconciler-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return new Reconciler({
    ...{ desk: scene.desk, folder, everyMs: 30_000, believesEmptyReports: false, onMissing: () => undefined },
    ...changes,
  });
}

const reports = ({ venue }: ToldDesk): number => venue.calls.filter((call) => call === 'report').length;
const held = ({ desk }: ToldDesk): number => desk.engine.state.positions['EURUSD.OANDA']?.signedQuantity ?? 0;

function quote({ venue }: ToldDesk): void {
  venue.quote('EURUSD.OANDA', 110_000, 110_010);
}

test('equal books are said to be equal, and the cursor is kept', async (t) => {
  const scene = toldDesk();
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-reconciler-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const reconciler = reconcilerOf(t, scene, { folder });
  assert.equal(await reconciler.cycle(), undefined);
  const [last] = scene.told.slice(-1);
  assert.equal(last?.type, 'venue.reconciled');
  assert.deepEqual(last?.type === 'venue.reconciled' && last.openOrderIds, []);
  assert.equal(readCursor(folder), 'c0');
  assert.equal(reconciler.reconciledAt, scene.clock.monotonic());
});

test('fills that the streams lost come out of the history, and once', async (t) => {
  const scene = toldDesk();
  const reconciler = reconcilerOf(t, scene);
  assert.equal(await reconciler.cycle(), undefined);
  quote(scene);
  await scene.clock.pass(100);
  scene.venue.isMute = true;
  scene.submit();
  quote(scene);
  await scene.clock.pass(100);
  assert.equal(held(scene), 0);
  assert.equal(await reconciler.cycle(), undefined);
  assert.equal(held(scene), 1_000);
  const fills = scene.told.filter(({ type }) => type === 'order.filled').length;
  assert.equal(fills, 1);
  const length = scene.told.length;
  assert.equal(await reconciler.cycle(), undefined);
  assert.deepEqual(
    scene.told.slice(length).map(({ type }) => type),
    ['venue.reconciled'],
  );
});

test('a position that no history explains is believed when it is there again after five seconds', async (t) => {
  const scene = toldDesk();
  quote(scene);
  await scene.clock.pass(100);
  scene.venue.isMute = true;
  scene.venue.trade('by-hand', 'EURUSD.OANDA', 700);
  scene.venue.history.length = 0;
  const reconciler = reconcilerOf(t, scene);
  const cycle = reconciler.cycle();
  await scene.clock.pass(0);
  await scene.clock.pass(4_900);
  assert.deepEqual([reports(scene), held(scene)], [1, 0]);
  await scene.clock.pass(200);
  assert.equal(await cycle, undefined);
  assert.deepEqual([reports(scene), held(scene)], [2, 700]);
  assert.ok(scene.notices.includes("reconciled: 'EURUSD.OANDA' is 700 at the venue, here 0"));
});

test('an empty report while a position is held is asked for once more, or believed at once where that is said', async (t) => {
  for (const believesEmptyReports of [false, true]) {
    const scene = toldDesk();
    quote(scene);
    scene.submit();
    quote(scene);
    await scene.clock.pass(100);
    assert.equal(held(scene), 1_000);
    scene.venue.isMute = true;
    scene.venue.trade('by-hand', 'EURUSD.OANDA', -1_000);
    scene.venue.history.length = 0;
    const reconciler = reconcilerOf(t, scene, { believesEmptyReports });
    assert.equal(await whileTimePasses(scene.clock, reconciler.cycle()), undefined);
    assert.deepEqual([reports(scene), held(scene)], [believesEmptyReports ? 1 : 2, 0]);
  }
});

test('a report beside which something arrived is thrown away, three times at most', async (t) => {
  const scene = toldDesk();
  const reconciler = reconcilerOf(t, scene);
  quote(scene);
  await scene.clock.pass(100);
  assert.equal(await reconciler.cycle(), undefined);
  let moves = 0;
  scene.venue.onReport = () => {
    moves += 1;
    scene.venue.trade(`by-hand-${moves}`, 'EURUSD.OANDA', 1);
  };
  assert.equal(
    await whileTimePasses(scene.clock, reconciler.cycle()),
    'the account moved while its books were asked for',
  );
  assert.equal(reports(scene), 4);
  scene.venue.onReport = () => undefined;
  assert.equal(await whileTimePasses(scene.clock, reconciler.cycle()), undefined);
  assert.equal(held(scene), 3);
});

test('a question that fails changes nothing and is told once', async (t) => {
  const scene = toldDesk();
  scene.venue.fault = 'silent';
  const reconciler = reconcilerOf(t, scene);
  reconciler.start();
  reconciler.ask();
  await scene.clock.pass(100_000);
  assert.equal(reports(scene), 4);
  assert.equal(scene.told.length, 0);
  assert.deepEqual(scene.notices, ['the books were not compared: the venue does not answer']);
  assert.equal(reconciler.reconciledAt, undefined);
  scene.venue.fault = undefined;
  await scene.clock.pass(30_000);
  assert.equal(scene.told.at(-1)?.type, 'venue.reconciled');
  await reconciler.stop();
});

test('orders that should work and are not in the report are handed on', async (t) => {
  const scene = toldDesk();
  quote(scene);
  await scene.clock.pass(100);
  scene.submit({ orderType: 'limit', limitPrice: 90_000, timeInForce: 'goodTillCancel' });
  await scene.clock.pass(10_000);
  quote(scene);
  await scene.clock.pass(100);
  scene.venue.isMute = true;
  scene.venue.carryOut({ type: 'order.cancelRequested', at: 0, clientOrderId: 'tw-1', reason: '' });
  scene.venue.history.length = 0;
  const missing: string[] = [];
  const reconciler = reconcilerOf(t, scene, { onMissing: (ids) => void missing.push(...ids) });
  assert.equal(await reconciler.cycle(), undefined);
  assert.deepEqual(missing, ['tw-1']);
});

test('comparisons that are asked for at once follow one another', async (t) => {
  const scene = toldDesk();
  const reconciler = reconcilerOf(t, scene);
  assert.deepEqual(await Promise.all([reconciler.cycle(), reconciler.cycle()]), [undefined, undefined]);
  assert.equal(scene.told.filter(({ type }) => type === 'venue.reconciled').length, 2);
});
