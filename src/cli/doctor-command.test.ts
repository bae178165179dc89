import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../../tests/support/command-scene.ts';
import { temporaryFolder } from '../../tests/support/synthetic-desk.ts';
import { registerDoctor } from './doctor-command.ts';
import type { HealthCheck } from './health-check.ts';

async function findings(argv: readonly string[], environment: Record<string, string>) {
  const { code, result } = await runCommand(registerDoctor, ['doctor', '--json', ...argv], environment);
  const { isBroken, checks } = JSON.parse(result) as { isBroken: boolean; checks: HealthCheck[] };
  return { code, isBroken, checks };
}

test('a machine and a folder that are well end with zero', async (t) => {
  const folder = temporaryFolder(t);
  const { code, isBroken, checks } = await findings(['--data-dir', folder], { API_PORT: '0' });
  assert.deepEqual(
    checks.filter(({ state }) => state === 'broken'),
    [],
  );
  assert.deepEqual([code, isBroken], [0, false]);
  for (const name of ['Node', 'disk', 'data folder', 'port', 'configuration', 'run', 'Chromium']) {
    assert.ok(
      checks.some((check) => check.name === name),
      name,
    );
  }
});

test('each malformed variable is a fault of its own', async (t) => {
  const environment = { API_PORT: '0', ALLOC_TOP_K: 'many', TRADEWIND_SPED: '3' };
  const { code, checks } = await findings(['--data-dir', temporaryFolder(t)], environment);
  assert.equal(code, 1);
  assert.equal(checks.filter(({ name, state }) => name === 'configuration' && state === 'broken').length, 2);
});

test('for people it is a table', async (t) => {
  const { result } = await runCommand(registerDoctor, ['doctor', '--data-dir', temporaryFolder(t)], { API_PORT: '0' });
  assert.match(result, /^ok\s+Node\s+version \d+/m);
});
