import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthReportSchema, type SystemHealth } from '#domain/health.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { type Dependency, HealthChecker } from './health-checker.ts';

const system: SystemHealth = {
  cpu: 1,
  memory: 2,
  memory_used_mb: 3,
  memory_available_mb: 4,
  disk: 5,
  event_loop_lag_ms: 6,
  status: 'HEALTHY',
};

function checker(clock: HandClock, dependencies: readonly Dependency[]): HealthChecker {
  return new HealthChecker({
    service: 'tradewind',
    time: clock,
    dependencies,
    system: () => system,
    modules: () => ({ evaluator: { status: 'HEALTHY', last_beat: null, runs: 0, errors: 0, details: {} } }),
  });
}

function dependency(name: string, check: Dependency['check'], criticality: Dependency['criticality']): Dependency {
  return { name, check, criticality };
}

test('a report has the shape of the specification', async () => {
  const clock = new HandClock(1_700_000_000_000);
  const report = await checker(clock, [
    dependency('valkey', () => ({ details: { version: '7.2.0' } }), 'critical'),
  ]).report();
  assert.deepEqual(report, {
    service: 'tradewind',
    status: 'HEALTHY',
    uptime_s: 0,
    timestamp: '2023-11-14T22:13:20.000Z',
    dependencies: {
      valkey: {
        status: 'HEALTHY',
        latency_ms: 0,
        error: null,
        last_check: '2023-11-14T22:13:20.000Z',
        details: { version: '7.2.0' },
      },
    },
    system,
    modules: { evaluator: { status: 'HEALTHY', last_beat: null, runs: 0, errors: 0, details: {} } },
  });
  assert.equal(healthReportSchema.safeParse(report).success, true);
});

test('what is critical makes the whole critical, what is merely useful degrades it', async () => {
  const fails: Dependency['check'] = () => {
    throw new Error('gone');
  };
  const clock = new HandClock();
  const whole = await checker(clock, [dependency('journal', fails, 'critical')]).report();
  assert.equal(whole.status, 'CRITICAL');
  assert.equal(whole.dependencies['journal']?.error, 'gone');
  const degraded = await checker(clock, [dependency('news', fails, 'degrading')]).report();
  assert.equal(degraded.status, 'DEGRADED');
  assert.equal(degraded.dependencies['news']?.status, 'CRITICAL');
});

test('what does not answer within a second is critical, and keeps nobody waiting', async () => {
  const clock = new HandClock();
  const asking = checker(clock, [dependency('store', () => new Promise(() => undefined), 'critical')]).report();
  await clock.pass(1_000);
  const { dependencies } = await asking;
  assert.equal(dependencies['store']?.error, 'no answer within 1000 ms');
  assert.equal(dependencies['store']?.latency_ms, null);
});

test('a slow answer is degraded', async () => {
  const clock = new HandClock();
  const slow: Dependency['check'] = () => new Promise((done) => void clock.after(700, () => done({ details: {} })));
  const asking = checker(clock, [dependency('store', slow, 'critical')]).report();
  await clock.pass(700);
  assert.equal((await asking).dependencies['store']?.status, 'DEGRADED');
});

test('dependencies are asked every five seconds at most', async () => {
  const clock = new HandClock();
  let asked = 0;
  const counted: Dependency['check'] = () => {
    asked += 1;
    return { details: {} };
  };
  const health = checker(clock, [dependency('store', counted, 'critical')]);
  await Promise.all([health.report(), health.report()]);
  await clock.pass(4_999);
  await health.report();
  assert.equal(asked, 1);
  await clock.pass(1);
  await health.report();
  assert.equal(asked, 2);
});
