import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import { writeSnapshot } from '#adapters/journal/snapshot-files.ts';
import type { Event, EventByType } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { slotNames } from '#domain/pipeline.ts';
import { modules } from '#modules/index.ts';
import { walkBacktest, walkFromAt, walkUntilAt } from '../../tests/support/walk-backtest.ts';
import { recordedEvents, replayRun } from './read-run.ts';
import { journalFolder, RunError, readManifest, snapshotFolder } from './run-folder.ts';
import { explain, type Verdict } from './why.ts';

const minuteMs = 60_000;
const euro = fxInstrument('EUR_USD').id;
const yen = fxInstrument('USD_JPY').id;
const root = mkdtempSync(join(tmpdir(), 'tradewind-why-'));
after(() => rmSync(root, { recursive: true }));

const run = join(root, 'run');
let events: readonly Event[];
before(async () => {
  await walkBacktest({ folder: run });
  events = [...recordedEvents(run)].map(({ event }) => event);
});

/** The first entry into the euro that was filled. */
function firstEntry(): EventByType['order.submitted'] {
  const filled = new Set(events.flatMap((event) => (event.type === 'order.filled' ? [event.clientOrderId] : [])));
  const found = events.find(
    (event) =>
      event.type === 'order.submitted' &&
      event.order.instrument === euro &&
      event.order.purpose === 'entry' &&
      filled.has(event.order.clientOrderId),
  );
  assert.ok(found?.type === 'order.submitted');
  return found;
}

/** Every module in every slot of the decision that it proposes for. */
function places(): string[] {
  return modules.flatMap(({ name, propose }) =>
    slotNames.filter((slot) => propose[slot] !== undefined).map((slot) => `${slot}/${name}`),
  );
}

function verdictOf(verdicts: readonly Verdict[], slot: string, module: string): Verdict | undefined {
  return verdicts.find((verdict) => verdict.slot === slot && verdict.module === module);
}

test('an entry is explained by every module in each of its slots, and by the order that was sent', () => {
  const entry = firstEntry();
  const explanation = explain(run, euro, entry.at);
  assert.equal(explanation.instrument, euro);
  assert.equal(explanation.decidedAt, entry.at);
  assert.deepEqual(
    explanation.outcomes.filter(({ type }) => type === 'order.submitted'),
    [entry],
  );
  const told = new Set(explanation.verdicts.map(({ slot, module }) => `${slot}/${module}`));
  assert.deepEqual([...told].sort(), places().sort());
  const signal = verdictOf(explanation.verdicts, 'signal', 'combined-direction');
  assert.deepEqual(
    [signal?.mode, signal?.outcome, signal?.code],
    ['ACTIVE', 'changed', entry.order.side === 'buy' ? 'long' : 'short'],
  );
});

test('the slots are told in the order in which they are asked', () => {
  const { verdicts } = explain(run, euro, firstEntry().at);
  const asked = ['universe', 'signal', 'gate', 'plan', 'allocation', 'risk', 'execution'];
  const told = [...new Set(verdicts.map(({ slot }) => slot))].filter((slot) => asked.includes(slot));
  assert.deepEqual(told, asked);
});

test('the decision is the last one at or before the time asked for', () => {
  const decidedAt = firstEntry().at;
  const explanation = explain(run, euro, decidedAt);
  assert.deepEqual(explain(run, euro, decidedAt + minuteMs - 1), explanation);
  assert.equal(explain(run, euro, decidedAt + minuteMs).decidedAt, decidedAt + minuteMs);
  assert.equal(explain(run, euro, decidedAt - 1).decidedAt, decidedAt - minuteMs);
});

test('a module that said nothing of the instrument is silent, without a figure', () => {
  // Two minutes into the run there is no signal yet, so no gate has anything to judge.
  const { verdicts, outcomes, signedQuantity } = explain(run, yen, walkFromAt + 2 * minuteMs);
  const freshness = verdictOf(verdicts, 'gate', 'freshness');
  assert.deepEqual(freshness, {
    slot: 'gate',
    module: 'freshness',
    mode: 'ACTIVE',
    outcome: 'kept',
    code: 'silent',
    value: null,
    reason: '',
  });
  assert.deepEqual(outcomes, []);
  assert.equal(signedQuantity, 0);
});

test('what one instrument is told of is not told of another', () => {
  const entry = firstEntry();
  const other = explain(run, yen, entry.at);
  assert.equal(other.decidedAt, entry.at);
  for (const event of other.outcomes) {
    assert.ok(event.type === 'order.submitted' || event.type === 'order.denied');
    assert.equal(event.type === 'order.submitted' ? event.order.instrument : event.instrument, yen);
  }
  assert.ok(!other.outcomes.includes(entry));
});

test('a refused order is told with its reason', () => {
  const denied = events.find((event) => event.type === 'order.denied');
  assert.ok(denied?.type === 'order.denied');
  const { outcomes, decidedAt } = explain(run, denied.instrument, denied.at);
  assert.equal(decidedAt, denied.at);
  assert.deepEqual(
    outcomes.filter(({ type }) => type === 'order.denied'),
    [denied],
  );
});

/** What the fills before a decision come to. */
function heldAt(decidedAt: number): number {
  let held = 0;
  for (const event of events) {
    if (event.at > decidedAt || (event.at === decidedAt && event.type === 'time.ticked')) break;
    if (event.type !== 'order.filled' || event.instrument !== euro) continue;
    held += event.side === 'buy' ? event.quantity : -event.quantity;
  }
  return held;
}

test('the quantity is the one that was held at the decision', () => {
  const { at } = firstEntry();
  // An order of one decision is filled with the bar of the next minute, which closes after that minute's decision.
  const times = [at, at + minuteMs, at + 2 * minuteMs];
  const seen = times.map((asked) => explain(run, euro, asked).signedQuantity);
  assert.deepEqual(seen, times.map(heldAt));
  assert.notEqual(seen[2], seen[1]);
});

test('the middle price lies half a spread above the bid that the newest bar closed at', () => {
  const { at } = firstEntry();
  const bar = events.findLast((event) => event.type === 'bar.closed' && event.instrument === euro && event.at <= at);
  assert.ok(bar?.type === 'bar.closed');
  // The spread of the walk is the cost table's, 1.4 pips at most at this hour, in ticks of a tenth of a pip.
  const half = explain(run, euro, at).midPrice - bar.close;
  assert.ok(half > 0 && half <= 10, `half a spread of ${half} ticks`);
});

test('the last decision is explained the same from the snapshot and from the beginning', () => {
  const whole = join(root, 'whole');
  cpSync(run, whole, { recursive: true });
  rmSync(snapshotFolder(whole), { recursive: true });
  const explanation = explain(run, euro, walkUntilAt + minuteMs);
  assert.equal(explanation.decidedAt, walkUntilAt + 30_000);
  assert.deepEqual(explain(whole, euro, walkUntilAt + minuteMs), explanation);
});

test('a snapshot after the last decision does not hide it', async () => {
  const stopped = join(root, 'stopped');
  cpSync(run, stopped, { recursive: true });
  const { state } = replayRun(stopped).engine;
  const snapshot = { sequence: state.sequence, chainHash: '', codeVersion: '', value: { state } };
  await writeSnapshot(snapshotFolder(stopped), snapshot, { keep: 64 });
  assert.equal(explain(stopped, euro, walkUntilAt + 60 * minuteMs).decidedAt, walkUntilAt + 30_000);
});

test('an instrument that the run does not have is refused with those it has', () => {
  assert.throws(() => explain(run, fxInstrument('AUD_USD').id, walkUntilAt), {
    name: 'RunError',
    message: "the run has no instrument 'AUDUSD.OANDA': expected one of EURUSD.OANDA, USDJPY.OANDA",
  });
});

test('a time before the first decision and a folder without a run are refused', () => {
  assert.throws(() => explain(run, euro, walkFromAt + minuteMs), {
    name: 'RunError',
    message: 'the run decided nothing at or before that time',
  });
  assert.equal(explain(run, euro, walkFromAt + minuteMs + 30_000).decidedAt, walkFromAt + minuteMs + 30_000);
  assert.throws(() => explain(join(root, 'nowhere'), euro, walkUntilAt), RunError);
});

test('a journal that is decided otherwise is explained up to the difference alone', async () => {
  const changed = join(root, 'changed');
  mkdirSync(changed);
  cpSync(join(run, 'run.json'), join(changed, 'run.json'));
  const journal = openJournal(journalFolder(changed), { runId: readManifest(run).runId, sync: 'none' });
  const place = events.findIndex((event) => event.type === 'module.decided' && event.at > walkFromAt + 60 * minuteMs);
  for (const [index, event] of events.entries())
    journal.append(index === place && event.type === 'module.decided' ? { ...event, reason: 'another' } : event);
  await journal.close();
  assert.throws(() => explain(changed, euro, walkUntilAt), {
    name: 'RunError',
    message: `the journal cannot be decided anew from sequence ${place + 1} on: 'replay' names the difference`,
  });
  const beforeAt = (events[place]?.at ?? 0) - 1;
  assert.deepEqual(explain(changed, euro, beforeAt), explain(run, euro, beforeAt));
});
