import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openRecordStore } from '#adapters/records/record-store.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { openValkeyKeyStore } from '#adapters/valkey/key-store.ts';
import { type EngineDoor, serveEngine } from '#runtime/tail/engine-endpoint.ts';
import { temporaryFolder } from '../../tests/support/csv-bars.ts';
import { type DrivenDesk, driveDesk } from '../../tests/support/driven-desk.ts';
import { exampleServer } from '../../tests/support/example-server.ts';
import { missingDatabase, startDatabase } from '../../tests/support/postgres-process.ts';
import { rolePlan } from '../../tests/support/role-plans.ts';
import { missingStore, startStore } from '../../tests/support/store-process.ts';
import { toldRun } from '../../tests/support/told-run.ts';
import { waitUntil } from '../../tests/support/wait-until.ts';
import { runMirror } from './mirror-run.ts';
import { UsageError } from './refusal.ts';

/** A warm desk whose tail is served on a port. */
async function serve(
  t: TestContext,
  port: number,
  seed: number,
): Promise<DrivenDesk & { address: string; end(): Promise<void> }> {
  const desk = driveDesk(temporaryFolder(t), { seed });
  await desk.run.warmUp();
  const door: EngineDoor = {
    tail: desk.run.tail,
    status: () => ({}),
    health: exampleServer.health,
    unreadiness: () => [],
    metrics: async () => '',
    carryOut: () => ({ isDone: false, message: 'nothing is carried out here' }),
  };
  const endpoint = await serveEngine(door, { host: '127.0.0.1', port, token: undefined, now: () => Date.now() });
  let hasEnded = false;
  const end = async (): Promise<void> => {
    if (hasEnded) return;
    hasEnded = true;
    await endpoint.close();
    await desk.run.stop();
  };
  t.after(end);
  return { ...desk, address: endpoint.address, end };
}

test('a mirror without servers is refused', async () => {
  for (const environment of [
    {},
    { VALKEY_URL: 'redis://127.0.0.1:1/0' },
    { DATABASE_URL: 'postgres://127.0.0.1:1/x' },
  ]) {
    const plan = rolePlan('mirror', 'http://127.0.0.1:9', environment);
    await assert.rejects(runMirror(plan, toldRun().reporter, 1), UsageError);
  }
});

test('a mirror waits for an engine that is away, and ends in order', async (t) => {
  const environment = { VALKEY_URL: 'redis://127.0.0.1:1/0', DATABASE_URL: 'postgres://127.0.0.1:1/x' };
  const plan = { ...rolePlan('mirror', 'http://127.0.0.1:9', environment), folder: temporaryFolder(t) };
  const { reporter, lines } = toldRun();
  assert.equal(await runMirror(plan, reporter, 0.7), 0);
  assert.match(String(lines[0]?.['notice']), /does not answer: .*; it is asked again until it does$/);
  assert.equal(lines.filter(({ type }) => type === 'notice').length, 1);
  assert.equal(lines.at(-1)?.type, 'stopping');
});

test('the servers come to the end of the journal, and those of another run that the engine begins as well', {
  skip: missingStore || missingDatabase,
}, async (t) => {
  const [store, database] = await Promise.all([startStore(), startDatabase()]);
  t.after(() => Promise.all([store.stop(), database.stop()]));
  const first = await serve(t, 0, 1);
  const environment = { VALKEY_URL: store.url, DATABASE_URL: database.url };
  const plan = { ...rolePlan('mirror', first.address, environment), folder: temporaryFolder(t) };
  const { reporter, lines } = toldRun();
  const keys = await openValkeyKeyStore(store.url, { time: systemTime });
  t.after(() => keys.close());
  const isMirrored = async ({ run }: DrivenDesk): Promise<boolean> => {
    const { runId } = run.engine.state;
    const records = await openRecordStore({ url: database.url, runId });
    const positions = [await keys.position('keys'), await records.position('records')];
    await records.close();
    return positions.every((at) => at?.runId === runId && at.sequence === run.tail.durableSequence);
  };
  const running = runMirror(plan, reporter, 60);
  await waitUntil('the first run is mirrored', () => isMirrored(first));
  const port = Number(new URL(first.address).port);
  await first.end();
  const second = await serve(t, port, 2);
  assert.notEqual(second.run.engine.state.runId, first.run.engine.state.runId);
  await waitUntil('the second run is mirrored', () => isMirrored(second));
  process.emit('SIGTERM');
  assert.equal(await running, 0);
  assert.deepEqual(
    lines.flatMap(({ notice }) => (String(notice).startsWith('mirrors run') ? [notice] : [])),
    [first, second].map(({ run }) => `mirrors run ${run.engine.state.runId}`),
  );
});
