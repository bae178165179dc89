import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { traceIdOf } from '#domain/trace.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';
import { logFolder, spanFolder } from '#runtime/telemetry/telemetry-folders.ts';
import { openTelemetry } from './run-telemetry.ts';

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-telemetry-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('lines and spans go into the folder, and secrets of the configuration never do', async (t) => {
  const folder = temporary(t);
  const secret = 'redis://:swordfish@store:6379/0';
  const telemetry = openTelemetry(configurationFrom({ VALKEY_URL: secret }), folder);
  telemetry.log.info('store.opened', { metadata: { where: secret } });
  telemetry.tracing.span('test', {}, () => undefined);
  await telemetry.close();
  const [file] = readdirSync(logFolder(folder)).filter((name) => name.endsWith('.jsonl'));
  const text = readFileSync(join(logFolder(folder), file ?? ''), 'utf8');
  assert.match(text, /"event":"store.opened"/);
  assert.doesNotMatch(text, /swordfish/);
  assert.equal(readdirSync(spanFolder(folder)).length, 1);
});

test('a log that nobody wants is written nowhere', async (t) => {
  const folder = temporary(t);
  const telemetry = openTelemetry(configurationFrom({ LOG_DESTINATION: 'none' }), folder);
  telemetry.log.error('unheard');
  await telemetry.close();
  assert.equal(existsSync(logFolder(folder)), false);
});

test('a fast desk keeps a share of its traces', async (t) => {
  const telemetry = openTelemetry(configurationFrom({}), temporary(t), { speed: 1e9, secrets: [] });
  const ids = Array.from({ length: 200 }, (_, sequence) => traceIdOf({ runId: 'run-1', sequence, traceparent: null }));
  const kept = ids.filter((id) => telemetry.tracing.keeps(id));
  assert.equal(kept.length, 0);
  await telemetry.close();
});
