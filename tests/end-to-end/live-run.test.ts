import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { planLive } from '#cli/live-plan.ts';
import { armingRefusal } from '#runtime/live/arming.ts';
import { type DeskProcess, startProcess } from '../support/desk-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const bin = resolve(import.meta.dirname, '../../bin/tradewind');
/** What must not turn up anywhere; its plus and slash are told from it in an address. */
const canary = 'CANARY+token/7f3a9c51';
const accountId = '101-004-1435156-001';
const timeout = 300_000;
const credentials = { OANDA_API_KEY: canary, OANDA_ACCOUNT_ID: accountId };

test('a desk at a real venue is looked at, run, armed, released, disarmed and run again', { timeout }, async (t) => {
  const { url, folder } = await openVenue(t);
  const venue = ['--venue', 'oanda', '--account', 'demo', '--environment', 'simulated', '--venue-url', url];
  const of = ['--data-dir', folder];

  const looked = await command(['preflight', ...venue], credentials);
  assert.equal(looked.code, 0, looked.text);
  const foreign = await command(['preflight', ...venue], { ...credentials, OANDA_API_KEY: 'CANARY+other/11' });
  assert.equal(foreign.code, 1, foreign.text);
  assert.match(foreign.text, /^broken\s+credentials\s+a key of 'simulated'\s+Insufficient authorization/m);

  const desk = start(t, [...venue, ...of], { READ_ONLY: '0' });
  const address = String((await desk.line('listening'))['address']);
  assert.equal((await desk.line('opened'))['isNew'], true);
  const fresh = await statusOf(folder);
  assert.deepEqual(
    [fresh.kind, fresh.market, fresh.kill.isEngaged, fresh.venue.isArmed],
    ['live', 'oanda:simulated:demo', true, false],
  );
  assert.equal((await command(['status', ...of])).code, 0);

  const arm = (phrase: string): Promise<Said> =>
    command(['arm', '--account', 'demo', ...of, '--reason', 'checked', '--phrase', phrase]);
  const wrong = await arm('ARM other');
  assert.deepEqual([wrong.code, (await statusOf(folder)).venue.isArmed], [1, false], wrong.text);
  const right = await arm('ARM demo');
  assert.deepEqual([right.code, (await statusOf(folder)).venue.isArmed], [0, true], right.text);
  assert.equal((await statusOf(folder)).kill.isEngaged, true, 'to arm is not to release');
  const asked = await command(['kill', 'release', ...of, '--reason', 'checked']);
  assert.equal(asked.code, 2, 'nobody can confirm without a terminal');
  const released = await command(['kill', 'release', ...of, '--reason', 'checked', '--yes']);
  assert.deepEqual([released.code, (await statusOf(folder)).kill.isEngaged], [0, false], released.text);

  const pages = await Promise.all(
    ['/', '/api/status', '/metrics', '/api/kill-switch', '/health'].map((path) => page(address, path)),
  );
  const disarmed = await command(['disarm', '--account', 'demo', ...of, '--reason', 'enough']);
  assert.deepEqual([disarmed.code, (await statusOf(folder)).venue.isArmed], [0, false], disarmed.text);
  const ended = await desk.stop();
  assert.deepEqual([ended.code, ended.signal], [0, null], ended.work);

  const again = start(t, [...venue, ...of], { READ_ONLY: '1' });
  await again.line('listening');
  const opened = await again.line('opened');
  assert.deepEqual([opened['isNew'], opened['runId']], [false, (await desk.line('opened'))['runId']]);
  const kept = await statusOf(folder);
  assert.deepEqual([kept.kill.isEngaged, kept.venue.isArmed], [false, false], 'what an operator said is kept');
  const readOnly = await arm('ARM demo');
  assert.equal(readOnly.code, 1);
  assert.match(readOnly.text, /READ_ONLY/);
  assert.equal((await again.stop()).code, 0);

  const told = [looked, foreign, wrong, right, asked, released, disarmed, readOnly].map(({ text }) => text);
  const lines = [desk, again].flatMap(({ lines: each }) => each.map((line) => JSON.stringify(line)));
  assertNoCanary([...told, ...lines, ...pages, ended.work, ...filesIn(folder)]);
});

test('a desk at a live account cannot be armed unless that is switched on, and never while it is read-only', () => {
  const refusal = (environment: Readonly<Record<string, string>>): string | undefined => {
    const asked = {
      venue: 'oanda',
      account: 'demo',
      environment: 'live',
      set: {},
      dataDir: join(tmpdir(), 'nowhere'),
    } as const;
    const { live } = planLive(asked, { ...credentials, OANDA_ENVIRONMENT: 'live', ...environment });
    return armingRefusal(live);
  };
  assert.match(refusal({ READ_ONLY: '0' }) ?? '', /LIVE_TRADING_ENABLED/);
  assert.match(refusal({ LIVE_TRADING_ENABLED: '1' }) ?? '', /READ_ONLY/);
  assert.equal(refusal({ READ_ONLY: '0', LIVE_TRADING_ENABLED: '1' }), undefined);
});

interface Said {
  readonly code: number | null;
  readonly text: string;
}

interface ShownStatus {
  readonly kind: string;
  readonly market: string;
  readonly kill: { readonly isEngaged: boolean };
  readonly venue: { readonly isArmed: boolean };
}

/** The simulated venue as a user starts it. */
async function openVenue(t: TestContext): Promise<{ readonly url: string; readonly folder: string }> {
  const root = mkdtempSync(join(tmpdir(), 'tradewind-user-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const after = (work: () => void): void => t.after(work);
  const served = startProcess(['simulate-venue', 'oanda', '--port', '0', '--token', canary, '--json'], { after });
  await waitUntil('the venue is served', () => served.lines.length > 0);
  const [told] = served.lines;
  assert.equal(told?.['account'], accountId);
  return { url: String(told?.['address']), folder: join(root, 'desk') };
}

function start(t: TestContext, options: readonly string[], environment: Readonly<Record<string, string>>): DeskProcess {
  const argv = ['run', ...options, '--history-days', '1', '--port', '0', '--json'];
  return startProcess(argv, { environment: { ...credentials, ...environment }, after: (work) => t.after(work) });
}

async function statusOf(folder: string): Promise<ShownStatus> {
  const { code, text } = await command(['status', '--data-dir', folder, '--json']);
  assert.equal(code, 0, text);
  return JSON.parse(text) as ShownStatus;
}

async function page(address: string, path: string): Promise<string> {
  const answer = await fetch(address + path);
  assert.equal(answer.status, 200, path);
  return answer.text();
}

function command(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Said> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [bin, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
    });
    let text = '';
    const hear = (piece: Buffer): void => {
      text += piece.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', (code) => done({ code, text }));
  });
}

/** Everything that was written beside and in a folder. */
function filesIn(folder: string): readonly string[] {
  const beside = resolve(folder, '..');
  const names = readdirSync(beside, { recursive: true, encoding: 'utf8' }).map((name) => join(beside, name));
  const files = names.filter((name) => statSync(name).isFile());
  assert.ok(
    files.some((name) => name.endsWith('.twj')),
    'a journal was written',
  );
  return files.map((name) => readFileSync(name, 'latin1'));
}

function assertNoCanary(texts: readonly string[]): void {
  const forms = [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64'), 'CANARY'];
  for (const text of texts)
    for (const form of forms) assert.ok(!text.includes(form), `'${form}' in '${text.slice(0, 200)}'`);
}
