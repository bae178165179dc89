import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectPosts } from './collect-posts.ts';
import type { PageAnswer, PageQuestion } from './rest.ts';

function page(place: number, { missingCount = 0, isLast = false } = {}): PageAnswer {
  const posts = [{ id: String(place), author: '1', text: 'a', createdAt: 5 }];
  return { type: 'page', page: { posts, missingCount, nextToken: isLast ? undefined : `token${place}` } };
}

async function collected(answers: readonly PageAnswer[]) {
  const questions: PageQuestion[] = [];
  const outcome = await collectPosts(
    async (question) => {
      questions.push(question);
      return answers[questions.length - 1] ?? assert.fail('too many pages were asked for');
    },
    { query: 'q', startAt: 7 },
  );
  return { outcome, tokens: questions.map(({ nextToken }) => nextToken) };
}

test('pages are followed to the end', async () => {
  const { outcome, tokens } = await collected([page(1), page(2, { isLast: true })]);
  assert.deepEqual(tokens, [undefined, 'token1']);
  assert.deepEqual([outcome.posts.length, outcome.pageCount, outcome.completeness], [2, 2, 1]);
});

test('three pages are the most', async () => {
  const { outcome, tokens } = await collected([page(1), page(2), page(3)]);
  assert.deepEqual([tokens.length, outcome.posts.length, outcome.trouble], [3, 3, null]);
});

test('what was left out lowers the completeness', async () => {
  const { outcome } = await collected([page(1, { missingCount: 3, isLast: true })]);
  assert.equal(outcome.completeness, 0.25);
});

test('pages that came before a trouble are kept', async () => {
  const { outcome } = await collected([page(1), { type: 'trouble', trouble: 'limited', retryAt: 9 }]);
  assert.deepEqual([outcome.posts.length, outcome.pageCount, outcome.trouble, outcome.retryAt], [1, 1, 'limited', 9]);
});
