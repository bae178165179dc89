import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssertionError, assert as must, present } from './assert.ts';

test('a false condition stops with its message', () => {
  assert.throws(() => must(1 > 2, 'one is not above two'), new AssertionError('one is not above two'));
});

test('a present value comes back as it is, zero included', () => {
  assert.equal(present(0, 'count'), 0);
});

test('an absent value is named', () => {
  assert.throws(() => present(undefined, 'account'), /'account' is absent/);
});
