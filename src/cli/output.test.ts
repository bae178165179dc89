import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createOutput } from './output.ts';

function scene(isTTY: boolean, environment: Record<string, string> = {}) {
  const result = Object.assign(new PassThrough(), { isTTY });
  const work = Object.assign(new PassThrough(), { isTTY });
  const textOf = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? '';
  return {
    output: createOutput({ result, work }, environment),
    result: () => textOf(result),
    work: () => textOf(work),
  };
}

test('results and remarks go to different streams', () => {
  const { output, result, work } = scene(false);
  output.line('a result');
  output.json({ a: 1 });
  output.note('a remark');
  assert.equal(result(), 'a result\n{"a":1}\n');
  assert.equal(work(), 'a remark\n');
});

test('a table aligns figures to the right and words to the left', () => {
  const { output, result } = scene(false);
  output.table(
    ['pair', 'units'],
    [
      ['EUR_USD', '1,000'],
      ['JPY', '-5'],
    ],
  );
  assert.equal(result(), 'pair     units\nEUR_USD  1,000\nJPY         -5\n');
});

test('colour is for terminals, and not where the environment says no', () => {
  assert.equal(scene(false).output.colors.red('x'), 'x');
  assert.notEqual(scene(true).output.colors.red('x'), 'x');
  assert.equal(scene(true, { NO_COLOR: '1' }).output.colors.red('x'), 'x');
});

test('progress draws nothing where there is no terminal', () => {
  const { output, work } = scene(false);
  const progress = output.progress('warm-up');
  progress.update(1, 2);
  progress.end();
  assert.equal(work(), '');
});
