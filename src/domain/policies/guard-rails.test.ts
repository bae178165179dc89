import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cryptoPolicies, cryptoPolicyNames } from './crypto-policies.ts';
import {
  expectation,
  type GuardRail,
  guardedRun,
  guardRailProblem,
  guardRails,
  withinGuardRails,
} from './guard-rails.ts';

const kinds = { live: 'live', simulated: 'paper' } as const;

/** A document that says one thing, at a path whose stars are filled with a name. */
function saying(path: string, value: unknown): Record<string, unknown> {
  return path
    .replaceAll('*', 'ANY')
    .split('.')
    .reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Record<string, unknown>;
}

function problem({ domain, path }: GuardRail, value: unknown, run: 'live' | 'simulated'): string | undefined {
  return guardRailProblem(domain, saying(path, value), kinds[run]);
}

test('each guard rail lets its own figure pass and refuses the next, live and simulated', () => {
  for (const rail of guardRails) {
    for (const run of ['live', 'simulated'] as const) {
      const name = `${rail.domain}.${rail.path} ${run}`;
      if (rail.bound.type === 'never') {
        const found = problem(rail, rail.bound.value, run);
        assert.equal(found !== undefined, run === 'live', name);
        continue;
      }
      const limit = rail.bound[run];
      const wild = rail.bound.type === 'atMost' ? 1e9 : -1e9;
      if (limit === null) {
        assert.equal(problem(rail, wild, run), undefined, name);
        continue;
      }
      const beyond = limit + (rail.bound.type === 'atMost' ? 1e-9 : -1e-9);
      assert.equal(problem(rail, limit, run), undefined, name);
      assert.match(problem(rail, beyond, run) ?? '', new RegExp(`in a ${run} run, found '.*', since `), name);
      assert.ok(problem(rail, wild, run) !== undefined, name);
    }
  }
});

test('real money is bound at least as tightly as a simulated run', () => {
  for (const { bound, domain, path } of guardRails) {
    if (bound.type === 'never' || bound.simulated === null) continue;
    const isTighter = bound.type === 'atMost' ? bound.live <= bound.simulated : bound.live >= bound.simulated;
    assert.ok(isTighter, `${domain}.${path}`);
  }
});

test('a run of unknown kind counts as real money', () => {
  assert.deepEqual(['live', 'paper', 'backtest', 'none', ''].map(guardedRun), [
    ...['live', 'simulated', 'simulated', 'live', 'live'],
  ]);
});

test('the sentence names the field, the bound, the value and the reason', () => {
  assert.equal(
    guardRailProblem('risk', { modes: { SAFE: { max_leverage: 11 } } }, 'live'),
    "'modes.SAFE.max_leverage': expected at most 10 in a live run, found '11', since leverage ends at 30 on a test venue and at 10 with real money",
  );
  assert.equal(
    guardRailProblem('ai', { modules: { governor: { mode: 'DISABLED' } } }, 'live'),
    "'modules.governor.mode': expected anything but 'DISABLED' in a live run, found 'DISABLED', since the veto stays on with real money",
  );
});

test('a document of another domain, of other fields or of other types is none of its business', () => {
  assert.equal(guardRailProblem('strategy', { maximumLeverage: 1e9 }, 'live'), undefined);
  assert.equal(guardRailProblem('limits', {}, 'live'), undefined);
  assert.equal(guardRailProblem('spread-gate', { maximumSpreadBps: null }, 'live'), undefined);
  assert.equal(guardRailProblem('risk', { modes: null, ess: 3 }, 'live'), undefined);
});

test('the defaults of the crypto desk are within them on paper, and are brought within them for real money', () => {
  for (const name of cryptoPolicyNames) {
    const defaults = cryptoPolicies[name].schema.parse({});
    assert.equal(guardRailProblem(name, defaults, 'paper'), undefined, name);
    assert.deepEqual(withinGuardRails(name, defaults, 'paper'), defaults, name);
    const live = withinGuardRails(name, defaults, 'live');
    assert.equal(guardRailProblem(name, live, 'live'), undefined, name);
    assert.ok(cryptoPolicies[name].schema.safeParse(live).success, name);
  }
  const execution = cryptoPolicies.execution.schema.parse({});
  assert.equal(withinGuardRails('execution', execution, 'live')['max_leverage'], 10);
  assert.equal(execution['max_leverage'], 30);
});

test('what a bound allows is told in words', () => {
  assert.equal(expectation({ type: 'atLeast', live: 0.5, simulated: null }, 'simulated'), undefined);
  assert.equal(expectation({ type: 'atLeast', live: 0.5, simulated: null }, 'live'), 'at least 0.5');
  assert.equal(expectation({ type: 'never', value: false, run: 'live' }, 'simulated'), undefined);
});
