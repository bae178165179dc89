import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { BusError } from '#adapters/bus/bus-error.ts';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { withBus } from './bus-connection.ts';
import type { CommandContext } from './command-context.ts';
import { createOutput } from './output.ts';
import { UsageError } from './refusal.ts';

function scene(): {
  readonly context: CommandContext;
  readonly codes: number[];
  readonly work: PassThrough;
} {
  const codes: number[] = [];
  const work = new PassThrough();
  const output = createOutput({ result: new PassThrough(), work });
  return { context: { environment: {}, output, exitWith: (code) => void codes.push(code) }, codes, work };
}

const nowhere = 'redis://127.0.0.1:1/0';

test('a store that fails is one sentence and a 1', async () => {
  const { context, codes, work } = scene();
  await withBus({ url: nowhere }, context, async (driver) => void (await driver.streams()));
  assert.deepEqual(codes, [1]);
  assert.match(String(work.read()), /^tradewind: no store answers at 'redis:\/\/127\.0\.0\.1:1\/0'/);
});

test('an address or a pattern that is none is wrong usage', async () => {
  const { context } = scene();
  await assert.rejects(
    withBus({ url: 'http://127.0.0.1' }, context, async () => undefined),
    UsageError,
  );
  const work = async (): Promise<void> => {
    throw new BusError('pattern', 'expected a pattern');
  };
  await assert.rejects(withBus({ url: nowhere }, context, work), UsageError);
});

test('our own mistake stays one', async () => {
  const { context } = scene();
  const work = async (): Promise<void> => {
    throw new TypeError('a slip');
  };
  await assert.rejects(withBus({ url: nowhere }, context, work), TypeError);
});

test('the bus of a desk without Valkey lies in its folder', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-bus-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { context } = scene();
  await assert.rejects(
    withBus({ dataDir: folder }, context, async () => undefined),
    /no streams there: '.*streams\.sqlite'/,
  );
  const made = new FileStreams(join(folder, 'streams.sqlite'), systemTime);
  const to = { runId: 'run-1', version: 1, sequence: 1, at: 1, state: '{}' };
  const entry = {
    typeStream: 'quantum:stream:order.filled',
    domainStream: 'quantum:stream:domain:order',
    text: '{}',
  };
  await made.publish({ name: 'bus', entries: [entry], from: undefined, to });
  await made.close();
  let streams: readonly string[] = [];
  await withBus({ dataDir: folder }, context, async (driver) => {
    streams = await driver.streams();
  });
  assert.deepEqual(streams, ['quantum:stream:domain:order', 'quantum:stream:order.filled']);
  const both = { dataDir: folder, url: nowhere };
  await assert.rejects(
    withBus(both, context, async () => undefined),
    /found both/,
  );
});
