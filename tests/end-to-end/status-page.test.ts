import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { metricsText } from '#api/metrics-text.ts';
import { openServer } from '#api/server.ts';
import { exampleMetrics } from '../support/example-metrics.ts';
import { exampleServer } from '../support/example-server.ts';

const run = promisify(execFile);
const browser = '/usr/bin/chromium';
const pageMs = 5_000;
const browserMs = 40_000;

/** Where the browser is missing the test says so aloud, and fails where its owner has asked for everything. */
function hasBrowser(t: TestContext): boolean {
  if (existsSync(browser)) return true;
  assert.notEqual(
    process.env['TRADEWIND_REQUIRE_SERVICES'],
    '1',
    `'${browser}' is missing: install the package 'chromium'`,
  );
  t.diagnostic(`NOT TESTED: '${browser}' is missing, so nobody has looked at the page: install the package 'chromium'`);
  return false;
}

test('a browser shows the instruments, and the page breaks none of its own rules', { timeout: 60_000 }, async (t) => {
  if (!hasBrowser(t)) return;
  const server = await openServer({
    ...exampleServer,
    metrics: () => metricsText(exampleMetrics()),
    kill: () => ({ isDone: false, message: 'nobody is here' }),
  });
  t.after(() => server.close());
  const profile = mkdtempSync(join(tmpdir(), 'status-page-'));
  t.after(() => rmSync(profile, { recursive: true, force: true }));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const asked = [
    `--user-data-dir=${profile}`,
    `--virtual-time-budget=${pageMs}`,
    '--enable-logging=stderr',
    '--dump-dom',
  ];
  const { stdout, stderr } = await run(browser, [...flags, ...asked, server.address], { timeout: browserMs });
  for (const text of ['EUR/USD', 'USD/JPY', '1.10005', '100,001.00', 'eligible', 'Spread gate', 'few-eligible']) {
    assert.ok(stdout.includes(text), `the page does not show '${text}': ${stdout}`);
  }
  assert.match(stdout, /<p id="stale"[^>]*\shidden=""/);
  assert.match(stdout, /<p id="demonstration" class="banner">demonstration market: planted edge</);
  assert.doesNotMatch(stderr, /Refused to|Content Security Policy|Uncaught/);
});
