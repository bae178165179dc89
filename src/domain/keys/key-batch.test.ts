import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssertionError } from '#base/assert.ts';
import { checkProjectionName, keyChangesMax, planKeyChanges } from './key-batch.ts';
import type { KeyChange } from './key-change.ts';
import { KeyStoreError } from './key-store-error.ts';

const set = (key: string, value = 'v', ttlMs: number | null = null): KeyChange => ({ type: 'set', key, value, ttlMs });
const add = (key: string, score: number, ttlMs: number | null = null): KeyChange => ({
  type: 'add',
  key,
  score,
  member: `m${score}`,
  replacesScore: false,
  keep: null,
  ttlMs,
});
const remove = (key: string): KeyChange => ({ type: 'delete', key });
const drop = (key: string): KeyChange => ({ type: 'dropBelow', key, score: 1 });

test('a key that is replaced expects nothing, one that is added to expects its type', () => {
  const { plans } = planKeyChanges([
    set('text', 'v', 5),
    add('set', 1, 7),
    { type: 'push', key: 'list', value: 'v', keep: 1, ttlMs: null },
    { type: 'hash', key: 'hash', fields: { a: 'b' }, ttlMs: 9 },
    remove('gone'),
    drop('dropped'),
  ]);
  assert.deepEqual(
    [...plans].map(([key, { expects, end }]) => [key, expects, end]),
    [
      ['text', undefined, { type: 'written', ttlMs: 5 }],
      ['set', 'sortedSet', { type: 'written', ttlMs: 7 }],
      ['list', 'list', { type: 'written', ttlMs: null }],
      ['hash', 'hash', { type: 'written', ttlMs: 9 }],
      ['gone', undefined, { type: 'deleted' }],
      ['dropped', 'sortedSet', { type: 'touched' }],
    ],
  );
});

test('what a later change makes void is left out, and messages stay', () => {
  const message: KeyChange = { type: 'publish', channel: 'c', message: 'm' };
  const batch = planKeyChanges([set('a', '1'), message, add('b', 1), set('a', '2'), remove('b'), add('b', 2), message]);
  assert.deepEqual(batch.changes, [message, set('a', '2'), remove('b'), add('b', 2), message]);
  assert.equal(batch.plans.get('b')?.expects, undefined);
});

test('dropping members leaves the life that was given last', () => {
  assert.deepEqual(planKeyChanges([add('a', 1, 5), drop('a')]).plans.get('a')?.end, { type: 'written', ttlMs: 5 });
});

test('a batch that disagrees with itself about a key is refused', () => {
  const list: KeyChange = { type: 'push', key: 'a', value: 'v', keep: 1, ttlMs: null };
  for (const changes of [
    [set('a'), add('a', 1)],
    [add('a', 1), list],
    [remove('a'), add('a', 1), list],
  ]) {
    assert.throws(
      () => planKeyChanges(changes),
      (error) => error instanceof KeyStoreError && error.code === 'wrongType' && error.message.includes("at 'a'"),
    );
  }
  // What is void is not looked at.
  assert.equal(planKeyChanges([add('a', 1), set('a')]).changes.length, 1);
  assert.equal(planKeyChanges([set('a'), remove('a'), add('a', 1)]).changes.length, 2);
});

test('a change that no store could keep is our mistake', () => {
  const wrong: readonly KeyChange[] = [
    set(''),
    set('k'.repeat(513)),
    set('\ud800'),
    set('quantum:position:mirror'),
    set('a', 'v', 0),
    set('a', 'v', 1.5),
    set('a', 'v', 1e15),
    add('a', Number.NaN),
    add('a', Number.POSITIVE_INFINITY),
    { type: 'dropBelow', key: 'a', score: Number.NaN },
    { type: 'push', key: 'a', value: 'v', keep: 0, ttlMs: null },
    { type: 'hash', key: 'a', fields: {}, ttlMs: null },
    { type: 'hash', key: 'a', fields: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [at, ''])), ttlMs: 1 },
  ];
  for (const change of wrong) assert.throws(() => planKeyChanges([change]), AssertionError, JSON.stringify(change));
});

test('a batch is bounded', () => {
  assert.equal(keyChangesMax, 50_000);
  const most = Array.from({ length: keyChangesMax }, () => set('a'));
  assert.equal(planKeyChanges(most).changes.length, 1);
  assert.throws(() => planKeyChanges([...most, set('a')]), AssertionError);
});

test('a projection has a word for a name', () => {
  for (const name of ['mirror', 'keys-2', 'a.b_c']) checkProjectionName(name);
  for (const name of ['', 'a:keys', 'two words', '1st', 'a'.repeat(101)]) {
    assert.throws(() => checkProjectionName(name), AssertionError, name);
  }
});
