import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { serveControl } from '#runtime/control-socket.ts';
import { deskStatus } from '#runtime/status.ts';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder, writeWalks } from '../../tests/support/csv-bars.ts';
import { openPaperDesk, stoppedDesk } from '../../tests/support/paper-desk.ts';
import { registerExport } from './export-command.ts';

function exporting(...argv: readonly string[]) {
  return runCommand(registerExport, ['export', ...argv]);
}

/** The documents of a snapshot by their names without the stamp. */
function documentsIn(folder: string): Record<string, Record<string, unknown>> {
  const names = readdirSync(folder);
  for (const name of names) assert.match(name, /^\d{8}T\d{6}Z_(?:account|open_trades|allocation|gates)\.json$/);
  return Object.fromEntries(
    names.map((name) => [name.slice(17, -5), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
  );
}

test('the newest minutes of a series become one document', async (t) => {
  const folder = temporaryFolder(t);
  const data = writeWalks(join(folder, 'data'), ['EUR_USD'], 800);
  const out = join(folder, 'some', 'manifold.json');
  const argv = ['manifolds', '--instrument', 'EUR_USD', '--minutes', '120', '--data', data, '--out', out];
  const { code, result } = await exporting(...argv, '--json');
  assert.equal(code, 0);
  const newestAt = Date.UTC(2026, 0, 5) + 799 * 60_000;
  assert.deepEqual(JSON.parse(result), {
    file: out,
    count: 120,
    signals: 30,
    t0_ms: newestAt - 119 * 60_000,
    t1_ms: newestAt,
  });
  const document = JSON.parse(readFileSync(out, 'utf8'));
  assert.equal(document.instrument, 'EUR_USD');
  assert.equal(document.signals.at(-1).window_end_ms, newestAt - 3 * 60_000);
  assert.match((await exporting(...argv)).result, /with 30 signals of 120 candles/);
});

test('a stopped desk is captured from its journal', async (t) => {
  const folder = temporaryFolder(t);
  const desk = join(folder, 'desk');
  await stoppedDesk(desk);
  const out = join(folder, 'snapshots');
  const { code, result, work } = await exporting('snapshot', '--data-dir', desk, '--out', out, '--json');
  assert.equal(code, 0, work);
  assert.equal(JSON.parse(result).source, 'journal');
  assert.equal(JSON.parse(result).files.length, 4);
  const documents = documentsIn(out);
  assert.deepEqual(Object.keys(documents).sort(), ['account', 'allocation', 'gates', 'open_trades']);
  assert.equal(documents['account']?.['source'], 'journal');
  assert.ok(Number(documents['account']?.['equity']) > 90_000);
  assert.deepEqual(Object.keys(Object(documents['gates']?.['gates'])), ['EUR_USD', 'GBP_USD', 'USD_JPY']);
});

test('a running desk is captured from what it says itself', async (t) => {
  const folder = temporaryFolder(t);
  const desk = join(folder, 'desk');
  const run = openPaperDesk(desk);
  const server = await serveControl(desk, () => ({
    isDone: true,
    message: 'status',
    status: deskStatus(run.engine, { market: 'walk', isDemonstration: false, speed: 1 }),
  }));
  t.after(() => {
    server.close();
    return run.stop();
  });
  const out = join(folder, 'snapshots');
  const { code, work } = await exporting('snapshot', '--data-dir', desk, '--out', out);
  assert.equal(code, 0, work);
  assert.equal(documentsIn(out)['account']?.['source'], 'running');
  assert.equal(documentsIn(out)['account']?.['balance'], 100_000);
});

test('what is not there is code 2', async (t) => {
  const folder = temporaryFolder(t);
  const cases: readonly [readonly string[], RegExp][] = [
    [['snapshot', '--data-dir', folder], /holds no run/],
    [['snapshot', '--data-dir', join(folder, 'absent')], /holds no run/],
    [
      ['manifolds', '--instrument', 'EUR_USD', '--minutes', '5', '--data', folder, '--out', join(folder, 'm.json')],
      /no M1 data in/,
    ],
    [
      ['manifolds', '--instrument', 'EUR', '--minutes', '5', '--data', folder, '--out', 'm.json'],
      /expected a pair of two currencies/,
    ],
    [
      ['manifolds', '--instrument', 'EUR_USD', '--minutes', '0', '--data', folder, '--out', 'm.json'],
      /expected a whole number from 1/,
    ],
  ];
  for (const [argv, expected] of cases) {
    const { code, work } = await exporting(...argv);
    assert.equal(code, 2, work);
    assert.match(work, expected);
  }
});
