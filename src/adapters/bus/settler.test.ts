import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../tests/support/bus-scene.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { mortalStreams } from '../../../tests/support/mortal-streams.ts';
import { FileStreams } from './file-streams.ts';
import { Pauses } from './pauses.ts';
import { Settler } from './settler.ts';

function settlerScene() {
  const clock = new HandClock();
  const link = mortalStreams(new FileStreams(':memory:', clock));
  const pauses = new Pauses(clock);
  const failures: string[] = [];
  const settled: number[] = [];
  const sent: number[] = [];
  const settler: Settler = new Settler({
    driver: link.driver,
    time: clock,
    pauses,
    group: 'g',
    onSent: () => void sent.push(settler.sent),
    onFailure: (message) => void failures.push(message),
  });
  const add = (id: number): void => {
    const place = { stream: 's', id: `${id}-0` };
    settler.add({ place, processedId: `id-${id}`, letter: null, onSettled: () => void settled.push(id) });
  };
  return { clock, link, pauses, settler, failures, settled, sent, add };
}

test('what ends together is told together, in its order', async () => {
  const { settler, settled, sent, add, link } = settlerScene();
  for (const id of [1, 2, 3]) add(id);
  await settler.settled();
  assert.deepEqual([settled, sent], [[1, 2, 3], [3]]);
  assert.deepEqual(await link.driver.handledSince('g', ['id-2', 'id-9'], 0), [true, false]);
});

test('a store that is away is told again until it answers, and nothing is built upon a second try', async () => {
  const { clock, settled, sent, add, link, failures, settler } = settlerScene();
  link.die();
  add(1);
  await eventually(clock, 'it failed three times', () => failures.length >= 3);
  add(2);
  link.revive();
  await eventually(clock, 'all is told', () => settled.length === 2);
  assert.deepEqual(settled, [1, 2]);
  assert.deepEqual(sent, [1]);
  assert.equal(settler.sent, 0);
});

test('once the waits are ended a store that does not answer is not asked again', async () => {
  const { settler, failures, add, link, pauses } = settlerScene();
  link.die();
  pauses.end();
  add(1);
  await settler.settled();
  assert.equal(failures.length, 1);
});
