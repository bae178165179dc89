import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openJournal } from '#adapters/journal/file-journal.ts';
import type { Event } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { columnsFeed } from '#engine/columns-feed.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { createLoop, handle, type Loop, runUntil } from '#engine/loop.ts';
import type { Module } from '#engine/module.ts';
import type { JournalPort } from '#engine/ports.ts';
import { simulatedVenue } from '#sim/simulated-venue.ts';
import { createVenueState } from '#sim/venue-state.ts';
import { euro, signalOf } from '../../tests/support/desk-events.ts';
import { createDeskFixture, fixtureAt } from '../../tests/support/desk-fixture.ts';
import { randomBars } from '../../tests/support/random-bars.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { plainCosts, venueRequest } from '../../tests/support/venue-scene.ts';
import { recordedEvents } from './read-run.ts';
import { recover, recoveringJournal } from './recover-run.ts';
import { journalFolder } from './run-folder.ts';

const minuteMs = 60_000;
const endAt = fixtureAt + 30 * minuteMs;
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-recover-'));
  folders.push(folder);
  return folder;
}

/** Goes in and out of the euro by the clock. */
function trader(direction: 'long' | 'short' = 'long'): Module {
  return slotModule('signal', 'trader', (value) => [...value, signalOf(euro, direction)]);
}
/** Orders at the market, so that none waits and none expires. */
const atMarket = slotModule('execution', 'at-market', (value) =>
  value.map((plan) => ({ ...plan, orderType: 'market', limitPrice: null, timeInForce: 'fillOrKill', expiresAt: null })),
);
const exiter = slotModule('position', 'exiter', (value, context) => {
  const held = Math.abs(context.view.positions[euro]?.signedQuantity ?? 0);
  return held > 0 && (context.at / minuteMs) % 3 > 2
    ? [{ type: 'reduce', instrument: euro, quantity: held, reason: 'time' }]
    : value;
});

function modulesOf(direction: 'long' | 'short' = 'long'): readonly Module[] {
  return [trader(direction), exiter, atMarket];
}

/** A run: its modules, and what an operator asks for once it has come up to a time. */
interface Plan {
  readonly modules: readonly Module[];
  readonly requests: readonly (readonly [untilAt: number, request: (at: number) => Event])[];
}

const engaged = (at: number): Event => ({ type: 'kill.engaged', at, actor: 'a', reason: 'look' });
const released = (at: number): Event => ({ type: 'kill.released', at, actor: 'a', reason: 'fine' });
const flattened = (at: number): Event => ({ type: 'flatten.requested', at, actor: 'a', reason: 'lunch' });

const plain: Plan = {
  modules: modulesOf(),
  requests: [
    [fixtureAt + 8 * minuteMs, engaged],
    [fixtureAt + 12 * minuteMs, released],
    [fixtureAt + 20 * minuteMs + 30_000, flattened],
  ],
};

function setUpEvents({ modules }: Plan): readonly Event[] {
  return createDeskFixture(modules).setUpEvents;
}

/** A loop over the same market and a fresh venue; with a journal it is a run, with a recovering one a recovery. */
function openLoop(journal: JournalPort, modules: readonly Module[]): { readonly loop: Loop; readonly engine: Engine } {
  const symbols: [string, number][] = [
    ['EUR_USD', 110_000],
    ['USD_JPY', 150_000],
  ];
  const series = symbols.map(([symbol, from]) =>
    randomBars({ symbol, from, startAt: fixtureAt, bars: 30, seed: 3, step: 40 }),
  );
  const instruments = symbols.map(([symbol]) => fxInstrument(symbol));
  const costs = { ...plainCosts, latencyMs: 250 };
  const venue = simulatedVenue(createVenueState(venueRequest({ instruments, costs, startBalance: 100_000_000_000 })));
  const engine = createEngine(modules);
  const ports = { feed: columnsFeed(series), venue, journal, makeDurable: () => undefined };
  return { loop: createLoop(engine, ports, fixtureAt, 30_000), engine };
}

/** Runs to the end from wherever the loop is, with the operator's requests that are still to come. */
function finish({ loop, engine }: ReturnType<typeof openLoop>, plan: Plan, done: number): void {
  if (engine.state.sequence === 0) for (const event of setUpEvents(plan)) handle(loop, event);
  for (const [untilAt, request] of plan.requests.slice(done)) {
    runUntil(loop, untilAt);
    handle(loop, request(engine.state.at));
  }
  runUntil(loop, endAt);
}

function wholeRun(plan: Plan): Event[] {
  const events: Event[] = [];
  const journal: JournalPort = { append: (event) => events.push(event as Event), durableSequence: 0 };
  finish(openLoop(journal, plan.modules), plan, 0);
  return events;
}

/** A folder with a journal that holds these events and nothing more, as after a crash. */
function journalWith(events: readonly Event[]): {
  readonly folder: string;
  readonly port: JournalPort;
  close(): Promise<void>;
} {
  const folder = newFolder();
  const journal = openJournal(journalFolder(folder), { runId: 'fixture', sync: 'none' });
  for (const event of events) journal.append(event);
  journal.flushSync();
  return { folder, port: journal, close: () => journal.close() };
}

function requestsIn(events: readonly Event[]): number {
  return events.filter((event) => 'actor' in event && event.actor === 'a').length;
}

async function recoverAndFinish(
  plan: Plan,
  events: readonly Event[],
): Promise<{ readonly recovered: number; readonly journal: Event[] }> {
  const { folder, port, close } = journalWith(events);
  const recovering = recoveringJournal(folder, 1, port);
  const opened = openLoop(recovering, plan.modules);
  const recovered = recover(opened.loop, recovering);
  finish(opened, plan, requestsIn(events));
  await close();
  return { recovered, journal: [...recordedEvents(folder)].map(({ event }) => event) };
}

/** Cuts the journal of a run at many places, each followed by a recovery, and expects the same run every time. */
async function requireWholeness(plan: Plan, cuts: (whole: readonly Event[]) => Iterable<number>): Promise<void> {
  const whole = wholeRun(plan);
  for (const cut of cuts(whole)) {
    const { recovered, journal } = await recoverAndFinish(plan, whole.slice(0, cut));
    assert.equal(recovered, cut, `cut at ${cut}`);
    assert.deepEqual(journal, whole, `cut at ${cut}`);
  }
}

test('the run that is recovered below has orders, fills, round trips, denials and requests of an operator', () => {
  const types = wholeRun(plain).map(({ type }) => type);
  for (const type of ['order.submitted', 'order.filled', 'roundTrip.closed', 'kill.engaged', 'order.denied'] as const)
    assert.ok(types.includes(type), type);
});

test('an empty journal recovers nothing and the run is a new one', async () => {
  const { recovered, journal } = await recoverAndFinish(plain, []);
  assert.equal(recovered, 0);
  assert.deepEqual(journal, wholeRun(plain));
});

test('wherever the journal was cut, recovery completes the step and the run ends as if it had never stopped', () =>
  requireWholeness(plain, (whole) => {
    // Every place around the first order, and a stride over the rest.
    const first = whole.findIndex(({ type }) => type === 'order.submitted');
    const cuts = new Set([whole.length, ...Array.from({ length: 12 }, (_, index) => first - 4 + index)]);
    for (let cut = setUpEvents(plain).length; cut < whole.length; cut += 17) cuts.add(cut);
    return cuts;
  }));

test('an order that had expired does not stop the recovery', () => {
  const plan: Plan = { modules: [trader(), exiter], requests: [] };
  return requireWholeness(plan, (whole) => {
    assert.ok(whole.some(({ type }) => type === 'order.expired'));
    return [whole.length];
  });
});

test('a request between two events of the market does not stop the recovery', () => {
  const requests: Plan['requests'] = [[fixtureAt + 4 * minuteMs + 15_000, flattened]];
  return requireWholeness({ modules: modulesOf(), requests }, (whole) => [whole.length]);
});

test('a version that decides otherwise stops at the first difference', () => {
  const whole = wholeRun(plain);
  const { folder, port } = journalWith(whole);
  const recovering = recoveringJournal(folder, 1, port);
  const { loop } = openLoop(recovering, modulesOf('short'));
  const sequence = whole.findIndex(({ type }) => type === 'order.submitted') + 1;
  assert.throws(() => recover(loop, recovering), new RegExp(`recovery stops at sequence ${sequence}: .*"buy".*"sell"`));
});

test('a recorded event that nothing leads to stops the recovery', () => {
  const start = wholeRun(plain).slice(0, setUpEvents(plain).length);
  const { folder, port } = journalWith([...start, { type: 'time.ticked', at: fixtureAt - 29_000 }]);
  const recovering = recoveringJournal(folder, 1, port);
  assert.throws(
    () => recover(openLoop(recovering, modulesOf()).loop, recovering),
    /recovery stops at sequence \d+: the journal holds .*time\.ticked/,
  );
});

test('a recovering journal shows what it holds, then writes', async () => {
  const tick: Event = { type: 'time.ticked', at: 5 };
  const { folder, port, close } = journalWith([tick]);
  const recovering = recoveringJournal(folder, 1, port);
  assert.deepEqual(recovering.peek(), { sequence: 1, event: tick });
  assert.equal(recovering.append(tick), 1);
  assert.deepEqual([recovering.peek(), recovering.recovered], [undefined, 1]);
  assert.equal(recovering.append({ type: 'time.ticked', at: 6 }), 2);
  assert.equal(recovering.recovered, 1);
  await close();
  assert.deepEqual(
    [...recordedEvents(folder)].map(({ event }) => event.at),
    [5, 6],
  );
});

test('a recovery from a later sequence shows the rest only', async () => {
  const { folder, port, close } = journalWith([
    { type: 'time.ticked', at: 5 },
    { type: 'time.ticked', at: 6 },
  ]);
  const recovering = recoveringJournal(folder, 2, port);
  assert.equal(recovering.peek()?.event.at, 6);
  await close();
});
