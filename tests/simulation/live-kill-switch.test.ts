import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTerminal } from '#domain/order.ts';
import { diskGone, failingDisk } from '../support/failing-disk.ts';
import {
  type ArrivedOrder,
  openSwitchScene,
  orphanId,
  restingEntry,
  type SwitchOptions,
  type SwitchScene,
  sinceThrown,
  stopOf,
  switchVenues,
} from '../support/switch-scene.ts';

/** How soon every cancel is attempted after the switch (reliability, I-10). */
const attemptMsMax = 2_000;
const minuteMs = 60_000;

for (const venue of switchVenues) {
  test(`at ${venue} nothing is increased after the switch, and all that may add is cancelled within 2 s`, async () => {
    await withScene(venue, {}, async (scene) => {
      const { day, held } = scene;
      const doomed = doomedOf(scene);
      const at = throwSwitch(scene);
      await wantFor(scene, 10);
      assert.deepEqual(increasesSince(scene, at), []);
      assertAttempted(scene, doomed, at);
      assertDone(scene, doomed);
      assert.equal(stopOf(day, held)?.state, 'accepted');
      assert.ok(
        day.of('order.denied').some(({ code }) => code === 'KILL_SWITCH'),
        'wants were refused',
      );
    });
  });

  test(`at ${venue} what is held can be reduced under the switch, and its stop follows`, async () => {
    await withScene(venue, {}, async (scene) => {
      const { day, held } = scene;
      const before = scene.signedQuantity(held);
      const at = throwSwitch(scene);
      day.run.request((now) => ({
        ...{ type: 'reduction.requested', at: now, instrument: held, quantity: before / 2 },
        ...{ actor: 'test', reason: 'less' },
      }));
      await day.pass(minuteMs);
      assert.equal(scene.signedQuantity(held), before / 2);
      assert.equal(day.state.positions[held]?.signedQuantity, before / 2);
      assert.equal(stopOf(day, held)?.request.quantity, before / 2);
      assert.equal(scene.working(), 1);
      assert.deepEqual(increasesSince(scene, at), []);
    });
  });

  test(`at ${venue} the switch holds over a stop and a kill, and nothing is increased after either`, async () => {
    await withScene(venue, {}, async (scene) => {
      const { day, held } = scene;
      const at = throwSwitch(scene);
      await day.pass(5_000);
      await day.stop();
      await day.pass(minuteMs);
      await day.open();
      assert.equal(day.state.kill.isEngaged, true);
      await wantFor(scene, 4);
      day.kill();
      await day.pass(minuteMs);
      await day.open();
      assert.deepEqual([day.state.kill.isEngaged, day.state.kill.at], [true, at]);
      await wantFor(scene, 4);
      assert.deepEqual(increasesSince(scene, at), []);
      assert.equal(stopOf(day, held)?.state, 'accepted');
      assert.equal(scene.working(), 1);
    });
  });

  test(`at ${venue} a desk that is killed in the instant of the switch cancels all that may add at its next start`, async () => {
    await withScene(venue, {}, async (scene) => {
      const { day } = scene;
      const doomed = doomedOf(scene);
      const at = throwSwitch(scene);
      day.kill();
      await day.pass(minuteMs);
      assert.equal(scene.working(), 3);
      await day.open();
      assertDone(scene, doomed);
      assert.deepEqual(increasesSince(scene, at), []);
    });
  });

  test(`at ${venue} a desk that is made flat leaves no position and no order of either family`, async () => {
    await withScene(venue, {}, async (scene) => {
      const { day, held, resting } = scene;
      const at = throwSwitch(scene);
      day.run.request((now) => ({ type: 'flatten.requested', at: now, actor: 'test', reason: 'out' }));
      await wantFor(scene, 5);
      assert.deepEqual([scene.signedQuantity(held), scene.signedQuantity(resting), scene.working()], [0, 0, 0]);
      assert.deepEqual(
        [...day.state.orders.values()].filter(({ state }) => !isTerminal(state)),
        [],
      );
      assert.deepEqual(increasesSince(scene, at), []);
    });
  });

  for (const [what, faults] of faultsOf(venue)) {
    test(`at ${venue} cancels are attempted within 2 s and again until they are done, where ${what}`, async () => {
      await withScene(venue, { faults }, async (scene) => {
        const doomed = doomedOf(scene);
        const at = throwSwitch(scene);
        await wantFor(scene, 3);
        assertAttempted(scene, doomed, at);
        assertDone(scene, doomed);
        assert.deepEqual(increasesSince(scene, at), []);
        assert.equal(stopOf(scene.day, scene.held)?.state, 'accepted');
      });
    });
  }

  test(`at ${venue} cancels are done as soon as the network is back`, async () => {
    await withScene(venue, {}, async (scene) => {
      const { day, network, clock } = scene;
      const doomed = doomedOf(scene);
      network.setUp(false);
      const at = throwSwitch(scene);
      await day.pass(20_000);
      assert.equal(scene.working(), 3);
      network.setUp(true);
      const upAt = clock.now();
      await wantFor(scene, 3);
      assertDone(scene, doomed);
      const lateMs = Math.max(...firstAttempts(scene, doomed, at)) - upAt;
      assert.ok(lateMs <= 5_000, `the last cancel arrived ${lateMs} ms after the network was back`);
      assert.deepEqual(increasesSince(scene, at), []);
    });
  });

  test(`at ${venue} cancels are attempted within 2 s where the disk keeps nothing, and the desk can be made flat`, async () => {
    const disk = failingDisk();
    await withScene(venue, { files: disk.operations }, async (scene) => {
      const { day, held } = scene;
      const doomed = doomedOf(scene);
      disk.fail(diskGone);
      const at = throwSwitch(scene);
      await day.pass(10_000);
      assertAttempted(scene, doomed, at);
      assertDone(scene, doomed);
      assert.deepEqual(increasesSince(scene, at), []);
      day.run.request((now) => ({ type: 'flatten.requested', at: now, actor: 'test', reason: 'out' }));
      await day.pass(minuteMs);
      assert.deepEqual([scene.signedQuantity(held), scene.working()], [0, 0]);
      assert.ok(day.run.journal.problem !== undefined, 'nothing was kept');
      await assert.rejects(day.stop(), /the journal is not durable/);
    });
  });
}

type Faults = NonNullable<SwitchOptions['faults']>;

/** What goes wrong from the moment of the switch on, for a quarter of a minute. */
function faultsOf(venue: (typeof switchVenues)[number]): readonly (readonly [string, Faults])[] {
  const cancels =
    venue === 'binance'
      ? ({ method: 'DELETE', path: '/fapi/v1/' } as const)
      : ({ method: 'PUT', path: '/cancel$' } as const);
  const lists =
    venue === 'binance'
      ? ({ method: 'GET', path: '/fapi/v1/open(?:Algo)?Orders' } as const)
      : ({ method: 'GET', path: '/pendingOrders' } as const);
  const spell = { for: 15_000 };
  const failed = { type: 'answer', status: 503, body: '{"code":-1001,"msg":"Internal error."}' } as const;
  return [
    ['answers to cancels are lost', [sinceThrown(0, { ...spell, match: cancels, fault: { type: 'loseAnswer' } })]],
    ['cancels are lost', [sinceThrown(0, { ...spell, match: cancels, fault: { type: 'loseRequest' } })]],
    ['cancels are answered with a failure', [sinceThrown(0, { ...spell, match: cancels, fault: failed })]],
    ['cancels are never answered', [sinceThrown(0, { ...spell, match: cancels, fault: { type: 'silence' } })]],
    ['the open orders cannot be listed', [sinceThrown(0, { ...spell, match: lists, fault: failed })]],
    ['the list of open orders never comes', [sinceThrown(0, { ...spell, match: lists, fault: { type: 'silence' } })]],
    ['every connection ends again and again', [sinceThrown(0, { ...spell, fault: { type: 'disconnect' } })]],
  ];
}

async function withScene(
  venue: (typeof switchVenues)[number],
  options: SwitchOptions,
  act: (scene: SwitchScene) => Promise<void>,
): Promise<void> {
  const scene = await openSwitchScene(venue, options);
  try {
    await act(scene);
    assert.deepEqual(scene.breaches, []);
  } finally {
    await scene.day.close();
  }
}

/** The event that every door makes, as the journal has it; returns its time. */
function throwSwitch({ day }: SwitchScene): number {
  day.run.request((at) => ({ type: 'kill.engaged', at, actor: 'test', reason: 'enough' }));
  assert.equal(day.state.kill.isEngaged, true);
  return day.state.kill.at;
}

/** Lets minutes pass in which more is wanted all the time. */
async function wantFor(scene: SwitchScene, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    scene.wantMore();
    await scene.day.pass(minuteMs);
  }
}

function increasesSince(scene: SwitchScene, at: number): readonly ArrivedOrder[] {
  return scene.arrived(at).filter(({ type }) => type === 'increase');
}

/** Our ids of what may add: the entry that rests and the conditional order of other hands. */
function doomedOf(scene: SwitchScene): readonly string[] {
  const entry = restingEntry(scene);
  assert.ok(entry !== undefined);
  return [entry.request.clientOrderId, orphanId];
}

/** When the first cancel of each order arrived at the venue, whatever became of it. */
function firstAttempts(scene: SwitchScene, ids: readonly string[], at: number): readonly number[] {
  const cancels = scene.arrived(at).filter(({ type }) => type === 'cancel');
  return ids.map((id) => {
    const names = scene.namesOf(id);
    return cancels.find(({ text }) => names.some((name) => text.includes(name)))?.at ?? Number.POSITIVE_INFINITY;
  });
}

function assertAttempted(scene: SwitchScene, ids: readonly string[], at: number): void {
  for (const [place, attemptAt] of firstAttempts(scene, ids, at).entries())
    assert.ok(attemptAt - at <= attemptMsMax, `'${ids[place]}' was cancelled ${attemptAt - at} ms after the switch`);
}

/** Nothing but the stop of the position works, and the desk knows. */
function assertDone(scene: SwitchScene, ids: readonly string[]): void {
  assert.equal(scene.working(), 1, 'the stop works, and nothing else does');
  for (const id of ids) assert.equal(scene.day.state.orders.get(id)?.state, 'canceled', `'${id}'`);
}
