import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bannedNameProblems, strayRootProblems, unfinishedWorkProblems } from './names.ts';

test('an empty word in a path is found, alone or in a longer name', () => {
  const paths = [
    'src/base/utils.ts',
    'src/base/order-helpers.ts',
    'src/common/order.ts',
    'src/engine/orderManager.ts',
    'src/api/order-service.ts',
    'src/api/handler2.ts',
    'src/engine/pipeline.v2.ts',
    'src/engine/new-pipeline.ts',
    'tests/final.test.ts',
    'src/modules/quantum/brain.ts',
  ];
  assert.deepEqual(
    paths.map((path) => bannedNameProblems(path).length),
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 2],
  );
});

test('a word that only contains an empty word passes', () => {
  for (const path of ['src/domain/renewal.ts', 'src/engine/finality.ts', 'tests/golden/candles_v2.json']) {
    assert.deepEqual(bannedNameProblems(path), []);
  }
});

test('the root holds what is listed and nothing else', () => {
  for (const path of ['README.md', 'src/base/assert.ts', '.ci/run', 'deploy/logs/datadog/conf.yaml'])
    assert.deepEqual(strayRootProblems(path), []);
  assert.equal(strayRootProblems('notes.txt').length, 1);
  assert.equal(strayRootProblems('scripts/build.sh').length, 1);
});

test('a mark of unfinished work is found with its line, in any case', () => {
  for (const words of [
    'TODO',
    'fixme',
    'Not implemented',
    'a placeholder',
    'For now',
    'mock data',
    'simplified version',
  ]) {
    const problems = unfinishedWorkProblems({ path: 'src/base/a.ts', text: `\n// ${words}\n` });
    assert.deepEqual(
      problems.map((problem) => problem.line),
      [2],
      words,
    );
  }
  assert.deepEqual(unfinishedWorkProblems({ path: 'docs/a.md', text: 'TODO' }), []);
});
