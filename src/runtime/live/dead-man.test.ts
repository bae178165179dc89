import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ToldDesk, toldDesk } from '../../../tests/support/told-desk.ts';
import { DeadMan } from './dead-man.ts';

const renewals = ({ venue }: ToldDesk): string[] => venue.calls.filter((call) => call.startsWith('dead man'));
const armed = { type: 'desk.armed', actor: 'ann', reason: 'r' } as const;

test("the venue's own switch is wound up every half minute while the desk is armed, and off otherwise", async () => {
  const scene = toldDesk({ traits: { hasDeadManSwitch: true } });
  const deadMan = new DeadMan(scene.desk);
  deadMan.start();
  await scene.clock.pass(65_000);
  assert.deepEqual(renewals(scene), []);
  scene.tell(armed);
  deadMan.ask();
  await scene.clock.pass(60_000);
  assert.deepEqual(renewals(scene), ['dead man 120000', 'dead man 120000', 'dead man 120000']);
  scene.tell({ type: 'desk.disarmed', actor: 'ann', reason: 'r' });
  deadMan.ask();
  await scene.clock.pass(100_000);
  assert.deepEqual(renewals(scene).slice(3), ['dead man 0']);
  await deadMan.stop();
  assert.equal(renewals(scene).length, 4);
});

test('an end in order switches it off', async () => {
  const scene = toldDesk({ traits: { hasDeadManSwitch: true } });
  scene.tell(armed);
  const deadMan = new DeadMan(scene.desk);
  deadMan.start();
  await scene.clock.pass(0);
  await deadMan.stop();
  assert.deepEqual(renewals(scene), ['dead man 120000', 'dead man 0']);
});

test('a renewal that fails is told and tried again', async () => {
  const scene = toldDesk({ traits: { hasDeadManSwitch: true } });
  scene.tell(armed);
  scene.venue.fault = 'silent';
  const deadMan = new DeadMan(scene.desk);
  deadMan.start();
  await scene.clock.pass(1_000);
  assert.deepEqual(scene.notices, ["the venue's dead-man switch was not renewed: the venue does not answer"]);
  scene.venue.fault = undefined;
  await scene.clock.pass(30_000);
  assert.equal(renewals(scene).length, 2);
  await deadMan.stop();
});

test('a venue without such a switch is left alone', async () => {
  const scene = toldDesk();
  scene.tell(armed);
  const deadMan = new DeadMan(scene.desk);
  deadMan.start();
  await scene.clock.pass(100_000);
  await deadMan.stop();
  assert.deepEqual(renewals(scene), []);
});
