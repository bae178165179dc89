import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { openKeyFile } from '#adapters/keys/key-file.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { createOutput } from '#cli/output.ts';
import { runProgram } from '#cli/program.ts';
import { readManifest } from '#runtime/run-folder.ts';
import { temporaryFolder } from '../support/csv-bars.ts';
import { startProcess } from '../support/desk-process.ts';
import { gappedPairs, writeGappedMarket } from '../support/gapped-market.ts';
import { keyContent } from '../support/key-content.ts';
import { eagerSettings } from '../support/paper-desk.ts';
import { waitUntil } from '../support/wait-until.ts';

const bin = resolve(import.meta.dirname, '../../bin/tradewind');
/** What a desk without a word about stores leaves in its folder. */
const parts = [
  'journal',
  'records.sqlite',
  'keys.sqlite',
  'streams.sqlite',
  'logs',
  'logs/audit',
  'policies',
  'run.json',
];

/** Runs a command as the command line does. */
async function tradewind(...argv: string[]): Promise<{ code: number; result: string; work: string }> {
  const streams = { result: new PassThrough(), work: new PassThrough() };
  const code = await runProgram(argv, { environment: {}, output: createOutput(streams, {}) });
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code, result: textOf(streams.result), work: textOf(streams.work) };
}

async function json(...argv: string[]): Promise<unknown> {
  const { code, result, work } = await tradewind(...argv, '--json');
  assert.equal(code, 0, `${argv.join(' ')}: ${work}`);
  return JSON.parse(result);
}

/** Everything a desk's folder answers to those who look into it, whether the desk runs or not. */
async function lookInto(folder: string, orderId: string): Promise<void> {
  const at = ['--data-dir', folder];
  const kill = (await json('keys', 'get', 'ops:kill_switch', ...at)) as { value: unknown };
  assert.equal(String(kill.value), '0');
  const { keys } = (await json('keys', 'list', 'risk:*', ...at)) as { keys: string[] };
  assert.ok(keys.includes('risk:allocation_weights'), keys.join());
  const opportunities = await tradewind('keys', 'list', 'opt:*', ...at);
  assert.equal(opportunities.code, 0, opportunities.work);
  const audit = await tradewind('audit', 'verify', ...at);
  assert.equal(audit.code, 0, audit.work);
  const trace = await tradewind('trace', orderId, ...at);
  assert.equal(trace.code, 0, trace.work);
  assert.match(trace.result, /order\.submitted/);
  const schedule = await tradewind('schedule', ...at);
  assert.match(schedule.result, /nightly-replay/);
  const policy = await tradewind('policy', 'get', 'limits/fx', ...at);
  assert.equal(policy.code, 0, policy.work);
  assert.match(policy.result, /"maximumOrdersPerMinute"/);
}

async function contentOf(folder: string): Promise<{ records: string; keys: unknown }> {
  const { runId } = readManifest(folder);
  const records = await openRecordStore({ url: `sqlite:${join(folder, 'records.sqlite')}`, runId });
  const keys = openKeyFile(join(folder, 'keys.sqlite'), { time: systemTime, readOnly: true });
  try {
    assert.ok((await records.count('fills')) > 0);
    return { records: await records.digest('records'), keys: await keyContent(keys) };
  } finally {
    await records.close();
    await keys.close();
  }
}

test('one process and one folder are a whole desk, which is looked into and rebuilt while it runs and at rest', {
  timeout: 120_000,
}, async (t) => {
  const root = temporaryFolder(t);
  const folder = join(root, 'desk');
  const market = writeGappedMarket(join(root, 'market'), 3_000);
  const settings = Object.entries(eagerSettings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const argv = ['run', '--json', '--port', '0', '--market', `data:${market}`, '--instruments', gappedPairs.join(',')];
  const desk = startProcess([...argv, '--data-dir', folder, '--speed', '1000', ...settings], {
    after: (work) => t.after(work),
  });
  const orderId = String((await desk.line('order.filled'))['clientOrderId']);
  await waitUntil('every part is there', () => parts.every((part) => existsSync(join(folder, part))));
  await waitUntil('the switch is mirrored', async () => {
    const { code, result } = await tradewind('keys', 'get', 'ops:kill_switch', '--data-dir', folder);
    return code === 0 && result === '0\n';
  });
  await waitUntil('weights are mirrored', async () => {
    return (await tradewind('keys', 'get', 'risk:allocation_weights', '--data-dir', folder)).code === 0;
  });
  await lookInto(folder, orderId);
  const running = (await json('rebuild', 'all', '--data-dir', folder)) as { rebuilt: { filledBy: string }[] };
  assert.deepEqual(
    running.rebuilt.map(({ filledBy }) => filledBy),
    ['desk', 'desk', 'desk', 'desk'],
  );

  const { code, work } = await desk.stop();
  assert.equal(code, 0, work);
  await lookInto(folder, orderId);
  const before = await contentOf(folder);
  const resting = spawnSync(process.execPath, [bin, 'rebuild', 'all', '--data-dir', folder], { encoding: 'utf8' });
  assert.equal(resting.status, 0, resting.stderr);
  assert.equal(resting.stdout.split('\n').length, 5);
  assert.deepEqual(await contentOf(folder), before);
  assert.equal((await tradewind('audit', 'verify', '--data-dir', folder)).code, 0);
});
