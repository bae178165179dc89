import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openKeyFile } from '#adapters/keys/key-file.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { openValkeyKeyStore } from '#adapters/valkey/key-store.ts';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { KeyStoreError, type KeyStoreErrorCode } from '#domain/keys/key-store-error.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { StaleWriterError } from '#domain/stale-writer-error.ts';
import { missingStore, type StoreProcess, startStore } from '../support/store-process.ts';

type Change<Type extends KeyChange['type']> = Extract<KeyChange, { readonly type: Type }>;

const folder = mkdtempSync(join(tmpdir(), 'tradewind-keys-'));
const openStores: KeyStore[] = [];
let server: StoreProcess | undefined;
let stores = 0;

before(async () => {
  if (missingStore === false) server = await startStore();
});
after(async () => {
  for (const store of openStores) await store.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The stores under test; each call opens an empty one, on a server its own database. */
const kinds = [
  {
    name: 'embedded',
    skip: false as string | false,
    open: openFile,
  },
  { name: 'Valkey', skip: missingStore, open: openOnServer },
];

async function openFile(): Promise<KeyStore> {
  stores += 1;
  return openKeyFile(join(folder, `${stores}.sqlite`), { time: systemTime });
}

async function openOnServer(): Promise<KeyStore> {
  assert.ok(server !== undefined);
  stores += 1;
  return openValkeyKeyStore(server.url.replace(/\/0$/, `/${stores % 16}`), { time: systemTime });
}

/** One projection that writes step by step. */
class Writer {
  readonly store: KeyStore;
  readonly name: string;
  position: ProjectionPosition | undefined;

  constructor(store: KeyStore, name: string) {
    this.store = store;
    this.name = name;
  }

  async apply(...changes: KeyChange[]): Promise<void> {
    const to = at((this.position?.sequence ?? 0) + 1);
    await this.store.apply(this.name, changes, this.position, to);
    this.position = to;
  }
}

function at(sequence: number): ProjectionPosition {
  return { runId: 'run', version: 2, sequence, at: 1_000 + sequence, state: `{"sum":${sequence}}` };
}

const set = (key: string, value: string, ttlMs: number | null = null): Change<'set'> => ({
  type: 'set',
  key,
  value,
  ttlMs,
});
const add = (key: string, score: number, member: string, rest: Partial<Change<'add'>> = {}): Change<'add'> => {
  return { type: 'add', key, score, member, replacesScore: false, keep: null, ttlMs: null, ...rest };
};
const push = (key: string, value: string, keep: number): Change<'push'> => {
  return { type: 'push', key, value, keep, ttlMs: null };
};
const hash = (key: string, fields: Record<string, string>): Change<'hash'> => ({
  type: 'hash',
  key,
  fields,
  ttlMs: null,
});

function failsWith(code: KeyStoreErrorCode, pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof KeyStoreError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  };
}

async function membersOf(store: KeyStore, key: string): Promise<string[]> {
  const value = await store.get(key);
  assert.ok(value?.type === 'sortedSet');
  return value.members.map(({ score, member }) => `${score}:${member}`);
}

for (const kind of kinds) {
  describe(`the ${kind.name} key store`, { skip: kind.skip }, () => contract(kind.open));
}

function contract(open: () => Promise<KeyStore>): void {
  async function begin(): Promise<Writer> {
    const store = await open();
    openStores.push(store);
    await store.wipe('mirror');
    await store.wipe('other');
    return new Writer(store, 'mirror');
  }

  test('a store without a position has none, and keeps the one it is given', async () => {
    const writer = await begin();
    assert.equal(await writer.store.position('mirror'), undefined);
    await writer.apply();
    assert.deepEqual(await writer.store.position('mirror'), at(1));
    assert.equal(await writer.store.position('other'), undefined);
  });

  test('each type of change is read back as it was written', async () => {
    const writer = await begin();
    const long = 'α manifold '.repeat(1_000);
    await writer.apply(
      set('text', 'naïve €\u0000'),
      { type: 'setCompressed', key: 'packed', value: long, ttlMs: null },
      add('scores', 2, 'b'),
      add('scores', -1.5, 'a'),
      add('scores', 2, 'a b'),
      push('list', '1', 10),
      push('list', '2', 10),
      hash('hash', { balance: '1', __proto__x: '2' }),
      { type: 'publish', channel: 'ws:manifold', message: 'm' },
    );
    await writer.apply(hash('hash', { balance: '3' }), add('scores', 7, 'a'));
    const { store } = writer;
    assert.deepEqual(await store.get('text'), { type: 'text', value: 'naïve €\u0000', ttlMs: null });
    assert.deepEqual(await store.get('packed'), { type: 'compressed', value: long, ttlMs: null });
    assert.deepEqual(await membersOf(store, 'scores'), ['2:a b', '2:b', '7:a']);
    assert.deepEqual(await store.get('list'), { type: 'list', values: ['2', '1'], ttlMs: null });
    assert.deepEqual(await store.get('hash'), { type: 'hash', fields: { balance: '3', __proto__x: '2' }, ttlMs: null });
    assert.equal(await store.get('absent'), undefined);
  });

  test('a text replaces whatever stood there, and a deleted key is gone', async () => {
    const writer = await begin();
    await writer.apply(add('a', 1, 'm'), push('b', 'v', 5), hash('c', { f: 'v' }), set('d', 'v'));
    await writer.apply(set('a', '1'), set('b', '2'), { type: 'delete', key: 'c' }, { type: 'delete', key: 'd' });
    assert.equal((await writer.store.get('a'))?.type, 'text');
    assert.equal((await writer.store.get('b'))?.type, 'text');
    await writer.apply({ type: 'delete', key: 'a' }, add('a', 9, 'fresh'), push('c', 'x', 1));
    assert.deepEqual(await membersOf(writer.store, 'a'), ['9:fresh']);
    assert.deepEqual((await writer.store.list('*', 10)).keys, ['a', 'b', 'c']);
  });

  test('one member a minute is left where a score is replaced', async () => {
    const writer = await begin();
    const candle = (minute: number, close: number) => add('md', minute, `{"c":${close}}`, { replacesScore: true });
    await writer.apply(candle(1, 10), candle(2, 20), candle(2, 21), candle(3, 30));
    await writer.apply(candle(2, 22), candle(3, 31), candle(1, 10));
    assert.deepEqual(await membersOf(writer.store, 'md'), ['1:{"c":10}', '2:{"c":22}', '3:{"c":31}']);
  });

  test('the highest scores are kept, and a list keeps what came last', async () => {
    const writer = await begin();
    await writer.apply(...[5, 3, 9, 1, 7].map((score) => add('md', score, `m${score}`, { keep: 3 })));
    assert.deepEqual(await membersOf(writer.store, 'md'), ['5:m5', '7:m7', '9:m9']);
    await writer.apply(...Array.from({ length: 20 }, (_, index) => add('md', 10 + index, `n${index}`, { keep: 2 })));
    assert.deepEqual(await membersOf(writer.store, 'md'), ['28:n18', '29:n19']);
    await writer.apply({ type: 'dropBelow', key: 'md', score: 28 }, { type: 'dropBelow', key: 'absent', score: 1 });
    assert.deepEqual(await membersOf(writer.store, 'md'), ['29:n19']);
    await writer.apply({ type: 'dropBelow', key: 'md', score: 29 });
    assert.equal(await writer.store.get('md'), undefined);
    await writer.apply(...['1', '2', '3', '4'].map((value) => push('list', value, 3)));
    await writer.apply(push('list', '5', 2));
    assert.deepEqual(await writer.store.get('list'), { type: 'list', values: ['5', '4'], ttlMs: null });
  });

  test('a life is told in what is left of it, and the last change of a key sets it', async () => {
    const writer = await begin();
    await writer.apply(
      set('short', 'v', 60_000),
      { type: 'setCompressed', key: 'packed', value: 'v', ttlMs: 3_024_000_000 },
      add('scores', 1, 'm', { ttlMs: 60_000 }),
      { ...push('list', 'v', 1), ttlMs: 60_000 },
      { ...hash('hash', { f: 'v' }), ttlMs: 60_000 },
    );
    const leftOf = async (key: string) => (await writer.store.get(key))?.ttlMs ?? Number.NaN;
    for (const key of ['short', 'scores', 'list', 'hash']) {
      const left = await leftOf(key);
      assert.ok(left > 30_000 && left <= 60_000, `${key}: ${left}`);
    }
    assert.ok((await leftOf('packed')) > 3_023_900_000);
    await writer.apply(set('short', 'v'), add('scores', 2, 'm2'));
    assert.equal((await writer.store.get('short'))?.ttlMs, null);
    assert.equal((await writer.store.get('scores'))?.ttlMs, null);
  });

  test('a key whose life is over is gone', async () => {
    const writer = await begin();
    await writer.apply(set('a', 'v', 1), add('b', 1, 'old', { ttlMs: 1 }), set('c', 'v'));
    const deadline = Date.now() + 5_000;
    while ((await writer.store.get('a')) !== undefined || (await writer.store.get('b')) !== undefined) {
      assert.ok(Date.now() < deadline, 'the keys live on');
    }
    assert.deepEqual((await writer.store.list('*', 10)).keys, ['c']);
    assert.deepEqual(await writer.store.range('b', { from: 0, to: 9, limit: 9 }), []);
    await writer.apply(add('b', 2, 'fresh'), push('a', 'now a list', 1));
    assert.deepEqual(await membersOf(writer.store, 'b'), ['2:fresh']);
  });

  test('a range has both its ends, in either order, cut by its limit', async () => {
    const writer = await begin();
    await writer.apply(...[1, 2, 3, 3, 4, 5].map((score, index) => add('md', score, `m${index}`)));
    const members = async (from: number, to: number, limit: number, newestFirst: boolean) =>
      (await writer.store.range('md', { from, to, limit, newestFirst })).map(({ member }) => member).join();
    assert.equal(await members(2, 4, 10, false), 'm1,m2,m3,m4');
    assert.equal(await members(2, 4, 3, true), 'm4,m3,m2');
    assert.equal(await members(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 2, false), 'm0,m1');
    assert.equal(await members(2.5, 2.9, 10, false), '');
    await writer.apply(set('text', 'v'));
    await assert.rejects(writer.store.range('text', { from: 0, to: 1, limit: 1 }), failsWith('wrongType', /text/));
  });

  test('keys are listed in order by pattern, page by page', async () => {
    const writer = await begin();
    const names = [
      'md:candles:EUR_USD:M1',
      'md:candles:USD_JPY:M1',
      'md:x',
      'a[b]*',
      'a[b]c',
      'ab',
      '\u{1f600}',
      '\uff5e',
    ];
    await writer.apply(...names.map((name) => set(name, 'v')));
    const { store } = writer;
    assert.deepEqual(await store.list('md:candles:*', 10), { keys: names.slice(0, 2), cursor: undefined });
    assert.deepEqual((await store.list('*:?????JPY:M1', 10)).keys, []);
    assert.deepEqual((await store.list('*USD_???:M1', 10)).keys, ['md:candles:USD_JPY:M1']);
    assert.deepEqual((await store.list('a[b]?', 10)).keys, ['a[b]*', 'a[b]c']);
    assert.deepEqual((await store.list('?', 10)).keys, ['\uff5e', '\u{1f600}']);
    const paged: string[] = [];
    let cursor: string | undefined;
    for (let pages = 1; pages <= 4; pages += 1) {
      const page = await store.list('*', 2, cursor);
      paged.push(...page.keys);
      cursor = page.cursor;
      assert.equal(cursor === undefined, pages === 4);
    }
    assert.deepEqual(paged, [
      'a[b]*',
      'a[b]c',
      'ab',
      'md:candles:EUR_USD:M1',
      'md:candles:USD_JPY:M1',
      'md:x',
      '\uff5e',
      '\u{1f600}',
    ]);
  });

  test('a writer that goes on from another position is refused and writes nothing', async () => {
    const writer = await begin();
    await writer.apply(set('a', '1'));
    const { store } = writer;
    const foreign = { ...at(1), runId: 'another' };
    for (const from of [undefined, at(0), at(2), foreign]) {
      await assert.rejects(store.apply('mirror', [set('a', '2'), set('b', '2')], from, at(5)), (error) => {
        assert.ok(error instanceof StaleWriterError);
        assert.match(error.message, /found sequence '1' of run 'run'/);
        return true;
      });
    }
    await assert.rejects(store.apply('other', [set('b', '2')], at(1), at(2)), /found no position/);
    assert.deepEqual(await store.get('a'), { type: 'text', value: '1', ttlMs: null });
    assert.equal(await store.get('b'), undefined);
    assert.deepEqual(await store.position('mirror'), at(1));
  });

  test('of two writers at once one writes each step', async () => {
    const writer = await begin();
    await writer.apply();
    const rivals = [1, 2, 3, 4].map((rival) =>
      writer.store.apply('mirror', [push('list', `${rival}`, 9), set(`by:${rival}`, '')], at(1), at(2)),
    );
    const outcomes = await Promise.allSettled(rivals);
    const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [String(index + 1)] : []));
    assert.equal(winners.length, 1);
    assert.ok(
      outcomes.every((outcome) => outcome.status === 'fulfilled' || outcome.reason instanceof StaleWriterError),
    );
    assert.deepEqual(await writer.store.get('list'), { type: 'list', values: winners, ttlMs: null });
    assert.deepEqual((await writer.store.list('by:*', 9)).keys, [`by:${winners[0]}`]);
  });

  test('a batch of which one change cannot be made leaves nothing', async () => {
    const writer = await begin();
    await writer.apply(set('text', 'v'), add('scores', 1, 'm'), push('list', 'v', 3));
    const attempts: readonly KeyChange[] = [
      add('text', 1, 'm'),
      push('scores', 'v', 1),
      hash('list', { f: 'v' }),
      { type: 'dropBelow', key: 'list', score: 1 },
    ];
    for (const attempt of attempts) {
      const batch = [set('before', 'v'), add('more', 2, 'n'), attempt, set('after', 'v')];
      await assert.rejects(writer.apply(...batch), failsWith('wrongType', /expected '.*' at '.*', found '.*'/));
    }
    assert.deepEqual((await writer.store.list('*', 10)).keys, ['list', 'scores', 'text']);
    assert.deepEqual(await membersOf(writer.store, 'scores'), ['1:m']);
    assert.deepEqual(await writer.store.position('mirror'), at(1));
    await assert.rejects(writer.apply(set('x', 'v'), add('x', 1, 'm')), failsWith('wrongType', /at 'x'/));
    await writer.apply(set('after', 'v'));
  });

  test('a wipe removes what its projection has written and nothing else', async () => {
    const writer = await begin();
    const other = new Writer(writer.store, 'other');
    await other.apply(set('theirs', 'v'), add('theirs:scores', 1, 'm'));
    await writer.apply(
      set('ours', 'v', 60_000),
      add('ours:scores', 1, 'm'),
      push('ours:list', 'v', 1),
      set('gone', 'v'),
    );
    await writer.apply(hash('ours:hash', { f: 'v' }), { type: 'delete', key: 'gone' });
    await writer.apply({ type: 'dropBelow', key: 'theirs:scores', score: 0 });
    await writer.store.wipe('mirror');
    assert.deepEqual((await writer.store.list('*', 10)).keys, ['theirs', 'theirs:scores']);
    assert.equal(await writer.store.position('mirror'), undefined);
    assert.deepEqual(await writer.store.position('other'), at(1));
    await writer.store.wipe('mirror');
    await new Writer(writer.store, 'mirror').apply(set('ours', 'again'));
  });

  test('the kill switch is absent at first, and only three spellings release it', async () => {
    const writer = await begin();
    assert.equal(await writer.store.readKillSwitch(), 'absent');
    for (const [text, reading] of [
      ['1', 'engaged'],
      ['0', 'released'],
      ['no', 'engaged'],
      ['False', 'released'],
    ] as const) {
      await writer.apply(set('ops:kill_switch', text));
      assert.equal(await writer.store.readKillSwitch(), reading, text);
    }
    await writer.apply({ type: 'delete', key: 'ops:kill_switch' }, push('ops:kill_switch', '0', 1));
    assert.equal(await writer.store.readKillSwitch(), 'engaged');
  });

  test('health tells what the store is', async () => {
    const writer = await begin();
    await writer.apply(set('a', 'v'));
    const info = await writer.store.info();
    assert.ok(info.isReachable);
    assert.match(info.version, /^(?:SQLite|Redis|Valkey) \d+\.\d+/);
    assert.ok(info.memoryBytes > 1_000 && info.latencyMs >= 0 && info.keys >= 1);
    assert.equal(info.memoryLimitBytes, null);
  });

  test('a closed store is away', async () => {
    const { store } = await begin();
    await store.close();
    await assert.rejects(store.get('a'), failsWith('unreachable', /closed/));
    await assert.rejects(store.apply('mirror', [], undefined, at(1)), failsWith('unreachable', /closed/));
    assert.equal((await store.info()).isReachable, false);
    await store.close();
  });
}
