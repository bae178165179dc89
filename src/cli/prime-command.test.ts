import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { connectValkey } from '#adapters/valkey/connect.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { csvOfColumns, temporaryFolder, writeWalks } from '../../tests/support/csv-bars.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { walkColumns } from '../../tests/support/walk-columns.ts';
import { registerPrime } from './prime-command.ts';

function prime(argv: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return runCommand(registerPrime, ['prime', ...argv], environment);
}

test('each day of each pair becomes a document whose windows end within the day', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD', 'GBP_USD'], 2 * 1440 + 100);
  const out = join(folder, 'manifolds');
  const { code, result } = await prime([
    '--data',
    data,
    '--days',
    '2',
    '--instruments',
    'EUR_USD,GBP_USD',
    '--output-dir',
    out,
    '--json',
  ]);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(result).instruments, [
    { instrument: 'EUR_USD', written: 2, kept: 0, stored: 0, signals: 385 },
    { instrument: 'GBP_USD', written: 2, kept: 0, stored: 0, signals: 385 },
  ]);
  assert.deepEqual(readdirSync(join(out, 'EUR_USD')), ['2026-01-06.json', '2026-01-07.json']);
  const day = JSON.parse(readFileSync(join(out, 'EUR_USD', '2026-01-06.json'), 'utf8'));
  assert.equal(day.count, 1440);
  assert.equal(day.t0_ms, Date.UTC(2026, 0, 6));
  assert.equal(day.signals.length, 360);
  assert.equal(day.signals[0].window_end_ms, Date.UTC(2026, 0, 6));
  assert.equal(day.signals[359].window_end_ms, Date.UTC(2026, 0, 6, 23, 56));
});

test('a document that is there is kept while its day has not grown, unless forced', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 1440 + 100);
  const out = join(folder, 'manifolds');
  const argv = ['--data', data, '--instruments', 'EUR_USD', '--output-dir', out, '--json'];
  const path = (day: number) => join(out, 'EUR_USD', `2026-01-0${day}.json`);
  const wroteAt = (day: number) => statSync(path(day)).mtimeMs;
  await prime(argv);
  for (const day of [5, 6]) utimesSync(path(day), 1, 1);
  const again = JSON.parse((await prime(argv)).result);
  assert.deepEqual([again.instruments[0].written, again.instruments[0].kept], [0, 2]);
  writeFileSync(join(data, 'EUR_USD_M1.csv'), csvOfColumns(walkColumns(fxInstrument('EUR_USD'), 1440 + 200, 1)));
  await prime(argv);
  assert.equal(wroteAt(5), 1000);
  assert.ok(wroteAt(6) > 1000);
  assert.equal(JSON.parse(readFileSync(path(6), 'utf8')).count, 200);
  const before = readFileSync(path(5));
  await prime([...argv, '--force']);
  assert.ok(wroteAt(5) > 1000);
  assert.deepEqual(readFileSync(path(5)), before);
  writeFileSync(path(5), 'something else');
  await prime(argv);
  assert.deepEqual(readFileSync(path(5)), before);
});

test('pairs without data are warnings, and no data at all is code 2', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 200);
  const out = join(folder, 'manifolds');
  const some = await prime(['--data', data, '--output-dir', out]);
  assert.equal(some.code, 0);
  assert.match(some.work, /warning: 'EUR_JPY' has no M1 data/);
  assert.match(some.result, /^EUR_USD +1 +\d+ +0 +0$/m);
  mkdirSync(join(folder, 'empty'));
  assert.equal((await prime(['--data', join(folder, 'empty'), '--output-dir', out])).code, 2);
  assert.equal((await prime(['--data', data, '--days', '0'])).code, 2);
  assert.equal((await prime([])).code, 2);
});

test('a pair whose bars end before the days asked for is told', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 2 * 1440);
  writeWalks(data, ['GBP_USD'], 60);
  writeFileSync(join(data, 'EUR_USD_M1.csv'), csvOfColumns(walkColumns(fxInstrument('EUR_USD'), 2 * 1440, 1)));
  const argv = ['--data', data, '--instruments', 'EUR_USD,GBP_USD', '--days', '1', '--output-dir', join(folder, 'out')];
  const { code, work, result } = await prime(argv);
  assert.equal(code, 0);
  assert.match(work, /warning: 'GBP_USD' ends before 2026-01-06/);
  assert.match(result, /^EUR_USD +1 /m);
});

test('each document is stored where asked, those that were there already too', { skip: missingStore }, async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 1440 + 100);
  const out = join(folder, 'manifolds');
  const store = await startStore();
  const client = await connectValkey(store.url);
  t.after(() => {
    client.disconnect();
    return store.stop();
  });
  const argv = ['--data', data, '--instruments', 'EUR_USD', '--output-dir', out, '--json'];
  await prime(argv);
  const { code, result } = await prime([...argv, '--store-manifold-to-valkey'], { VALKEY_URL: store.url });
  assert.equal(code, 0);
  assert.equal(JSON.parse(result).instruments[0].stored, 2);
  const value = await client.getBuffer('manifold:EUR_USD:2026-01-05');
  assert.equal(gunzipSync(value ?? '').toString(), readFileSync(join(out, 'EUR_USD', '2026-01-05.json'), 'utf8'));
  assert.deepEqual((await client.keys('*')).sort(), ['manifold:EUR_USD:2026-01-05', 'manifold:EUR_USD:2026-01-06']);
});

test('a store that does not answer is code 3 before anything is written', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 200);
  const out = join(folder, 'manifolds');
  const { code, work } = await prime(['--data', data, '--output-dir', out, '--store-manifold-to-valkey'], {
    VALKEY_URL: 'redis://127.0.0.1:1',
  });
  assert.equal(code, 3);
  assert.match(work, /no store answers at 'redis:\/\/127\.0\.0\.1:1'/);
  assert.equal(existsSync(out), false);
});
