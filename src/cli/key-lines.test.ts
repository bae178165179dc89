import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { KeyValue } from '#domain/keys/key-value.ts';
import { keyJson, printKey } from './key-lines.ts';
import { createOutput } from './output.ts';

function printed(key: string, value: KeyValue): { result: string; work: string } {
  const streams = { result: new PassThrough(), work: new PassThrough() };
  printKey(key, value, 2, createOutput(streams));
  return { result: String(streams.result.read() ?? ''), work: String(streams.work.read() ?? '') };
}

test('a life is told in its largest unit', () => {
  const life = (ttlMs: number | null): string => printed('unknown', { type: 'text', value: 'x', ttlMs }).work;
  assert.deepEqual([null, 999, 59_000, 3_599_000, 7_200_000, 3_024_000_000].map(life), [
    'string, without end\n',
    'string, ends in 999 ms\n',
    'string, ends in 59 s\n',
    'string, ends in 59 min\n',
    'string, ends in 2 h\n',
    'string, ends in 35 d\n',
  ]);
});

test('a score that is no instant is printed as it is', () => {
  const members = [
    { score: 1, member: 'a' },
    { score: 2.5, member: 'b' },
  ];
  assert.equal(printed('unknown', { type: 'sortedSet', members, ttlMs: null }).result, '2.5  b\n1  a\n');
});

test('figures and broken JSON stay texts, a key of no row says so', () => {
  const of = (value: string): unknown => keyJson('unknown', { type: 'text', value, ttlMs: 5 }, 1);
  const head = { key: 'unknown', type: 'text', ttlMs: 5, pattern: null, writer: null };
  assert.deepEqual(of('1768384320000000001'), { ...head, value: '1768384320000000001' });
  assert.deepEqual(of('{broken'), { ...head, value: '{broken' });
  assert.deepEqual(of('[1]'), { ...head, value: [1] });
});
