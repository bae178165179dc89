import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeWhere } from './closing-changes.ts';

const held: [string, number][] = [
  ['A', -5],
  ['B', 0],
  ['C', 7],
];

test('a position with a reason is closed whole', () => {
  const result = closeWhere([], held, (instrument) =>
    instrument === 'A' ? { code: 'exit-slope', value: 2 } : undefined,
  );
  assert.deepEqual(result.value, [{ type: 'reduce', instrument: 'A', quantity: 5, reason: 'exit-slope' }]);
  assert.deepEqual(result.entries, [{ subject: 'A', code: 'exit-slope', value: 2 }]);
});

test('nothing is asked of a flat position, and without a reason the list itself comes back', () => {
  const asked: string[] = [];
  const none: [] = [];
  const result = closeWhere(none, held, (instrument) => {
    asked.push(instrument);
    return undefined;
  });
  assert.deepEqual(asked, ['A', 'C']);
  assert.equal(result.value, none);
});
