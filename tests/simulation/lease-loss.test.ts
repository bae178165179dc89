import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LOCK_NAME } from '#adapters/journal/folder-lock.ts';
import { verifyJournal } from '#adapters/journal/journal-info.ts';
import { listSnapshots } from '#adapters/journal/snapshot-files.ts';
import type { Event } from '#domain/events.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import { LeaseKeeper, LeaseLostError, type LeaseStore } from '#runtime/lease-keeper.ts';
import type { PaperOptions, PaperRun } from '#runtime/paper-run.ts';
import { recordedEvents, replayRun } from '#runtime/read-run.ts';
import { journalFolder, snapshotFolder } from '#runtime/run-folder.ts';
import { type DrivenDesk, driveDesk, walkLiveAt, walkStartAt } from '../support/driven-desk.ts';
import { HandClock } from '../support/hand-clock.ts';

const hourMs = 3_600_000;
const noonAt = walkLiveAt + 12 * hourMs;
const endAt = walkStartAt + 24 * hourMs;

const root = mkdtempSync(join(tmpdir(), 'tradewind-lease-loss-'));
const opened: DrivenDesk[] = [];
after(async () => {
  // A test that failed has left its desk running.
  await Promise.allSettled(opened.map(({ run }) => run.stop()));
  rmSync(root, { recursive: true });
});
let folders = 0;
function newFolder(): string {
  folders += 1;
  return join(root, `${folders}`);
}

function drive(folder: string, changes: Partial<PaperOptions> = {}): DrivenDesk {
  const desk = driveDesk(folder, changes);
  opened.push(desk);
  return desk;
}

/** A lease that is over when told so. */
function lendLease(): { require(): void; doubt: string | undefined; lose(): void } {
  let isLost = false;
  return {
    doubt: undefined,
    require: () => {
      if (isLost) throw new LeaseLostError('the lease is over');
    },
    lose: () => {
      isLost = true;
    },
  };
}

function standing({ engine: { state } }: PaperRun): readonly unknown[] {
  return [decisionsHash(state.hash), state.sequence, state.account.balance];
}

/** Goes on under a new lease to the end of the day, and stands where a day stands that nothing interrupts. */
async function requireGoesOn(folder: string): Promise<void> {
  const again = drive(folder, { lease: lendLease() });
  await again.runTo(endAt);
  await again.run.stop();
  assert.deepEqual(standing(again.run), untroubled);
  assert.equal(verifyJournal(journalFolder(folder)), again.run.engine.state.sequence);
  const { result } = replayRun(folder);
  assert.deepEqual([result.difference, result.decisionsHash], [undefined, untroubled[0]]);
}

let untroubled: readonly unknown[];
before(async () => {
  const desk = drive(newFolder());
  await desk.runTo(endAt);
  await desk.run.stop();
  untroubled = standing(desk.run);
});

const moments: readonly (readonly [string, (event: Event) => boolean])[] = [
  ['at a tick', ({ type, at }) => type === 'time.ticked' && at === noonAt],
  ['with an entry on its way', (event) => isOrder(event, false)],
  ['with an exit on its way', (event) => isOrder(event, true)],
  ['at a fill', ({ type, at }) => type === 'order.filled' && at >= noonAt],
];
function isOrder(event: Event, isReduceOnly: boolean): boolean {
  return event.type === 'order.submitted' && event.at >= noonAt && event.order.isReduceOnly === isReduceOnly;
}

for (const [when, isMoment] of moments) {
  test(`a lease that is lost ${when} ends the run: no turn is taken and nothing is sent after it`, async () => {
    const folder = newFolder();
    const lease = lendLease();
    let lostAt = 0;
    const lose = (event: Event): void => {
      if (lostAt > 0 || !isMoment(event)) return;
      lostAt = desk.events.length;
      lease.lose();
    };
    const desk = drive(folder, { lease, onEvent: lose });
    await desk.runTo(endAt);
    assert.ok(lostAt > 0);
    assert.ok(desk.run.failure instanceof LeaseLostError, String(desk.run.failure));
    const late = desk.events.slice(lostAt);
    // What is shown yet belongs to the turn in which it was lost.
    const atOfLoss = desk.events[lostAt - 1]?.at;
    assert.ok(late.every(({ at }) => at === atOfLoss));
    const ordered = late.concat(desk.events.slice(lostAt - 1, lostAt)).filter(({ type }) => type === 'order.submitted');
    const stopped = desk.run.engine.state.orders;
    for (const event of ordered) {
      if (event.type === 'order.submitted')
        assert.equal(stopped.get(event.order.clientOrderId)?.state, 'submitted', 'no venue has answered it');
    }
    const shown = desk.events.length;
    assert.throws(() => desk.run.request((at) => ({ type: 'kill.engaged', at, actor: 'ann', reason: 'x' })), {
      name: 'LeaseLostError',
    });
    assert.equal(desk.events.length, shown);
    await desk.run.stop();
    assert.equal(existsSync(join(folder, LOCK_NAME)), false);
    assert.deepEqual(listSnapshots(snapshotFolder(folder)), []);
    assert.equal([...recordedEvents(folder)].length, desk.run.engine.state.sequence);
    await requireGoesOn(folder);
  });
}

test('a request finds the lease lost before it changes anything, and ends the run', async () => {
  const folder = newFolder();
  const lease = lendLease();
  const desk = drive(folder, { lease });
  await desk.runTo(noonAt);
  lease.lose();
  const shown = desk.events.length;
  assert.throws(() => desk.run.request((at) => ({ type: 'flatten.requested', at, actor: 'ann', reason: 'x' })), {
    name: 'LeaseLostError',
  });
  assert.equal(desk.events.length, shown);
  assert.ok(desk.run.failure instanceof LeaseLostError);
  await desk.run.stop();
  await requireGoesOn(folder);
});

test('a lease that is lost while a request is carried out keeps its orders from the venue and ends the run', async () => {
  const folder = newFolder();
  const lease = lendLease();
  const lose = ({ type }: Event): void => {
    if (type === 'flatten.requested') lease.lose();
  };
  const desk = drive(folder, { lease, onEvent: lose });
  await desk.runTo(noonAt);
  const closed = desk.events.length;
  assert.throws(() => desk.run.request((at) => ({ type: 'flatten.requested', at, actor: 'ann', reason: 'x' })), {
    name: 'LeaseLostError',
  });
  const orders = desk.events.slice(closed).filter(({ type }) => type === 'order.submitted');
  assert.equal(orders.length, 3);
  assert.ok(desk.run.failure instanceof LeaseLostError);
  await desk.run.stop();
  // The intents were durable before the line was cut: the next start, which has the account again, carries them out once.
  const again = drive(folder, { lease: lendLease() });
  await again.runTo(noonAt + hourMs / 30);
  const { positions } = again.run.engine.state;
  assert.ok(Object.values(positions).every(({ signedQuantity }) => signedQuantity === 0));
  await again.run.stop();
  assert.equal(replayRun(folder).result.difference, undefined);
});

test('a stop that finds the lease lost takes no turn more, says so and sets the folder free', async () => {
  const folder = newFolder();
  const lease = lendLease();
  const desk = drive(folder, { lease });
  await desk.runTo(noonAt);
  lease.lose();
  await assert.rejects(desk.run.stop(), { name: 'LeaseLostError' });
  assert.ok(desk.run.failure instanceof LeaseLostError);
  assert.equal(existsSync(join(folder, LOCK_NAME)), false);
  assert.deepEqual(listSnapshots(snapshotFolder(folder)), []);
  await requireGoesOn(folder);
});

test('a recovery is not held up by a lease that could not be renewed meanwhile; the first turn asks for it', async () => {
  const folder = newFolder();
  const isBreaking = (event: Event): void => {
    if (isOrder(event, false)) throw new Error('broken');
  };
  const broken = drive(folder, { lease: lendLease(), onEvent: isBreaking });
  await broken.runTo(endAt);
  await broken.run.stop();
  const lease = lendLease();
  lease.lose();
  const desk = drive(folder, { lease });
  assert.equal(desk.run.opened.recoveredEvents, [...recordedEvents(folder)].length);
  const standsAt = desk.run.at;
  await desk.runTo(endAt);
  assert.ok(desk.run.failure instanceof LeaseLostError);
  assert.equal(desk.run.at, standsAt);
  await desk.run.stop();
  await requireGoesOn(folder);
});

test('a store that is away holds increases once the lease is in doubt; reductions go on, and one that returns ends the doubt', async () => {
  const clock = new HandClock();
  let isAway = true;
  const store: LeaseStore = {
    acquire: async (account, holder) => ({ account, holder, token: 1 }),
    renew: async () => {
      if (isAway) throw new Error('the store is away');
      return true;
    },
    release: async () => undefined,
    serverAt: async () => clock.now(),
    close: async () => undefined,
  };
  const lease = await LeaseKeeper.take({ store, account: 'paper', holder: 'one', time: clock, ttlMs: 15_000 });
  const folder = newFolder();
  const desk = drive(folder, { lease });
  await desk.runTo(noonAt);
  await clock.pass(11_999);
  await desk.runTo(noonAt + hourMs);
  assert.equal(desk.run.engine.state.kill.isEngaged, false);
  await clock.pass(1);
  await desk.runTo(noonAt + 2 * hourMs);
  const { kill } = desk.run.engine.state;
  assert.equal(desk.run.failure, undefined);
  assert.match(kill.reason, /the lease on 'paper' could not be renewed in time: the store is away/);
  const engagedAt = desk.events.findIndex(({ type }) => type === 'kill.engaged');
  desk.run.request((at) => ({ type: 'flatten.requested', at, actor: 'ann', reason: 'to be safe' }));
  await desk.runTo(noonAt + 3 * hourMs);
  const later = desk.events.slice(engagedAt).filter((event) => event.type === 'order.submitted');
  assert.ok(later.every((event) => event.order.purpose !== 'entry'));
  assert.ok(Object.values(desk.run.engine.state.positions).every(({ signedQuantity }) => signedQuantity === 0));
  isAway = false;
  await clock.pass(10_000);
  assert.equal(lease.doubt, undefined);
  desk.run.request((at) => ({ type: 'kill.released', at, actor: 'ann', reason: 'the store is back' }));
  await desk.runTo(noonAt + 4 * hourMs);
  assert.equal(desk.run.engine.state.kill.isEngaged, false);
  await desk.run.stop();
  await lease.release();
  assert.equal(replayRun(folder).result.difference, undefined);
});

test('a second desk on the same folder is refused while the first holds it, whatever its lease says', async () => {
  const folder = newFolder();
  const desk = drive(folder, { lease: lendLease() });
  assert.throws(() => drive(folder, { lease: lendLease() }), { name: 'FolderLockedError' });
  await desk.run.stop();
  await drive(folder, { lease: lendLease() }).run.stop();
});
