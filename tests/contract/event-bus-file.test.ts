import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BusSink } from '#adapters/bus/bus-sink.ts';
import { FileStreams } from '#adapters/bus/file-streams.ts';
import { systemTime } from '#adapters/time/system-time.ts';
import { envelopeId, streamNamesOf } from '#domain/bus/envelope.ts';
import { envelopeOf, eventually, listen, positionAt, publish, sequencesOf, wholeRange } from '../support/bus-scene.ts';
import { HandClock } from '../support/hand-clock.ts';

// What the bus of a desk without servers keeps when its process ends, whichever way.

const { type: filledStream, domain: orderStream } = streamNamesOf('order.filled');

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-bus-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('what was in hand when the file was closed comes again after it is opened, and what was done does not', async (t) => {
  const path = join(folderOf(t), 'streams.sqlite');
  const clock = new HandClock();
  const first = new FileStreams(path, clock);
  const listener = listen({
    driver: first,
    time: clock,
    handler: (envelope) => (sequencesOf(listener).length > 3 ? new Promise(() => undefined) : void envelope),
    limits: { inFlightMax: 6, closeWaitMs: 0 },
  });
  await publish(first, ...wholeRange(1, 10).map((sequence) => envelopeOf(sequence, 'order.filled', 'K')));
  await eventually(clock, 'three are settled and one hangs', async () => {
    const [group] = (await first.describe(filledStream)).groups;
    const taken = await first.countBefore(filledStream, group?.floorId ?? '0-0');
    return sequencesOf(listener).length === 4 && taken === 3 && group?.pending === 6;
  });
  await first.close();
  const closing = listener.subscription.close();
  await clock.pass(10_000);
  await closing;

  const again = new FileStreams(path, clock);
  t.after(() => again.close());
  const heard = listen({ driver: again, time: clock });
  await publish(again, envelopeOf(2, 'order.filled', 'K'), envelopeOf(11, 'order.filled', 'K'));
  await eventually(clock, 'the rest is handled', () => heard.subscription.stats().handled === 8);
  await eventually(clock, 'all is settled', () => heard.subscription.stats().inFlight === 0);
  await heard.subscription.close();
  assert.deepEqual(sequencesOf(heard), wholeRange(4, 11));
  assert.equal(heard.subscription.stats().duplicates, 1);
  assert.equal(heard.subscription.stats().claimed, 0);
});

const deskProgram = fileURLToPath(new URL('../support/bus-desk-process.ts', import.meta.url));
const total = 600;
const kills = 10;
const deadlineMs = 20_000;

interface Desk {
  readonly path: string;
  readonly log: string;
  lines(): string[];
}

function deskIn(folder: string): Desk {
  const log = join(folder, 'log');
  const lines = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []);
  return { path: join(folder, 'streams.sqlite'), log, lines };
}

function startDesk(
  t: TestContext,
  { path, log }: Desk,
  hang: { readonly after: number; readonly when: 'before' | 'after' | 'never' },
): ChildProcess {
  const given = [deskProgram, path, log, String(total), String(hang.after), hang.when];
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'ignore', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await ended;
}

async function within(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + deadlineMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < until, `expected within ${deadlineMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** True when the group has settled all that was published. */
async function isAllSettled(path: string): Promise<boolean> {
  const driver = new FileStreams(path, systemTime, { readOnly: true });
  try {
    const [group] = (await driver.describe(orderStream)).groups;
    const taken = await driver.countBefore(orderStream, group?.floorId ?? '0-0');
    return taken === total && group?.pending === 0;
  } finally {
    await driver.close();
  }
}

test('a desk killed ten times in the middle of handling tells each envelope, and acts on each once', async (t) => {
  const desk = deskIn(folderOf(t));
  for (let kill = 0; kill < kills; kill += 1) {
    const child = startDesk(t, desk, { after: 1 + kill * 4, when: kill % 2 === 0 ? 'before' : 'after' });
    const before = desk.lines().filter((line) => line === 'hangs').length;
    await within(`desk ${kill} hangs`, () => desk.lines().filter((line) => line === 'hangs').length > before);
    await killed(child);
  }
  const last = startDesk(t, desk, { after: 0, when: 'never' });
  await within('all is settled', () => isAllSettled(desk.path));
  await killed(last);

  const lines = desk.lines();
  const ids = wholeRange(1, total).map((sequence) => envelopeOf(sequence).id);
  const told = lines.filter((line) => line.startsWith('told ')).map((line) => line.split(' ')[1] ?? '');
  const acted = lines.filter((line) => line.startsWith('acted ')).map((line) => line.split(' '));
  assert.deepEqual([...new Set(told)].sort(), ids.toSorted());
  assert.deepEqual(acted.map(([, id]) => id ?? '').sort(), ids.toSorted());
  // What hung is told again each time, and no more than was in hand.
  assert.ok(told.length >= total + kills && told.length <= total + kills * 8, `${told.length}`);
  for (const key of ['K0', 'K1', 'K2', 'K3', 'K4']) {
    const ofKey = acted.filter((line) => line[3] === key).map((line) => Number(line[2]));
    const inOrder = ofKey.toSorted((left, right) => left - right);
    assert.deepEqual(ofKey, inOrder, key);
  }
  assert.deepEqual(
    lines.filter((line) => line.startsWith('problem ')),
    [],
  );

  const driver = new FileStreams(desk.path, systemTime, { readOnly: true });
  t.after(() => driver.close());
  assert.deepEqual(await driver.position('bus'), positionAt(total));
  assert.equal((await driver.describe(filledStream)).length, total);
  assert.equal((await driver.describe(orderStream)).length, total);
  assert.deepEqual(await driver.deadLetterStreams(), []);
});

test('two processes that write to one file at a time lose nothing and mix nothing', async (t) => {
  const desk = deskIn(folderOf(t));
  const driver = new FileStreams(desk.path, systemTime);
  t.after(() => driver.close());
  startDesk(t, desk, { after: 0, when: 'never' });
  const sink = new BusSink(driver);
  const ours = wholeRange(1, 200).map((sequence) => ({
    ...envelopeOf(sequence),
    id: envelopeId({ runId: 'another-run', sequence, type: 'order.filled', at: 1_700_000_000_000 }),
  }));
  await within('the desk writes', async () => (await driver.position('bus')) !== undefined);
  for (const [index, envelope] of ours.entries()) {
    const from = index === 0 ? undefined : positionAt(index);
    await sink.apply('another', [envelope], from, positionAt(index + 1));
  }
  await within(
    'all is acted on',
    () => desk.lines().filter((line) => line.startsWith('acted ')).length === total + 200,
  );
  const told = desk.lines().filter((line) => line.startsWith('told '));
  assert.equal(new Set(told).size, total + 200);
  assert.equal(told.length, total + 200);
  for (const stream of [filledStream, orderStream]) {
    const { length, lastId } = await driver.describe(stream);
    assert.equal(length, total + 200);
    assert.equal(await driver.idAt(stream, length - 1), lastId);
  }
  assert.deepEqual(
    [(await driver.position('bus'))?.sequence, (await driver.position('another'))?.sequence],
    [total, 200],
  );
});
