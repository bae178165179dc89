import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { openKeyFile } from '#adapters/keys/key-file.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { openValkeyKeyStore } from '#adapters/valkey/key-store.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { missingStore, type StoreProcess, startStore } from '../support/store-process.ts';

const hour = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'tradewind-keys-'));
let server: StoreProcess | undefined;
let onServer: KeyStore | undefined;

before(async () => {
  if (missingStore !== false) return;
  server = await startStore();
  onServer = await openValkeyKeyStore(server.url, { time: systemTime });
});
after(async () => {
  await onServer?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ttlMs = fc.constantFrom(null, hour, 2 * hour);
const text = fc.oneof(fc.constantFrom('', '0', 'v', '\u0000'), fc.string({ unit: 'binary', maxLength: 6 }));
const member = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') }, { weight: 1, arbitrary: text });
const score = fc.oneof(fc.integer({ min: -2, max: 4 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const keep = fc.integer({ min: 1, max: 3 });

/** Changes of keys that all may be anything, or of keys that each have one type. */
function changeOf(keyOf: (type: string) => fc.Arbitrary<string>): fc.Arbitrary<KeyChange> {
  const isReplaced = fc.boolean();
  return fc.oneof(
    fc.record({ type: fc.constantFrom('set', 'setCompressed'), key: keyOf('text'), value: text, ttlMs }),
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('add' as const),
        key: keyOf('sortedSet'),
        score,
        member,
        replacesScore: isReplaced,
        keep: fc.option(keep),
        ttlMs,
      }),
    },
    fc.record({ type: fc.constant('dropBelow' as const), key: keyOf('sortedSet'), score }),
    fc.record({ type: fc.constant('push' as const), key: keyOf('list'), value: text, keep, ttlMs }),
    fc.record({
      type: fc.constant('hash' as const),
      key: keyOf('hash'),
      fields: fc.dictionary(member, text, { minKeys: 1, maxKeys: 3 }),
      ttlMs,
    }),
    fc.record({
      type: fc.constant('delete' as const),
      key: fc.oneof(keyOf('sortedSet'), keyOf('list'), keyOf('text')),
    }),
    fc.record({ type: fc.constant('publish' as const), channel: fc.constant('c'), message: text }),
  );
}

const mixed = changeOf(() => fc.constantFrom('k1', 'k2', 'k3'));
const typed = changeOf((type) => fc.constantFrom(`${type}:1`, `${type}:2`));

function at(sequence: number): ProjectionPosition {
  return { runId: 'run', version: 1, sequence, at: sequence, state: '{}' };
}

/** Whether a batch was kept; a batch that the store refuses is refused for the types of its keys. */
async function isApplied(store: KeyStore, changes: readonly KeyChange[], sequence: number): Promise<boolean> {
  const from = await store.position('mirror');
  try {
    await store.apply('mirror', changes, from, at(sequence));
    return true;
  } catch (error) {
    assert.ok(error instanceof KeyStoreError && error.code === 'wrongType', String(error));
    return false;
  }
}

/** All that can be read, with lives told by the hour. */
async function contentOf(store: KeyStore): Promise<unknown> {
  const { keys } = await store.list('*', 100);
  const values = await Promise.all(keys.map((key) => store.get(key)));
  return keys.map((key, index) => {
    const value = values[index];
    assert.ok(value !== undefined, key);
    return { key, ...value, ttlMs: value.ttlMs === null ? null : Math.ceil(value.ttlMs / hour) };
  });
}

async function rangesOf(store: KeyStore, from: number, to: number): Promise<unknown> {
  const read = (newestFirst: boolean) => store.range('sortedSet:1', { from, to, limit: 2, newestFirst });
  return [await read(false), await read(true)];
}

function openFile(): KeyStore {
  return openKeyFile(':memory:', { time: systemTime });
}

test('any changes leave the same keys in both stores', { skip: missingStore }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(mixed, { maxLength: 6 }), { maxLength: 6 }), async (batches) => {
      assert.ok(onServer !== undefined);
      const file = openFile();
      await onServer.wipe('mirror');
      for (const [index, batch] of batches.entries()) {
        assert.equal(await isApplied(onServer, batch, index + 1), await isApplied(file, batch, index + 1));
        assert.deepEqual(await contentOf(onServer), await contentOf(file));
      }
      assert.deepEqual(await onServer.position('mirror'), await file.position('mirror'));
      await onServer.wipe('mirror');
      assert.deepEqual(await contentOf(onServer), []);
      await file.close();
    }),
    { numRuns: 150 },
  );
});

test('how the changes are cut into batches does not matter', { skip: missingStore }, async () => {
  const cuts = fc.array(fc.array(typed, { maxLength: 12 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(cuts, score, score, async (batches, from, to) => {
      assert.ok(onServer !== undefined);
      const [whole, single] = [openFile(), openFile()];
      await onServer.wipe('mirror');
      for (const [index, batch] of batches.entries()) {
        assert.ok(await isApplied(whole, batch, index + 1));
        assert.ok(await isApplied(onServer, batch, index + 1));
      }
      for (const [index, change] of batches.flat().entries()) assert.ok(await isApplied(single, [change], index + 1));
      const expected = await contentOf(single);
      assert.deepEqual(await contentOf(whole), expected);
      assert.deepEqual(await contentOf(onServer), expected);
      assert.deepEqual(await rangesOf(onServer, from, to), await rangesOf(whole, from, to));
      await whole.close();
      await single.close();
    }),
    { numRuns: 150 },
  );
});
