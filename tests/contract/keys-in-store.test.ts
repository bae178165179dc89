import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openKeyFile } from '#adapters/keys/key-file.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { openValkeyKeyStore } from '#adapters/valkey/key-store.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { findKeyRow } from '#domain/keys/key-table.ts';
import type { KeyStore, KeyValue } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { keysProjection } from '#projections/keys/keys-projection.ts';
import { livelyTail } from '../support/key-fold.ts';
import { missingStore, startStore } from '../support/store-process.ts';

const tail = livelyTail();
const { name, version } = keysProjection;

/** Folds the whole tail into a store, so many entries a transaction. */
async function project(store: KeyStore, entriesAtOnce: number): Promise<void> {
  const state = keysProjection.initial();
  let from: ProjectionPosition | undefined;
  for (let first = 0; first < tail.length; first += entriesAtOnce) {
    const entries = tail.slice(first, first + entriesAtOnce);
    const changes: KeyChange[] = [];
    for (const entry of entries) keysProjection.project(state, entry, (change) => void changes.push(change));
    const last = entries.at(-1);
    assert.ok(last !== undefined);
    const { runId } = last.root;
    const to = { runId, version, sequence: last.sequence, at: last.event.at, state: JSON.stringify(state) };
    await store.apply(name, changes, from, to);
    from = to;
  }
}

/** Everything the store holds, without what is left of each life. */
async function contentOf(store: KeyStore): Promise<Record<string, Omit<KeyValue, 'ttlMs'>>> {
  const content: Record<string, Omit<KeyValue, 'ttlMs'>> = {};
  const { keys } = await store.list('*', 10_000);
  for (const key of keys) {
    const value = await store.get(key);
    assert.ok(value !== undefined, key);
    const { ttlMs: _, ...held } = value;
    content[key] = held;
  }
  return content;
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function textsOf(value: KeyValue): readonly unknown[] {
  switch (value.type) {
    case 'text':
    case 'compressed':
      return [value.value];
    case 'list':
      return value.values;
    case 'sortedSet':
      return value.members.map(({ member }) => member);
    case 'hash':
      return [value.fields];
  }
}

test('every key that lies in the store has its row, its type and its shape, and no minute has two candles', async (t) => {
  const store = openKeyFile(join(temporaryFolder(t), 'keys.sqlite'), { time: systemTime });
  t.after(() => store.close());
  await project(store, 500);
  const { keys } = await store.list('*', 10_000);
  assert.ok(keys.length > 900, `${keys.length} keys`);
  for (const key of keys) {
    const row = findKeyRow(key);
    const value = await store.get(key);
    assert.ok(row !== undefined && row.schema !== null && value !== undefined, key);
    assert.equal(value.type === 'text' ? 'string' : value.type, row.type, key);
    for (const text of textsOf(value)) {
      const content: unknown = row.encoding === 'json' ? JSON.parse(String(text)) : text;
      const problem: string | undefined = row.schema.safeParse(content).error?.message;
      assert.equal(problem, undefined, key);
    }
    if (value.type !== 'sortedSet' || !key.startsWith('md:candles:')) continue;
    assert.equal(new Set(value.members.map(({ score }) => score)).size, value.members.length);
  }
});

test('the content does not depend on how many entries a transaction takes, nor on the store being filled anew', async (t) => {
  const folder = temporaryFolder(t);
  const contents: unknown[] = [];
  for (const entriesAtOnce of [97, 4_000]) {
    const store = openKeyFile(join(folder, `${entriesAtOnce}.sqlite`), { time: systemTime });
    await project(store, entriesAtOnce);
    contents.push(await contentOf(store));
    if (entriesAtOnce === 4_000) {
      await store.wipe(name);
      assert.deepEqual(await contentOf(store), {});
      await project(store, 2_000);
      contents.push(await contentOf(store));
    }
    await store.close();
  }
  assert.deepEqual(contents[1], contents[0]);
  assert.deepEqual(contents[2], contents[0]);
});

test('Valkey holds what the file holds', { skip: missingStore }, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  const valkey = await openValkeyKeyStore(server.url, { time: systemTime });
  t.after(() => valkey.close());
  const file = openKeyFile(join(temporaryFolder(t), 'keys.sqlite'), { time: systemTime });
  t.after(() => file.close());
  await project(valkey, 2_000);
  await project(file, 2_000);
  const held = await contentOf(valkey);
  const expected = await contentOf(file);
  assert.deepEqual(Object.keys(held), Object.keys(expected));
  assert.deepEqual(held, expected);
});
