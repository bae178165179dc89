import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createOutput } from './output.ts';
import { runProgram } from './program.ts';

async function run(...argv: string[]): Promise<{ code: number; result: string; work: string }> {
  const streams = { result: new PassThrough(), work: new PassThrough() };
  const code = await runProgram(argv, { environment: {}, output: createOutput(streams) });
  const textOf = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? '';
  return { code, result: textOf(streams.result), work: textOf(streams.work) };
}

const commands = [
  ['run'],
  ['status'],
  ['kill', 'engage'],
  ['kill', 'release'],
  ['drain'],
  ['doctor'],
  ['backtest'],
  ['replay'],
  ['why'],
  ['manifold'],
  ['import'],
  ['prime'],
  ['export', 'manifolds'],
  ['export', 'snapshot'],
  ['config'],
  ['apply', 'params'],
  ['policy', 'apply-env'],
  ['social', 'trending'],
  ['social', 'sentiment'],
  ['simulate-venue'],
];

test('every command has a help and can speak JSON', async () => {
  const help = await run('--help');
  assert.equal(help.code, 0);
  for (const argv of commands) {
    assert.match(help.result, new RegExp(`^ {2}${argv[0]} `, 'm'));
    const { code, result } = await run(...argv, '--help');
    assert.equal(code, 0, argv.join(' '));
    assert.match(result, /^Usage: tradewind /, argv.join(' '));
  }
  for (const argv of commands.filter(([name]) => name !== 'manifold')) {
    assert.match((await run(...argv, '--help')).result, /--json/, argv.join(' '));
  }
});

test('wrong usage ends with two and says what is expected', async () => {
  for (const argv of [
    ['nonsense'],
    ['run', '--sped', '3'],
    ['run', '--speed', 'fast'],
    ['kill', 'engage'],
    ['replay'],
  ]) {
    const { code, work } = await run(...argv);
    assert.equal(code, 2, argv.join(' '));
    assert.match(work, /^error: /, argv.join(' '));
  }
});

test('bad input ends with two and one sentence', async () => {
  const { code, work } = await run('replay', 'no/such/folder');
  assert.equal(code, 2);
  assert.equal(work, "tradewind: 'no/such/folder' holds no run: expected a file 'run.json' in it\n");
});
