// The data and research commands as a person types them, on small data that the tests write themselves.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createOutput } from '#cli/output.ts';
import { runProgram } from '#cli/program.ts';
import { goldenSeries } from '../oracles/golden-series.ts';
import { csvOfCandles, temporaryFolder, writeWalks } from '../support/csv-bars.ts';
import { eagerSettings } from '../support/paper-desk.ts';

const launcher = resolve(import.meta.dirname, '../../bin/tradewind');
const pairs = ['EUR_USD', 'GBP_USD', 'USD_JPY'];
const outputBytesMax = 64 * 1024 * 1024;

interface Ending {
  readonly code: number;
  readonly result: string;
  readonly work: string;
}

/** Runs one command as the launcher does, in this process, with nothing in its environment but what is given. */
async function tradewind(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ending> {
  const streams = { result: new PassThrough(), work: new PassThrough() };
  const code = await runProgram(argv, { environment, output: createOutput(streams, environment) });
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code, result: textOf(streams.result), work: textOf(streams.work) };
}

async function json(argv: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { code, result, work } = await tradewind([...argv, '--json'], environment);
  assert.equal(code, 0, work);
  return JSON.parse(result);
}

/** The launcher itself, in a process of its own. */
function launched(argv: readonly string[]): Ending {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...argv], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
    maxBuffer: outputBytesMax,
    timeout: 60_000,
  });
  return { code: status ?? -1, result: stdout, work: stderr };
}

test('the manifold of the golden series has the published numbers', async (t) => {
  const path = join(temporaryFolder(t), 'golden.csv.gz');
  writeFileSync(path, gzipSync(csvOfCandles(goldenSeries())));
  const { code, result } = await tradewind(['manifold', '--input', path, '--instrument', 'EUR_USD', '--parity']);
  // In parity a text that is no JSON gives no candles, as it gave none to the original.
  assert.equal(code, 0);
  assert.equal(result, '{"count":0,"instrument":"EUR_USD","signals":[]}\n');
  const printed = launched(['manifold', '--input', path, '--instrument', 'EUR_USD']).result;
  assert.match(printed, /"lambda":0\.02736228328648216,"sigma_eff":5\.92009918853007[12]\d?e-05/);
  const { signals, count } = JSON.parse(printed);
  assert.equal(count, 2000);
  assert.equal(signals.length, 129);
  const published = [
    [0, 0.23794994625372468, 0.84251968562602997, 0.88613745665595467, 0.15748031437397003, 'c0.24_s0.84_e0.89'],
    [32, 0.52900876381075435, 0.96062992140650749, 0.7541739044628949, 0.039370078593492508, 'c0.53_s0.96_e0.75'],
    [128, 0.21395720368458626, 0.77952755987644196, 0.94908996307445337, 0.22047244012355804, 'c0.21_s0.78_e0.95'],
  ] as const;
  for (const [place, coherence, stability, entropy, rupture, signature] of published) {
    const { metrics, repetition } = signals[place];
    assert.equal(metrics.coherence, coherence);
    assert.equal(metrics.stability, stability);
    assert.equal(metrics.entropy, entropy);
    assert.equal(metrics.rupture, rupture);
    assert.equal(repetition.signature, signature);
  }
  assert.match(printed, /"timestamp_ns":1704148800000000000,/);
});

test('bad rows are counted by reason and never taken', async (t) => {
  const folder = temporaryFolder(t);
  const lines = csvOfCandles(goldenSeries(6)).trimEnd().split('\n');
  const [head = '', a = '', b = '', c = '', d = '', e = ''] = lines;
  const withOpen = (line: string, open: string): string => line.replace(/,[^,]*/, `,${open}`);
  writeFileSync(
    join(folder, 'rows.csv'),
    `${[head, b, a, c, c, withOpen(d, 'NaN'), withOpen(e, '-1.1')].join('\n')}\n`,
  );
  const argv = ['import', join(folder, 'rows.csv'), '--instrument', 'EUR_USD', '--store', join(folder, 'store')];
  const { rows, files } = await json(argv);
  assert.equal(rows, 3);
  const { skipped, unordered } = files[0];
  assert.deepEqual([skipped.duplicate, skipped.malformed, skipped.nonPositivePrice, unordered], [1, 1, 1, 1]);
});

test('what cannot be read is refused with code 2 and one sentence on what was expected and found', async (t) => {
  const folder = temporaryFolder(t);
  const csv = csvOfCandles(goldenSeries(500));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const good = file('good.csv', csv);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 60);
  const importing = (...argv: string[]) => ['import', ...argv, '--store', join(folder, 'store')];
  const cases: readonly [readonly string[], RegExp, Record<string, string>?][] = [
    [importing(file('columns.csv', csv.replace('close', 'last')), '--instrument', 'EUR_USD'), /missing 'close'/],
    [
      importing(file('cut.csv.gz', gzipSync(csv).subarray(0, 4000)), '--instrument', 'EUR_USD'),
      /gzip file that ends early/,
    ],
    [importing(good, '--instrument', 'EUR_USX'), /expected a pair of two currencies like EUR_USD, found 'EUR_USX'/],
    [['manifold', '--input', join(folder, 'absent.csv')], /a data file is expected at/],
    [['backtest', '--data', data, '--set', 'AUTO_DIRECTION_LOOKBAK=5'], /the nearest is 'AUTO_DIRECTION_LOOKBACK'/],
    [
      ['backtest', '--data', data],
      /'AUTO_DIRECTION_LOOKBACK': expected a whole number from 1 to 480, found 'twelve'/,
      { AUTO_DIRECTION_LOOKBACK: 'twelve' },
    ],
    [['backtest', '--data', join(folder, 'nowhere')], /a folder of market data is expected at/],
    [
      ['backtest', '--data', data, '--instruments', 'GBP_USD'],
      /no M1 data in .* for any instrument wanted \('GBP_USD'\)/,
    ],
    [['replay', folder], /holds no run: expected a file 'run\.json'/],
    [['why', folder, '--instrument', 'EUR_USD', '--at', '2026-01-05'], /holds no run/],
    [['apply', 'params', '--file', join(folder, 'absent.yaml')], /promoted parameters are expected at/],
    [['prime', '--data', data, '--days', 'many'], /expected a whole number from 1 to 3660, found 'many'/],
  ];
  for (const [argv, expected, environment] of cases) {
    const { code, result, work } = await tradewind(argv, environment);
    assert.equal(code, 2, `${argv.join(' ')}: ${work}`);
    assert.match(work, expected);
    assert.equal(result, '', argv.join(' '));
    assert.doesNotMatch(work, /\n\s+at /, 'a refusal shows no place in the code');
  }
});

test('data is imported, traded twice alike, decided anew and explained', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), pairs, 2 * 1440);
  const store = join(folder, 'store');
  for (const pair of pairs)
    await json(['import', join(data, `${pair}_M1.csv`), '--instrument', pair, '--store', store]);
  const run = join(folder, 'run');
  const first = await json(
    ['backtest', '--data', store, '--instruments', pairs.join(','), '--out', run],
    eagerSettings,
  );
  const second = await json(['backtest', '--data', data, '--instruments', pairs.join(',')], eagerSettings);
  assert.ok(first.roundTrips > 0);
  assert.equal(second.decisionsHash, first.decisionsHash);
  assert.equal(second.dataHash, first.dataHash);
  assert.equal(second.pnl, first.pnl);

  const proof = await json(['replay', run]);
  assert.equal(proof.isEqual, true);
  assert.equal(proof.decisionsHash, first.decisionsHash);

  const idle = await tradewind(['why', run, '--instrument', 'EUR_USD', '--at', '2026-01-05T00:02']);
  assert.equal(idle.code, 0, idle.work);
  assert.match(idle.result, /flat after the decision/);
  assert.match(idle.result, /^signal +combined-direction +ACTIVE +kept /m);
  assert.match(idle.result, /Nothing was done\./);

  const [segment = ''] = readdirSync(join(run, 'journal')).filter((name) => name.endsWith('.twj'));
  const bytes = readFileSync(join(run, 'journal', segment));
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 0x10;
  writeFileSync(join(run, 'journal', segment), bytes);
  const damaged = await tradewind(['replay', run]);
  assert.equal(damaged.code, 1);
  assert.match(damaged.work, /journal segment '.*' is refused at byte \d+/);
});

test('past days become manifold files, and a kept run a snapshot', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), pairs, 1440 + 300);
  const manifolds = join(folder, 'manifolds');
  const { instruments } = await json([
    'prime',
    '--data',
    data,
    '--instruments',
    pairs.join(','),
    '--output-dir',
    manifolds,
  ]);
  assert.equal(instruments.length, 3);
  assert.deepEqual(readdirSync(join(manifolds, 'EUR_USD')), ['2026-01-05.json', '2026-01-06.json']);
  const run = join(folder, 'run');
  await json(['backtest', '--data', data, '--instruments', pairs.join(','), '--out', run], eagerSettings);
  const { source, files } = await json(['export', 'snapshot', '--data-dir', run, '--out', join(folder, 'snapshots')]);
  assert.equal(source, 'journal');
  assert.equal(files.length, 4);
  const out = join(folder, 'newest.json');
  assert.equal(
    (await json(['export', 'manifolds', '--instrument', 'EUR_USD', '--minutes', '60', '--data', data, '--out', out]))
      .signals,
    15,
  );
});

test('every command explains itself', async () => {
  const { result } = await tradewind(['--help']);
  for (const name of ['manifold', 'import', 'backtest', 'replay', 'why', 'prime', 'export', 'apply', 'policy']) {
    assert.match(result, new RegExp(`^  ${name}\\b`, 'm'));
    const help = await tradewind([name, '--help']);
    assert.equal(help.code, 0);
    assert.match(help.result, /Usage: tradewind /);
  }
});
