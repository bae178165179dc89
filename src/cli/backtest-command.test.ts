import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder, writeWalks } from '../../tests/support/csv-bars.ts';
import { eagerSettings } from '../../tests/support/paper-desk.ts';
import { registerBacktest } from './backtest-command.ts';

const pairs = ['EUR_USD', 'GBP_USD', 'USD_JPY'];

function backtest(argv: readonly string[], environment: Readonly<Record<string, string>> = eagerSettings) {
  return runCommand(registerBacktest, ['backtest', ...argv], environment);
}

test('two runs of the same data make the same decisions, with and without a folder', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), pairs, 1440);
  const out = join(folder, 'run');
  const first = await backtest(['--data', data, '--instruments', pairs.join(','), '--json']);
  assert.equal(first.code, 0, first.work);
  const summary = JSON.parse(first.result);
  assert.ok(summary.roundTrips > 0);
  assert.equal(summary.bars, 3 * 1440);
  assert.deepEqual(summary.instruments, pairs);
  for (const name of [
    'winRate',
    'pnl',
    'maxDrawdown',
    'calmar',
    'sharpe',
    'fees',
    'financing',
    'exposure',
    'barsPerSecond',
  ]) {
    assert.equal(typeof summary[name], 'number', name);
  }
  assert.match(summary.decisionsHash, /^[0-9a-f]{64}$/);
  assert.match(summary.dataHash, /^[0-9a-f]{64}$/);
  const second = JSON.parse(
    (await backtest(['--data', data, '--instruments', pairs.join(','), '--json', '--out', out])).result,
  );
  assert.deepEqual({ ...second, barsPerSecond: 0, folder: null }, { ...summary, barsPerSecond: 0 });
  assert.equal(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')).decisionsHash, summary.decisionsHash);
});

test('the span is cut by day and by instant', async (t) => {
  const data = writeWalks(join(temporaryFolder(t), 'data'), pairs, 2000);
  const barsOf = async (...argv: string[]) =>
    JSON.parse((await backtest(['--data', data, '--json', ...argv])).result).bars;
  assert.equal(await barsOf('--to', '2026-01-05'), 3 * 1440);
  assert.equal(await barsOf('--from', '2026-01-06T00:00', '--to', '2026-01-06T01:00Z'), 3 * 60);
});

test('pairs without data and too few of them are warnings', async (t) => {
  const data = writeWalks(join(temporaryFolder(t), 'data'), ['EUR_USD'], 300);
  const { code, result, work } = await backtest(['--data', data, '--instruments', 'EUR_USD,EUR_JPY']);
  assert.equal(code, 0);
  assert.match(work, /warning: 'EUR_JPY' has no M1 data/);
  assert.match(work, /warning: only one pair has data: the desk is meant to choose among 3 or more/);
  assert.match(result, /2026-01-05 00:00 to .* UTC, EUR_USD/);
});

test('a run without a round trip ends well and says so loudly', async (t) => {
  const data = writeWalks(join(temporaryFolder(t), 'data'), pairs, 300);
  const { code, work, result } = await backtest(['--data', data, '--json'], {});
  assert.equal(code, 0);
  assert.match(work, /NO ROUND TRIP: nothing was traded in and out, so this run proves nothing/);
  assert.equal(JSON.parse(result).roundTrips, 0);
  assert.ok(JSON.parse(result).warnings.some((warning: string) => warning.includes('no round trip')));
});

test('a setting of the run stands above the environment', async (t) => {
  const data = writeWalks(join(temporaryFolder(t), 'data'), pairs, 900);
  const hashOf = async (...argv: string[]) =>
    JSON.parse((await backtest(['--data', data, '--json', ...argv])).result).decisionsHash;
  const plain = await hashOf();
  assert.notEqual(await hashOf('--set', 'AUTO_DIR_THRESHOLD_BPS=3'), plain);
  assert.equal(await hashOf('--set', 'AUTO_DIR_THRESHOLD_BPS=1'), plain);
});

test('bad input is refused with code 2 before anything is written', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 60);
  const out = join(folder, 'out');
  mkdirSync(join(folder, 'held'));
  writeFileSync(join(folder, 'held', 'run.json'), '{}');
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other', 'notes.txt'), '');
  const cases: readonly [readonly string[], RegExp][] = [
    [['--data', join(folder, 'absent')], /a folder of market data is expected at/],
    [['--data', folder], /no M1 data in .* for any instrument wanted/],
    [['--data', data, '--instruments', 'EUR_USD,DOG_USD'], /expected a pair of two currencies/],
    [['--data', data, '--from', '2026-01-07', '--to', '2026-01-06'], /'--to' is expected to be after '--from'/],
    [['--data', data, '--from', 'monday'], /expected a time like/],
    [['--data', data, '--from', '2027-01-01'], /no M1 data in|no M1 bar/],
    [['--data', data, '--seed', '-1'], /expected a whole number/],
    [['--data', data, '--balance', '0'], /expected an amount above 0/],
    [['--data', data, '--desk', 'stocks'], /Allowed choices are fx/],
    [['--data', data, '--set', 'AUTO_DIR_THRESHOLD=1'], /the nearest is 'AUTO_DIR_THRESHOLD_BPS'/],
    [
      ['--data', data, '--set', 'AUTO_DIR_THRESHOLD_BPS=much'],
      /'AUTO_DIR_THRESHOLD_BPS': expected a number at least 0, found 'much'/,
    ],
    [['--data', data, '--out', join(folder, 'held')], /holds a run already/],
    [['--data', data, '--out', join(folder, 'other')], /holds other files/],
    [['--data', data, '--out', join(folder, 'other', 'notes.txt')], /is a file/],
  ];
  for (const [argv, expected] of cases) {
    const { code, result, work } = await backtest(['--out', out, ...argv]);
    assert.equal(code, 2, `${argv.join(' ')}: ${work}`);
    assert.match(work, expected);
    assert.equal(result, '');
    assert.equal(existsSync(out), false);
  }
});
