import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { temporaryFolder } from '../../../tests/support/csv-bars.ts';
import { writeTracedRun } from '../../../tests/support/traced-run.ts';
import { folderTail } from '../tail/folder-tail.ts';
import { auditSink, openKeys, openStreams, recordsUrl, type StorePlan } from './desk-stores.ts';
import { type Mirror, type MirrorOptions, openMirror, projectionNames } from './mirror.ts';

/** The last entry of the run below. */
const lastSequence = 11;

interface Scene {
  readonly plan: StorePlan;
  readonly options: MirrorOptions;
  readonly problems: string[];
  readonly mirror: Mirror;
}

/** A mirror of a short run, its stores in the run's folder unless a database is named. */
async function open(t: TestContext, databaseUrl?: string): Promise<Scene> {
  const folder = join(temporaryFolder(t), 'run');
  await writeTracedRun(folder);
  const plan: StorePlan = { folder, valkeyUrl: undefined, databaseUrl };
  const problems: string[] = [];
  const options: MirrorOptions = {
    plan,
    source: folderTail(folder),
    runId: 'run-1',
    keys: await openKeys(plan, systemTime),
    streams: openStreams(plan, systemTime),
    names: projectionNames,
    time: systemTime,
    onProblem: (name, problem) => void problems.push(`${name}: ${problem}`),
  };
  const mirror = openMirror(options);
  t.after(async () => {
    await mirror.stop();
    await options.keys.close();
    await options.streams.close();
  });
  return { plan, options, problems, mirror };
}

test('every store comes to the end of the journal, and what was handed in stays open', async (t) => {
  const { plan, options, mirror, problems } = await open(t);
  mirror.begin();
  await mirror.drain(lastSequence, 20_000);
  assert.deepEqual(
    mirror.statuses().map(({ name, sequence, lag }) => [name, sequence, lag]),
    projectionNames.map((name) => [name, lastSequence, 0]),
  );
  assert.equal(mirror.sequenceOf('records'), lastSequence);
  await mirror.stop();
  assert.deepEqual(problems, []);
  assert.equal((await options.keys.position('keys'))?.sequence, lastSequence);
  assert.equal((await options.streams.position('bus'))?.sequence, lastSequence);
  assert.equal((await auditSink(plan).position('audit'))?.sequence, lastSequence);
  const records = await openRecordStore({ url: recordsUrl(plan), runId: 'run-1' });
  t.after(() => records.close());
  assert.equal((await records.position('records'))?.sequence, lastSequence);
  const orders = await records.rows('orders');
  assert.deepEqual(
    orders.filter((row) => row['parent_order_id'] === null).map((row) => row['client_order_id']),
    ['o1', 'o2'],
  );
});

test('what has not begun is not waited for', async (t) => {
  const { mirror } = await open(t);
  await mirror.drain(lastSequence, 600_000);
  assert.deepEqual(
    mirror.statuses().map(({ condition, sequence }) => [condition, sequence]),
    projectionNames.map(() => ['starting', 0]),
  );
});

test('a projection that this process does not keep has no place', async (t) => {
  const { options } = await open(t);
  const mirror = openMirror({ ...options, names: ['audit'] });
  assert.equal(mirror.sequenceOf('audit'), 0);
  assert.equal(mirror.sequenceOf('records'), undefined);
  await mirror.stop();
});

test('a store that is away keeps nothing else from going on, and is not waited for', async (t) => {
  const { mirror, problems } = await open(t, 'postgres://nobody:hush-hush@127.0.0.1:1/records');
  mirror.begin();
  await mirror.drain(lastSequence, 600_000);
  assert.deepEqual(
    projectionNames.map((name) => [name, mirror.sequenceOf(name)]),
    [
      ['records', 0],
      ['keys', lastSequence],
      ['bus', lastSequence],
      ['audit', lastSequence],
    ],
  );
  assert.match(problems[0] ?? '', /^records: /);
  assert.doesNotMatch(problems.join(), /hush-hush/);
});

test('a mirror goes on where the last one stood', async (t) => {
  const { options, mirror } = await open(t);
  mirror.begin();
  await mirror.drain(lastSequence, 20_000);
  await mirror.stop();
  const streams = await options.streams.streams();
  const lengths = async (): Promise<number[]> =>
    Promise.all(streams.map(async (stream) => (await options.streams.describe(stream)).length));
  const before = await lengths();
  assert.ok(before.every((length) => length > 0));
  const again = openMirror({ ...options, names: ['bus'] });
  again.begin();
  await again.drain(lastSequence, 20_000);
  await again.stop();
  assert.deepEqual(await options.streams.streams(), streams);
  assert.deepEqual(await lengths(), before);
});
