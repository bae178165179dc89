import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadMemory, planRead, rememberRead } from './read-plan.ts';

const many = (stream: string, count: number): { readonly stream: string }[] =>
  Array.from({ length: count }, () => ({ stream }));

test('the room is shared among the streams', () => {
  const plan = planRead(createReadMemory(), ['a', 'b', 'c'], 64);
  assert.deepEqual(plan, { streams: ['a', 'b', 'c'], count: 21, waitMsMax: Number.POSITIVE_INFINITY });
});

test('a busy stream has the room for itself, but for each fourth read', () => {
  const memory = createReadMemory();
  const counts: number[] = [];
  for (let reads = 0; reads < 8; reads += 1) {
    const plan = planRead(memory, ['a', 'b'], 10);
    counts.push(plan.streams.length);
    rememberRead(memory, plan, many('a', plan.count));
  }
  assert.deepEqual(counts, [2, 1, 1, 2, 1, 1, 1, 2]);
  const last = planRead(memory, ['a', 'b'], 10);
  assert.deepEqual(last, { streams: ['a'], count: 10, waitMsMax: 0 });
  rememberRead(memory, last, []);
  assert.equal(planRead(memory, ['a', 'b'], 10).waitMsMax, Number.POSITIVE_INFINITY);
});

test('where there is less room than there are streams, all have their turn', () => {
  const memory = createReadMemory();
  const read = new Set<string>();
  for (let reads = 0; reads < 3; reads += 1) {
    const plan = planRead(memory, ['a', 'b', 'c', 'd', 'e'], 2);
    assert.equal(plan.streams.length * plan.count, 2);
    assert.ok(plan.waitMsMax > 0 && plan.waitMsMax < 1_000);
    for (const stream of plan.streams) read.add(stream);
  }
  assert.equal(read.size, 5);
});
