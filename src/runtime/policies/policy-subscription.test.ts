import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemTime } from '#adapters/time/system-time.ts';
import type { PolicySnapshot } from '#domain/policies/policy-snapshot.ts';
import { openPaperDesk } from '../../../tests/support/paper-desk.ts';
import { missingStore, startStore } from '../../../tests/support/store-process.ts';
import { openKeys, openStreams } from '../mirror/desk-stores.ts';
import { openMirror, type ProjectionName } from '../mirror/mirror.ts';
import { readPolicySnapshot } from './policy-snapshot-files.ts';
import { updatePolicy } from './policy-store.ts';
import { subscribePolicies } from './policy-subscription.ts';

/** The longest that a subscriber may wait for a change. */
const reloadMsMax = 1_000;
const names: readonly ProjectionName[] = ['keys', 'bus'];

test('a subscriber in another place has a change within a second, after journal and snapshot have it', {
  skip: missingStore,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-policies-'));
  const store = await startStore({ persistent: true });
  const plan = { folder, valkeyUrl: store.url, databaseUrl: undefined };
  const desk = openPaperDesk(folder);
  const keys = await openKeys(plan, systemTime);
  const streams = openStreams(plan, systemTime);
  const { runId } = desk.engine.state;
  const problems: string[] = [];
  const mirror = openMirror({
    plan,
    source: desk.tail,
    runId,
    keys,
    streams,
    names,
    time: systemTime,
    onProblem: (name, problem) => void problems.push(`${name}: ${problem}`),
  });
  mirror.begin();
  await mirror.drain(desk.tail.durableSequence, 20_000);
  const seen: { view: PolicySnapshot; onDisk: number }[] = [];
  let next = Promise.withResolvers<void>();
  const open = openStreams(plan, systemTime);
  const subscription = subscribePolicies({
    bus: { driver: open, time: systemTime },
    keys,
    time: systemTime,
    group: 'risk_management',
    consumer: 'test',
    pathPrefix: 'limits.',
    onProblem: ({ message }) => void problems.push(message),
    onChange: (view) => {
      const onDisk = readPolicySnapshot(folder).snapshot.documents['limits/fx']?.version ?? 0;
      seen.push({ view, onDisk });
      next.resolve();
    },
  });
  t.after(async () => {
    await subscription.close();
    await mirror.stop();
    await open.close();
    await streams.close();
    await keys.close();
    await desk.stop();
    await store.stop();
    rmSync(folder, { recursive: true });
  });
  await next.promise;
  next = Promise.withResolvers<void>();
  const late = new Promise<never>((_, fail) => {
    setTimeout(
      () => fail(new Error(`no change within ${reloadMsMax} ms: ${problems.join('; ')}`)),
      reloadMsMax,
    ).unref();
  });
  const outcome = updatePolicy(desk, {
    key: 'limits/fx',
    content: { type: 'changes', changes: { maximumPositions: 2 } },
    expectedVersion: 1,
    actor: 'operator',
    reason: 'to see it travel',
  });
  assert.equal(outcome.isCommitted, true, JSON.stringify(outcome));
  await Promise.race([next.promise, late]);
  const last = seen.at(-1);
  assert.equal(last?.view.documents['limits/fx']?.document['maximumPositions'], 2);
  assert.equal(last?.onDisk, 2, 'the snapshot was there before the subscriber heard of it');
  assert.deepEqual(problems, []);
});
