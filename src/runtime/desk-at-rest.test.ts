import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSyntheticDesk, temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { deskAtRest } from './desk-at-rest.ts';

test('a folder tells the same state as the desk that has just stopped', async (t) => {
  const folder = temporaryFolder(t);
  const run = openSyntheticDesk(folder);
  await run.warmUp();
  run.request((at) => ({ type: 'kill.engaged', at, actor: 'ann', reason: 'lunch' }));
  const { sequence, at, kill } = structuredClone({ ...run.engine.state, modules: {} });
  await run.stop();
  const desk = deskAtRest(folder);
  assert.equal(desk.difference, undefined);
  assert.deepEqual(desk.lost, []);
  assert.equal(desk.engine.state.sequence, sequence);
  assert.equal(desk.lastAt, at);
  assert.deepEqual(desk.engine.state.kill, kill);
});

test('a desk that was not stopped in order is told up to its last durable event', async (t) => {
  const folder = temporaryFolder(t);
  const run = openSyntheticDesk(folder);
  await run.warmUp();
  const { sequence } = run.engine.state;
  const desk = deskAtRest(folder);
  assert.equal(desk.engine.state.sequence, sequence);
  assert.equal(desk.engine.state.isWarm, true);
  await run.stop();
});
