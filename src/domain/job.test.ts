import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJobKind, jobKinds, jobRequestOf, jobRequestSchema, retryDelayAfter } from './job.ts';

test('a request has the limits of its kind', () => {
  assert.deepEqual(jobRequestOf('journal.verify', 'chain.1', { folder: 'data' }), {
    jobId: 'chain.1',
    kind: 'journal.verify',
    input: { folder: 'data' },
    timeLimitMs: 3_600_000,
    attemptsMax: 3,
    retryDelayMs: 10_000,
  });
});

test('the limits of every kind are ones that a request may have', () => {
  for (const kind of Object.keys(jobKinds)) {
    assert.ok(isJobKind(kind));
    assert.equal(jobRequestSchema.safeParse(jobRequestOf(kind, 'a', {})).success, true, kind);
  }
  assert.equal(isJobKind('toString'), false);
});

test('an id begins with a letter and holds no sign that a queue uses itself', () => {
  const isTaken = (jobId: string): boolean =>
    jobRequestSchema.safeParse({ ...jobRequestOf('backtest', 'a', {}), jobId }).success;
  assert.deepEqual(['nightly-replay.1768271400000.ab12', 'A', `a${'b'.repeat(119)}`].map(isTaken), [true, true, true]);
  assert.deepEqual(['', '7', 'a:b', 'a b', 'a/b', `a${'b'.repeat(120)}`].map(isTaken), Array(6).fill(false));
});

test('the wait before an attempt doubles with each one that failed', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((attempts) => retryDelayAfter({ retryDelayMs: 50 }, attempts)),
    [50, 100, 200, 400],
  );
});
