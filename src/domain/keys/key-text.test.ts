import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyTable } from './key-table.ts';
import { renderKeyReference } from './key-text.ts';

const lines = renderKeyReference().split('\n');

function lineOf(pattern: string): string {
  return lines.find((line) => line.startsWith(`| \`${pattern}\` |`)) ?? '';
}

test('every key has a line of its own', () => {
  for (const { pattern } of keyTable) assert.notEqual(lineOf(pattern), '', pattern);
  assert.equal(lines.filter((line) => line.startsWith('| `')).length, keyTable.length);
});

test('a line tells type, life and who writes', () => {
  assert.match(lineOf('ws:last:manifold:{inst}'), /\| string, JSON \|.*\| 5 min; never older.*\| mirror \|/);
  assert.match(lineOf('manifold:{inst}:{YYYY-MM-DD}'), /\| string, gzip \|.*\| 35 d \| prime \|/);
  assert.match(lineOf('ws:manifold'), /\| channel, JSON \|.*\| kept nowhere \| mirror \|/);
  assert.match(lineOf('ops:kill_switch'), /\| string \|.*\| no end \| mirror \|/);
  assert.match(lineOf('opt:best_config:{inst}'), /\| 14 d \| \*planned: issue 4\* \|/);
  assert.match(lineOf('ops:risk_summary'), /\| \*not written\* \|/);
});
