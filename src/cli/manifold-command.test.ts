import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { connectValkey } from '#adapters/valkey/connect.ts';
import { goldenSeries } from '../../tests/oracles/golden-series.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { csvOfCandles, temporaryFolder } from '../../tests/support/csv-bars.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { registerManifold } from './manifold-command.ts';

const candles = goldenSeries();
const members = candles.map(({ openAt: t, open: o, high: h, low: l, close: c, volume: v }) => ({ t, o, h, l, c, v }));
/** The hash of the reference document's text, as the golden test of the kernel has it. */
const goldenHash = '196381a16a0d04f8d7e081e2b7515f4d58fa0ad1fca90889c34fbf8b3358771d';

function manifold(argv: readonly string[], environment: Record<string, string> = {}) {
  return runCommand(registerManifold, ['manifold', ...argv], environment);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test('the golden series gives the reference document to the letter, out of JSON and CSV alike', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'golden.json'), JSON.stringify(members));
  writeFileSync(join(folder, 'golden.json.gz'), gzipSync(JSON.stringify({ candles: members })));
  for (const name of ['golden.json', 'golden.json.gz']) {
    const { code, result } = await manifold(['--input', join(folder, name), '--parity', '--cpu-only']);
    assert.equal(code, 0);
    assert.equal(sha256(result), goldenHash);
  }
  writeFileSync(join(folder, 'golden.csv'), csvOfCandles(candles));
  const ours = await manifold(['--input', join(folder, 'golden.csv'), '--instrument', 'EUR_USD']);
  const document = JSON.parse(ours.result);
  assert.equal(document.instrument, 'EUR_USD');
  assert.equal(document.count, 2000);
  assert.equal(document.signals.length, 129);
  assert.equal(document.coeffs.lambda, 0.027362283286482159);
  assert.equal(document.signals[128].window_end_ms, candles[1999]?.openAt);
});

test('without the cap the whole series is measured, and precision and look-back are heeded', async (t) => {
  const path = join(temporaryFolder(t), 'golden.json');
  writeFileSync(path, JSON.stringify(members));
  const { result } = await manifold(['--input', path, '--uncapped', '--precision', '0', '--lookback-minutes', '1440']);
  const { signals } = JSON.parse(result);
  assert.equal(signals.length, Math.floor((1999 - 128) / 4) + 1);
  assert.match(signals[0].repetition.signature, /^c\d_s\d_e\d$/);
  assert.ok(signals.at(-1).repetition.count_1h > 16);
  const fromEnvironment = await manifold(['--input', path, '--uncapped'], {
    ECHO_SIGNATURE_PRECISION: '0',
    ECHO_LOOKBACK_MINUTES: '1440',
  });
  assert.equal(fromEnvironment.result, result);
});

test('without input the code is 2 and the sentence says what was expected', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'broken.json'), '[{"t":1');
  writeFileSync(join(folder, 'cut.json.gz'), gzipSync(JSON.stringify(members)).subarray(0, 2000));
  const cases: readonly [readonly string[], RegExp][] = [
    [[], /'--input' is expected/],
    [['--input', join(folder, 'absent.json')], /a data file is expected at .*absent\.json', found none/],
    [['--input', join(folder, 'broken.json')], /is not JSON/],
    [['--input', join(folder, 'cut.json.gz')], /is a gzip file that ends early/],
    [['--input', 'valkey:EUR_USD:yesterday:today'], /expected 'valkey:EUR_USD:2025-01-01:2025-01-31', found/],
    [['--input', join(folder, 'broken.json'), '--precision', '9'], /expected a whole number from 0 to 6, found '9'/],
  ];
  for (const [argv, expected] of cases) {
    const { code, result, work } = await manifold(argv);
    assert.equal(code, 2, argv.join(' '));
    assert.match(work, expected);
    assert.equal(result, '');
  }
});

test('what cannot be read gives no candles where the original is followed', async (t) => {
  const path = join(temporaryFolder(t), 'broken.json');
  writeFileSync(path, '[{"t":1');
  const { code, result } = await manifold(['--input', path, '--parity']);
  assert.equal(code, 0);
  assert.equal(result, '{"count":0,"instrument":"UNKNOWN","signals":[]}\n');
});

test('a document goes to a file, in a folder made for it; a file that cannot be is code 5', async (t) => {
  const folder = temporaryFolder(t);
  const input = join(folder, 'golden.json');
  const output = join(folder, 'some', 'where', 'manifold.json');
  writeFileSync(input, JSON.stringify(members));
  const ended = await manifold(['--input', input, '--parity', '--output', output, '--json']);
  assert.equal(ended.code, 0);
  assert.deepEqual(JSON.parse(ended.result), { file: output, count: 2000, signals: 129 });
  assert.equal(sha256(readFileSync(output, 'utf8')), goldenHash);
  mkdirSync(join(folder, 'folder.json'));
  for (const target of [join(input, 'manifold.json'), join(folder, 'folder.json')]) {
    const failed = await manifold(['--input', input, '--output', target]);
    assert.equal(failed.code, 5);
    assert.match(failed.work, /cannot be written/);
  }
  assert.equal(existsSync(join(folder, 'folder.json.tmp')), false);
});

test('a store that is not there is code 3, and the password is not told', async (t) => {
  const path = join(temporaryFolder(t), 'golden.json');
  writeFileSync(path, JSON.stringify(members));
  const environment = { VALKEY_URL: 'redis://:hush-hush@127.0.0.1:1/0' };
  for (const argv of [
    ['--input', 'valkey:EUR_USD:2024-01-01:2024-01-02'],
    ['--input', path, '--instrument', 'EUR_USD', '--output', 'valkey'],
  ]) {
    const refused = await manifold(argv, environment);
    assert.equal(refused.code, 3);
    assert.match(refused.work, /no store answers at 'redis:\/\/127\.0\.0\.1:1\/0'/);
    assert.doesNotMatch(refused.work, /hush-hush/);
    const unknown = await manifold(argv);
    assert.equal(unknown.code, 3);
    assert.match(unknown.work, /'VALKEY_URL' is expected to be set/);
  }
});

test('a range of the store becomes a stored document, and one without windows stores nothing', {
  skip: missingStore,
}, async (t) => {
  const store = await startStore();
  const client = await connectValkey(store.url);
  t.after(() => {
    client.disconnect();
    return store.stop();
  });
  const environment = { VALKEY_URL: store.url };
  for (const member of members) await client.zadd('md:candles:EUR_USD:M1', member.t, JSON.stringify(member));
  await client.zadd('md:candles:EUR_USD:M1', (members[5]?.t ?? 0) + 1, '{"t":"soon"}');
  // The original's own range: two days and the first candle of the third, of which the series has 2000.
  const printed = await manifold(
    ['--input', 'valkey:EUR_USD:2024-01-01:2024-01-02', '--instrument', 'UNKNOWN', '--parity'],
    environment,
  );
  assert.equal(printed.code, 0);
  assert.equal(sha256(printed.result), goldenHash);
  assert.match(printed.work, /of 2001 members, 1 malformed skipped/);
  const stored = await manifold(
    ['--input', 'valkey:EUR_USD:2024-01-01:2024-01-02', '--output', 'valkey', '--json'],
    environment,
  );
  assert.deepEqual(JSON.parse(stored.result), { stored: 'manifold:EUR_USD:2024-01-02', count: 2000, signals: 129 });
  const value = await client.getBuffer('manifold:EUR_USD:2024-01-02');
  assert.equal(JSON.parse(gunzipSync(value ?? '').toString()).count, 2000);
  const nothing = await manifold(
    ['--input', 'valkey:USD_JPY:2024-01-01:2024-01-02', '--output', 'valkey', '--json'],
    environment,
  );
  assert.equal(nothing.code, 0);
  assert.deepEqual(JSON.parse(nothing.result), { stored: null, count: 0, signals: 0 });
  await client.config('SET', 'maxmemory', '1');
  const failed = await manifold(['--input', 'valkey:EUR_USD:2024-01-01:2024-01-02', '--output', 'valkey'], environment);
  assert.equal(failed.code, 4);
  assert.match(failed.work, /storing 'manifold:EUR_USD:2024-01-02' failed/);
});

test('a document without an instrument is not stored', async (t) => {
  const path = join(temporaryFolder(t), 'golden.json');
  writeFileSync(path, JSON.stringify(members));
  const { code, work } = await manifold(['--input', path, '--output', 'valkey']);
  assert.equal(code, 2);
  assert.match(work, /'--instrument' is expected/);
});
