import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import { askControl } from '#runtime/control-socket.ts';
import { recordedEvents } from '#runtime/read-run.ts';
import { journalFolder, readManifest } from '#runtime/run-folder.ts';

const bin = resolve(import.meta.dirname, '../../bin/tradewind');

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Running {
  readonly child: ChildProcess;
  readonly lines: Line[];
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly work: string }>;
  /** Resolves with the first line of a type, told already or still to come; rejects when the process ends without it. */
  line(type: string): Promise<Line>;
}

/** Under these a small market trades within its first hours: no floor, no guard, no wait. */
const eager = [
  ...['EVAL_MODE=echo', 'ECHO_MIN_REPETITIONS=1', 'ECHO_HAZARD_MAX=1', 'EVAL_COOLDOWN_SEC=0', 'EVAL_REQ_CONSEC=1'],
  ...[
    'GUARD_PROFILE=seed',
    'AUTO_MIN_COHERENCE=0',
    'GUARD_MIN_STABILITY=0',
    'AUTO_MAX_RUPTURE=1',
    'AUTO_MAX_ENTROPY=1',
  ],
  ...['DIR_DC_MODE=off', 'AUTO_DIR_THRESHOLD_BPS=1'],
].flatMap((setting) => ['--set', setting]);

function start(t: TestContext, ...argv: string[]): Running {
  const child = spawn(process.execPath, [bin, 'run', '--json', '--port', '0', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: Line[] = [];
  const waiting: (() => void)[] = [];
  let text = '';
  let work = '';
  child.stderr.on('data', (piece: Buffer) => {
    work += piece.toString();
  });
  child.stdout.on('data', (piece: Buffer) => {
    const parts = (text + piece.toString()).split('\n');
    text = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part) as Line);
    for (const look of waiting.splice(0)) look();
  });
  const ended = new Promise<{ code: number | null; signal: string | null; work: string }>((done) => {
    child.on('close', (code, signal) => done({ code, signal, work }));
  });
  const line = async (type: string): Promise<Line> => {
    for (;;) {
      const found = lines.find((candidate) => candidate.type === type);
      if (found !== undefined) return found;
      const hasEnded = await Promise.race([
        ended.then(() => true),
        new Promise<false>((done) => void waiting.push(() => done(false))),
      ]);
      assert.ok(!hasEnded, `the run ended without '${type}': ${work}`);
    }
  };
  return { child, lines, ended, line };
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'run-command-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a journal holds: how many events, which client order ids, and the runs that were begun. */
function readBack(folder: string) {
  const orderIds: string[] = [];
  let events = 0;
  let starts = 0;
  let decided = 0;
  for (const { event } of recordedEvents(folder)) {
    events += 1;
    if (event.type === 'order.submitted') orderIds.push(event.order.clientOrderId);
    else if (event.type === 'run.started') starts += 1;
    else if (event.type === 'module.decided') decided += 1;
  }
  return { events, orderIds, starts, decided };
}

test('a killed desk goes on where it was: the same run, a whole journal, no order twice', {
  timeout: 60_000,
}, async (t) => {
  const folder = folderOf(t);
  const argv = ['--data-dir', folder, '--instruments', 'EUR_USD,GBP_USD,USD_JPY', '--speed', '3000', ...eager];
  const first = start(t, ...argv);
  await first.line('order.filled');
  first.child.kill('SIGKILL');
  assert.equal((await first.ended).signal, 'SIGKILL');

  const { runId } = readManifest(folder);
  const before = readBack(folder);
  assert.equal(verifyJournal(journalFolder(folder)), before.events);
  assert.ok(before.orderIds.length > 0, 'orders were journalled before they were filled');
  assert.ok(before.decided > 0);

  const second = start(t, ...argv, '--for', '4');
  const opened = await second.line('opened');
  assert.deepEqual([opened['isNew'], opened['runId']], [false, runId]);
  assert.equal(opened['recoveredEvents'], before.events);
  const { code, work } = await second.ended;
  assert.equal(code, 0, work);
  assert.equal(second.lines.at(-1)?.type, 'stopped');

  const after = readBack(folder);
  assert.equal(verifyJournal(journalFolder(folder)), after.events);
  assert.ok(after.events > before.events);
  assert.equal(after.starts, 1);
  assert.equal(readManifest(folder).runId, runId);
  assert.equal(new Set(after.orderIds).size, after.orderIds.length, 'an order was submitted twice');
  assert.deepEqual(after.orderIds.slice(0, before.orderIds.length), before.orderIds);

  const third = start(t, ...argv, '--for', '0.5');
  const reopened = await third.line('opened');
  assert.equal(reopened['recoveredEvents'], 0, 'after a stop in order the snapshot is enough');
  assert.equal((await third.ended).code, 0);
});

test('the switch answers through the page and through its own socket, and a signal stops in order', {
  timeout: 60_000,
}, async (t) => {
  const folder = folderOf(t);
  const desk = start(t, '--data-dir', folder, '--instruments', 'EUR_USD', '--speed', '3000');
  const address = String((await desk.line('listening'))['address']);
  const headers = { 'content-type': 'application/json' };
  const post = (body: object) =>
    fetch(`${address}/api/kill-switch`, { method: 'POST', headers, body: JSON.stringify(body) });
  const isEngaged = async (): Promise<unknown> =>
    ((await (await fetch(`${address}/api/kill-switch`)).json()) as { kill_switch: boolean }).kill_switch;

  assert.equal(await isEngaged(), false);
  assert.equal((await post({})).status, 400);
  assert.equal(await isEngaged(), false);
  assert.equal((await post({ enabled: true, reason: 'test' })).status, 200);
  assert.equal(await isEngaged(), true);
  assert.equal((await post({ enabled: false })).status, 409);
  assert.equal((await askControl(folder, { command: 'kill.release', actor: 'ann', reason: 'back' }))?.isDone, true);
  assert.equal(await isEngaged(), false);
  assert.match(await (await fetch(`${address}/metrics`)).text(), /^tradewind_decisions_total \d+$/m);

  const second = start(t, '--data-dir', folder);
  assert.equal((await second.ended).code, 2);

  desk.child.kill('SIGTERM');
  const { code, work } = await desk.ended;
  assert.equal(code, 0, work);
  assert.equal(desk.lines.find(({ type }) => type === 'stopping')?.['reason'], 'asked to by SIGTERM');
  const types = [...recordedEvents(folder)].flatMap(({ event }) =>
    event.type.startsWith('kill.') ? [event.type] : [],
  );
  assert.deepEqual(types, ['kill.released', 'kill.engaged', 'kill.released']);
});

test('a desk whose output nobody reads any more goes on, and stops in order', { timeout: 60_000 }, async (t) => {
  const folder = folderOf(t);
  const argv = ['--data-dir', folder, '--instruments', 'EUR_USD,GBP_USD,USD_JPY', '--speed', '3000', ...eager];
  const desk = start(t, ...argv, '--for', '4');
  await desk.line('listening');
  desk.child.stdout?.destroy();
  const { code, work } = await desk.ended;
  assert.equal(code, 0, work);
  assert.ok(readBack(folder).orderIds.length > 0, 'it traded after the reader had gone');
  const next = start(t, ...argv, '--for', '0.5');
  assert.equal((await next.line('opened'))['recoveredEvents'], 0, 'the stop left a snapshot of its last event');
  assert.equal((await next.ended).code, 0);
});
