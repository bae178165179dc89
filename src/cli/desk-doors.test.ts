import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { askControl } from '#runtime/control-socket.ts';
import { LeaseLostError } from '#runtime/lease-keeper.ts';
import type { PaperOptions } from '#runtime/paper-run.ts';
import { deskStatus } from '#runtime/status.ts';
import { remoteEngine } from '#runtime/tail/remote-engine.ts';
import { crewDesk } from '../../tests/support/crewed-desk.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { writeGappedMarket } from '../../tests/support/gapped-market.ts';
import { eagerArguments, eagerPlan } from '../../tests/support/role-plans.ts';
import { killRequest, openDoors } from './desk-doors.ts';
import { DeskMeters } from './desk-meters.ts';
import type { RunRole } from './run-plan.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** A warm desk with its doors open in a role. */
async function open(t: TestContext, role: RunRole, changes: Partial<PaperOptions> = {}) {
  const root = temporaryFolder(t);
  const folder = join(root, 'desk');
  const market = writeGappedMarket(join(root, 'market'), 10);
  const desk = await crewDesk(folder, {}, changes);
  t.after(() => desk.end());
  await desk.run.warmUp();
  await desk.crew.begin();
  const { engine } = desk.run;
  const doors = await openDoors({
    plan: eagerPlan(eagerArguments(market, folder, { role })),
    desk: desk.run,
    crew: desk.crew,
    meters: new DeskMeters(engine),
    status: () => deskStatus(engine, { market: 'walk', isDemonstration: true, speed: 1 }),
  });
  t.after(() => doors.close());
  return { folder, desk, doors };
}

test('a change of the switch is asked for with its author, its reason and its trace', () => {
  const engage = { isEngaging: true, isConfirmed: false, isFlattening: true, reason: 'lunch' };
  assert.deepEqual(killRequest(engage, traceparent), {
    command: 'kill.engage',
    flatten: true,
    actor: 'api',
    reason: 'lunch',
    traceparent,
  });
  assert.deepEqual(killRequest({ ...engage, isEngaging: false, reason: '' }, traceparent), {
    command: 'kill.release',
    actor: 'api',
    reason: 'asked for through the API',
    traceparent,
  });
});

test('a desk alone shows page, documents and metrics, and takes the switch by page and socket', async (t) => {
  const { folder, desk, doors } = await open(t, 'all');
  const get = (path: string): Promise<Response> => fetch(new URL(path, doors.address));
  assert.match(await (await get('/')).text(), /<html/);
  assert.equal((await get('/health/ready')).status, 200);
  assert.match(await (await get('/metrics')).text(), /^tradewind_decisions_total \d+$/m);
  const policy = (await (await get('/api/policy')).json()) as { documents: Record<string, unknown> };
  assert.ok('limits/fx' in policy.documents);
  const history = (await (await get('/api/policy/history?key=limits/fx')).json()) as { changes: unknown[] };
  assert.equal(history.changes.length, 1);
  const answer = await fetch(new URL('/api/kill-switch', doors.address), {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent },
    body: JSON.stringify({ enabled: true, reason: 'lunch' }),
  });
  assert.deepEqual([answer.status, ((await answer.json()) as { kill_switch: boolean }).kill_switch], [200, true]);
  const trace = (await (await get('/api/v2/trace/4bf92f3577b34da6a3ce929d0e0e4736')).json()) as {
    items: { event?: { type: string; actor: string } }[];
  };
  assert.deepEqual(
    trace.items.flatMap(({ event }) => (event === undefined ? [] : [[event.type, event.actor]])),
    [['kill.engaged', 'api']],
  );
  assert.equal((await askControl(folder, { command: 'kill.release', actor: 'ann', reason: 'back' }))?.isDone, true);
  assert.equal(desk.run.engine.state.kill.isEngaged, false);
});

test('an engine shows its tail and what a page would need, and doors that are closed stay closed', async (t) => {
  const { folder, desk, doors } = await open(t, 'engine');
  const remote = remoteEngine({ address: doors.address, token: undefined });
  assert.equal((await remote.head()).runId, desk.run.engine.state.runId);
  assert.equal((await remote.health()).report.service, 'tradewind-desk');
  assert.match(await remote.metrics(), /^tradewind_decisions_total \d+$/m);
  const { policies } = await remote.request({ command: 'policy.get' });
  assert.ok('limits/fx' in (policies?.documents ?? {}));
  assert.equal((await fetch(new URL('/', doors.address))).status, 404);
  await doors.close();
  await doors.close();
  await assert.rejects(remote.head(), /does not answer/);
  assert.equal(await askControl(folder, { command: 'status' }), undefined);
});

test('what a desk refuses by throwing is an answer of the socket and of the endpoint alike', async (t) => {
  let isOver = false;
  const require = (): void => {
    if (isOver) throw new LeaseLostError('the lease is over');
  };
  const { folder, doors } = await open(t, 'engine', { lease: { require, doubt: undefined } });
  isOver = true;
  const request = { command: 'kill.engage', actor: 'ann', reason: 'late', flatten: false } as const;
  const refused = { isDone: false, message: 'the lease is over' };
  const remote = remoteEngine({ address: doors.address, token: undefined });
  assert.deepEqual(await remote.request(request), refused);
  assert.deepEqual(await askControl(folder, request), refused);
});
