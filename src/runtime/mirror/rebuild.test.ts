import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lockFolder } from '#adapters/journal/folder-lock.ts';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { crewDesk } from '../../../tests/support/crewed-desk.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { walkLiveAt } from '../../../tests/support/driven-desk.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { keyContent } from '../../../tests/support/key-content.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { RunError, readManifest } from '../run-folder.ts';
import { openKeys, openStreams, recordsUrl, type StorePlan } from './desk-stores.ts';
import { projectionNames } from './mirror.ts';
import { rebuild } from './rebuild.ts';

const embedded = (folder: string): StorePlan => ({ folder, valkeyUrl: undefined, databaseUrl: undefined });

/** A desk that has traded some hours with all its stores. */
async function tradedDesk(t: TestContext, plan: StorePlan, names?: readonly 'audit'[]) {
  const desk = await crewDesk(plan.folder, { plan, ...(names === undefined ? {} : { names }) });
  t.after(() => desk.end());
  await desk.run.warmUp();
  await desk.crew.begin();
  await desk.runTo(walkLiveAt + 2 * 3_600_000);
  return desk;
}

async function recordDigest(plan: StorePlan): Promise<string> {
  const records = await openRecordStore({ url: recordsUrl(plan), runId: readManifest(plan.folder).runId });
  try {
    assert.ok((await records.count('fills')) > 0);
    return await records.digest('records');
  } finally {
    await records.close();
  }
}

async function keysOf(plan: StorePlan) {
  const keys = await openKeys(plan, systemTime);
  try {
    return await keyContent(keys);
  } finally {
    await keys.close();
  }
}

test('what was emptied and filled again at rest is what it was', async (t) => {
  const plan = embedded(temporaryFolder(t));
  const desk = await tradedDesk(t, plan);
  await desk.end();
  const before = { records: await recordDigest(plan), keys: await keysOf(plan) };
  assert.ok(before.keys.size > 20);
  const shown: number[] = [];
  for (const name of projectionNames) {
    const rebuilt = await rebuild({ plan, name, time: systemTime, onProgress: (done) => void shown.push(done) });
    assert.deepEqual(rebuilt, { name, sequence: desk.run.tail.durableSequence, filledBy: 'command' });
  }
  assert.deepEqual({ records: await recordDigest(plan), keys: await keysOf(plan) }, before);
  assert.ok(shown.length > 0);
  lockFolder(plan.folder).release();
});

test('a desk that runs fills its stores itself', async (t) => {
  const plan = embedded(temporaryFolder(t));
  const desk = await tradedDesk(t, plan);
  let goal = desk.run.at;
  let isOver = false;
  const trading = (async () => {
    while (!isOver) {
      goal += 60_000;
      await desk.runTo(goal);
    }
  })();
  for (const name of projectionNames) {
    const { filledBy } = await rebuild({ plan, name, time: systemTime });
    assert.equal(filledBy, 'desk', name);
  }
  isOver = true;
  await trading;
  await desk.end();
  const filled = await recordDigest(plan);
  await rebuild({ plan, name: 'records', time: systemTime });
  assert.equal(await recordDigest(plan), filled);
});

test('a projection that the desk that runs does not keep is not waited for without end', async (t) => {
  const plan = embedded(temporaryFolder(t));
  const desk = await tradedDesk(t, plan, ['audit']);
  const clock = new HandClock();
  let isOver = false;
  const rebuilding = rebuild({ plan, name: 'records', time: clock }).finally(() => {
    isOver = true;
  });
  const refused = assert.rejects(
    rebuilding,
    /'records' is empty and nobody fills it: the desk that runs on '.*' does not keep it/,
  );
  while (!isOver) await clock.pass(1_000);
  await refused;
  await desk.end();
  lockFolder(plan.folder).release();
});

test('a store that fails ends the rebuild with its words, and everything is given free', async (t) => {
  const here = embedded(temporaryFolder(t));
  const desk = await tradedDesk(t, here, ['audit']);
  await desk.end();
  const plan = { ...here, valkeyUrl: 'redis://127.0.0.1:1/0' };
  await assert.rejects(rebuild({ plan, name: 'keys', time: systemTime }), { name: 'KeyStoreError' });
  lockFolder(plan.folder).release();
  await assert.rejects(rebuild({ plan: embedded(temporaryFolder(t)), name: 'keys', time: systemTime }), RunError);
});

test('streams are filled again under the ids they had', { skip: missingStore }, async (t) => {
  const server = await startStore();
  t.after(() => server.stop());
  const here = embedded(temporaryFolder(t));
  const desk = await tradedDesk(t, here, ['audit']);
  await desk.end();
  const plan = { ...here, valkeyUrl: server.url };
  const fills = async (): Promise<string[]> => {
    const streams = openStreams(plan, systemTime);
    const stream = 'quantum:stream:order.filled';
    await streams.ensureGroup('test', [stream]);
    const reader = streams.openReader();
    const entries = await reader.read({
      group: 'test',
      consumer: 'test',
      streams: [stream],
      count: 10_000,
      blockMs: 0,
    });
    reader.close();
    await streams.close();
    return entries.map(({ text }) => text);
  };
  await rebuild({ plan, name: 'bus', time: systemTime });
  const first = await fills();
  assert.ok(first.length > 0);
  await rebuild({ plan, name: 'bus', time: systemTime });
  assert.deepEqual(await fills(), first);
});
