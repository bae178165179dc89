import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { KeyChange } from '#domain/keys/key-change.ts';
import { KeyStoreError } from '#domain/keys/key-store-error.ts';
import type { KeyStore } from '#domain/keys/key-value.ts';
import type { ProjectionPosition } from '#domain/projection-position.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { openKeyFile } from './key-file.ts';

const writerFile = fileURLToPath(new URL('../../../tests/support/key-writer-process.ts', import.meta.url));

function filePath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'keys.sqlite');
}

function at(sequence: number): ProjectionPosition {
  return { runId: 'run', version: 1, sequence, at: sequence, state: '{}' };
}

const add = (key: string, score: number, ttlMs: number | null): KeyChange => {
  return { type: 'add', key, score, member: `m${score}`, replacesScore: false, keep: null, ttlMs };
};

async function textOf(store: KeyStore, key: string): Promise<string | undefined> {
  const value = await store.get(key);
  return value?.type === 'text' ? value.value : undefined;
}

test('a life ends to the millisecond, and what is over is purged by the next batch', async (t) => {
  const clock = new HandClock(1_000);
  const path = filePath(t);
  const store = openKeyFile(path, { time: clock });
  t.after(() => store.close());
  const text: KeyChange = { type: 'set', key: 'text', value: 'v', ttlMs: 500 };
  await store.apply('mirror', [text, add('scores', 1, 300), add('scores', 2, 600)], undefined, at(1));
  await clock.pass(499);
  assert.deepEqual(await store.get('text'), { type: 'text', value: 'v', ttlMs: 1 });
  await clock.pass(1);
  assert.equal(await store.get('text'), undefined);
  assert.deepEqual((await store.list('*', 9)).keys, ['scores']);
  assert.equal((await store.get('scores'))?.ttlMs, 100);
  await clock.pass(100);
  assert.deepEqual(await store.range('scores', { from: 0, to: 9, limit: 9 }), []);
  const before = await store.info();
  await store.apply('mirror', [], at(1), at(2));
  const after = await store.info();
  assert.deepEqual([before.isReachable && before.keys, after.isReachable && after.keys], [2, 0]);
});

test('a file is read by another process while a desk writes', async (t) => {
  const path = filePath(t);
  const time = new HandClock();
  const writer = openKeyFile(path, { time });
  const reader = openKeyFile(path, { time, readOnly: true });
  t.after(() => Promise.all([writer.close(), reader.close()]));
  await writer.apply('mirror', [{ type: 'set', key: 'a', value: '1', ttlMs: null }], undefined, at(1));
  assert.equal(await textOf(reader, 'a'), '1');
  await writer.apply('mirror', [{ type: 'set', key: 'a', value: '2', ttlMs: null }], at(1), at(2));
  assert.equal(await textOf(reader, 'a'), '2');
  assert.deepEqual(await reader.position('mirror'), at(2));
  await assert.rejects(reader.apply('mirror', [], at(2), at(3)), (error) => {
    return error instanceof KeyStoreError && error.code === 'failed' && /readonly/.test(error.message);
  });
});

test('a file that is to be read and is not there is away, and is not made', (t) => {
  const path = filePath(t);
  assert.throws(
    () => openKeyFile(path, { time: new HandClock(), readOnly: true }),
    (error) => error instanceof KeyStoreError && error.code === 'unreachable',
  );
  assert.ok(!existsSync(path));
});

test('a file that is no key store is told', (t) => {
  const path = filePath(t);
  writeFileSync(path, 'no database, but long enough to be taken for a damaged one'.repeat(50));
  assert.throws(
    () => openKeyFile(path, { time: new HandClock() }),
    (error) => error instanceof KeyStoreError && error.code === 'failed' && error.message.includes(path),
  );
});

test('two writers of one file never interleave', async (t) => {
  const path = filePath(t);
  const time = new HandClock();
  const [one, two] = [openKeyFile(path, { time }), openKeyFile(path, { time })];
  t.after(() => Promise.all([one.close(), two.close()]));
  await one.apply('mirror', [], undefined, at(1));
  await two.apply('mirror', [], at(1), at(2));
  await assert.rejects(one.apply('mirror', [], at(1), at(2)), { name: 'StaleWriterError', code: 'stale' });
});

test('a writer that another keeps out for too long has failed and has written nothing', async (t) => {
  const path = filePath(t);
  const store = openKeyFile(path, { time: new HandClock() });
  const rival = new DatabaseSync(path);
  t.after(() => {
    rival.close();
    return store.close();
  });
  rival.exec('BEGIN IMMEDIATE');
  await assert.rejects(store.apply('mirror', [add('a', 1, null)], undefined, at(1)), /locked/);
  rival.exec('ROLLBACK');
  await store.apply('mirror', [add('a', 1, null)], undefined, at(1));
});

test('messages are told in order once the batch is kept', async (t) => {
  const heard: string[] = [];
  const onPublish = ({ channel, message }: { channel: string; message: string }): void => {
    heard.push(`${channel} ${message}`);
  };
  const store = openKeyFile(filePath(t), { time: new HandClock(), onPublish });
  t.after(() => store.close());
  const say = (message: string): KeyChange => ({ type: 'publish', channel: 'ws:manifold', message });
  await store.apply('mirror', [say('1'), add('a', 1, null), say('2')], undefined, at(1));
  await assert.rejects(store.apply('mirror', [say('stale')], undefined, at(1)));
  assert.deepEqual(heard, ['ws:manifold 1', 'ws:manifold 2']);
});

test('after the writer is killed the keys are those of the position', async (t) => {
  const path = filePath(t);
  for (let kills = 1; kills <= 3; kills += 1) {
    const child = spawn(process.execPath, [writerFile, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    for await (const piece of child.stdout) {
      told += String(piece);
      if (told.split('\n').length > 40 * kills) break;
    }
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const acknowledged = Number(told.trimEnd().split('\n').at(-1));
    const store = openKeyFile(path, { time: new HandClock() });
    const sequence = (await store.position('mirror'))?.sequence ?? 0;
    assert.ok(sequence >= acknowledged, `${sequence} of ${acknowledged}`);
    const list = await store.get('list');
    assert.ok(list?.type === 'list');
    assert.deepEqual(
      list.values.toReversed(),
      Array.from({ length: sequence }, (_, index) => String(index + 1)),
    );
    assert.equal(await textOf(store, 'last'), String(sequence));
    await store.close();
  }
});
