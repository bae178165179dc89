import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import { ValkeyStreams } from '#adapters/bus/valkey-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { busSink } from '#runtime/mirror/desk-stores.ts';
import { failOn, fewEnvelopes, publishOn } from '../../tests/support/published-bus.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { streamFigures } from './stream-figures.ts';

test('a stream is told with its length and how far each group is behind', async () => {
  const streams = new FileStreams(':memory:', systemTime);
  assert.deepEqual(await streamFigures(streams), { streams: [], deadLetters: 0 });
  const envelopes = fewEnvelopes();
  const type = envelopes[0]?.type ?? '';
  const count = envelopes.filter((envelope) => envelope.type === type).length;
  const name = `quantum:stream:${type}`;
  await streams.ensureGroup('monitoring', [name]);
  const to = { runId: 'run-1', version: 1, sequence: 1, at: 1, state: '{}' };
  await busSink(streams).apply('bus', envelopes, undefined, to);
  const figuresOf = async () => (await streamFigures(streams))?.streams.find((found) => found.stream === name);
  assert.deepEqual(await figuresOf(), {
    stream: name,
    length: count,
    groups: [{ group: 'monitoring', lag: count, pending: 0 }],
  });
  const asked = { group: 'monitoring', consumer: 'test', streams: [name], count: 1, blockMs: 0 };
  const [entry] = await streams.openReader().read(asked);
  assert.deepEqual((await figuresOf())?.groups, [{ group: 'monitoring', lag: count, pending: 1 }]);
  const acknowledged = [{ stream: name, id: entry?.id ?? '' }];
  await streams.settle({ group: 'monitoring', acknowledged, processedIds: [], letters: [], at: 1 });
  assert.deepEqual((await figuresOf())?.groups, [{ group: 'monitoring', lag: count - 1, pending: 0 }]);
  await streams.close();
});

test('dead letters are counted, and a store that is away has no figures', { skip: missingStore }, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  const envelopes = fewEnvelopes();
  const type = envelopes[0]?.type ?? '';
  await publishOn(server.url, envelopes);
  const count = envelopes.filter((envelope) => envelope.type === type).length;
  await failOn(server.url, type, count);
  const streams = new ValkeyStreams(server.url, systemTime);
  t.after(() => streams.close());
  assert.equal((await streamFigures(streams))?.deadLetters, count);
  await server.kill();
  assert.equal(await streamFigures(streams), undefined);
});
