import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType } from '#domain/events.ts';
import { GateBlocks } from './gate-blocks.ts';

type Decided = EventByType['module.decided'];

function decided(words: Readonly<Record<string, string>>, changed: Partial<Decided> = {}): Decided {
  const entries = Object.entries(words).map(([subject, code]) => ({ subject, code, value: null }));
  const base = { type: 'module.decided', at: 0, module: 'spread-gate', slot: 'gate', mode: 'ACTIVE' } as const;
  return { ...base, outcome: 'changed', reason: '', entries, ...changed };
}

test('a block is told when it begins and when its reason changes, not while it lasts', () => {
  const blocks = new GateBlocks();
  assert.deepEqual(blocks.observe(decided({ a: 'pass', b: 'spread-wide' })), [
    { instrument: 'b', reason: 'spread-wide' },
  ]);
  assert.deepEqual(blocks.observe(decided({ a: 'spread-wide', b: 'spread-wide' })), [
    { instrument: 'a', reason: 'spread-wide' },
  ]);
  assert.deepEqual(blocks.observe(decided({ a: 'pass', b: 'no-quote' })), [{ instrument: 'b', reason: 'no-quote' }]);
  assert.deepEqual(blocks.observe(decided({ b: 'no-quote' })), []);
  assert.deepEqual(blocks.observe(decided({ a: 'spread-wide' })), [{ instrument: 'a', reason: 'spread-wide' }]);
});

test('gates are told apart, and what does not hold back is left out', () => {
  const blocks = new GateBlocks();
  const words = { a: 'spread-wide' };
  assert.equal(blocks.observe(decided(words, { mode: 'SHADOW' })).length, 0);
  assert.equal(blocks.observe(decided(words, { slot: 'signal' })).length, 0);
  assert.equal(blocks.observe(decided(words)).length, 1);
  assert.equal(blocks.observe(decided(words, { module: 'another-gate' })).length, 1);
});
