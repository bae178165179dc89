import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPaperDesk } from '../../../tests/support/paper-desk.ts';
import type { ProjectionStatus } from '../mirror/projection-runner.ts';
import { journalDependency, ModuleBeats, marketDependency, projectionHealth } from './desk-health.ts';

test('every module of a trading desk has a heartbeat, and one that falls silent is degraded', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-desk-health-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const desk = openPaperDesk(folder);
  await desk.warmUp();
  const ended = Promise.withResolvers<void>();
  desk.start(ended.resolve);
  await ended.promise;
  const { engine } = desk;
  const beats = new ModuleBeats();
  const lively = beats.look(engine);
  assert.ok('freshness/gate' in lively, Object.keys(lively).join(', '));
  for (const [key, { status, runs }] of Object.entries(lively))
    assert.equal(status, runs === 0 ? 'UNKNOWN' : 'HEALTHY', key);
  // The market of the test is over: time goes on, and nobody is called any more.
  engine.state.at += 200_000;
  assert.equal(beats.look(engine)['freshness/gate']?.status, 'DEGRADED');
  const counts = engine.state.calls['freshness/gate'];
  assert.ok(counts !== undefined);
  counts.calls += 1;
  assert.equal(beats.look(engine)['freshness/gate']?.status, 'HEALTHY');
  counts.failed += 1;
  assert.equal(beats.look(engine)['freshness/gate']?.status, 'DEGRADED');
  assert.equal(beats.look(engine)['freshness/gate']?.errors, 1);
  engine.state.at -= 200_000;
  await desk.stop();
});

test('market data is as old as the oldest bar, while the market is open', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-desk-health-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const desk = openPaperDesk(folder);
  await desk.warmUp();
  const { engine } = desk;
  const dependency = marketDependency(engine);
  assert.equal((await dependency.check()).status, 'HEALTHY');
  const market = engine.state.markets['EURUSD.OANDA'];
  assert.ok(market !== undefined);
  market.closedAt = engine.state.at - 100_000;
  const aged = await dependency.check();
  assert.equal(aged.status, 'DEGRADED');
  assert.equal(Reflect.get(aged.details['age_ms'] as object, 'EUR_USD'), 100_000);
  market.closedAt = engine.state.at - 200_000;
  assert.equal((await dependency.check()).status, 'CRITICAL');
  market.closedAt = 0;
  assert.equal((await dependency.check()).status, 'CRITICAL');
  await desk.stop();
});

test('a journal that cannot write is critical', async () => {
  const well = await journalDependency({ lastSequence: 9, durableSequence: 7, problem: undefined }).check();
  assert.deepEqual(well, { status: 'HEALTHY', details: { last_sequence: 9, durable_sequence: 7 } });
  const full = await journalDependency({ lastSequence: 9, durableSequence: 7, problem: 'ENOSPC' }).check();
  assert.equal(full.status, 'CRITICAL');
  assert.equal(full.error, 'ENOSPC');
});

test('a projection that waits or lags degrades the desk and says why', () => {
  const status: ProjectionStatus = {
    name: 'records',
    version: 1,
    condition: 'following',
    sequence: 40,
    lag: 2,
    beatAt: 0,
    problem: undefined,
  };
  assert.deepEqual(projectionHealth(status), {
    status: 'HEALTHY',
    last_beat: '1970-01-01T00:00:00.000Z',
    runs: 40,
    errors: 0,
    details: { condition: 'following', lag: 2, version: 1 },
  });
  assert.equal(projectionHealth({ ...status, lag: 10_001 }).status, 'DEGRADED');
  const waiting = projectionHealth({ ...status, condition: 'waiting', problem: 'the store is away' });
  assert.equal(waiting.status, 'DEGRADED');
  assert.equal(waiting.details['problem'], 'the store is away');
});
