import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lease, LeaseRefusal } from '#domain/lease.ts';
import { HandClock } from '../../tests/support/hand-clock.ts';
import { fencedVenue, LeaseKeeper, LeaseLostError, type LeaseStore } from './lease-keeper.ts';

/** A store of leases in memory, by the clock of the test; it can be taken away. */
class MemoryLeases implements LeaseStore {
  isAway = false;
  #held: (Lease & { until: number }) | undefined;
  #token = 0;
  readonly #clock: HandClock;

  constructor(clock: HandClock) {
    this.#clock = clock;
  }

  async acquire(account: string, holder: string, ttlMs: number): Promise<Lease | LeaseRefusal> {
    this.#answer();
    const now = this.#clock.now();
    if (this.#held !== undefined && this.#held.until > now && this.#held.holder !== holder) {
      return { holder: this.#held.holder, remainingMs: this.#held.until - now };
    }
    this.#token += 1;
    this.#held = { account, holder, token: this.#token, until: now + ttlMs };
    return { account, holder, token: this.#token };
  }

  async renew(lease: Lease, ttlMs: number): Promise<boolean> {
    this.#answer();
    const isOurs = this.#held?.token === lease.token && this.#held.until > this.#clock.now();
    if (isOurs && this.#held !== undefined) this.#held.until = this.#clock.now() + ttlMs;
    return isOurs;
  }

  async release(lease: Lease): Promise<void> {
    this.#answer();
    if (this.#held?.token === lease.token) this.#held = undefined;
  }

  async serverAt(): Promise<number> {
    return this.#clock.now();
  }

  async close(): Promise<void> {
    return undefined;
  }

  #answer(): void {
    if (this.isAway) throw new Error('the store is away');
  }
}

function take(store: LeaseStore, clock: HandClock, holder: string, problems: string[] = []): Promise<LeaseKeeper> {
  const onProblem = (problem: string): void => void problems.push(problem);
  return LeaseKeeper.take({ store, account: 'paper', holder, time: clock, ttlMs: 15_000, onProblem });
}

test('a lease that is renewed is held on and on, and nobody else gets it', async () => {
  const clock = new HandClock();
  const store = new MemoryLeases(clock);
  const keeper = await take(store, clock, 'first');
  await clock.pass(600_000);
  assert.equal(keeper.isHeld(), true);
  await assert.rejects(take(store, clock, 'second'), /'paper' is traded by 'first'/);
  await keeper.release();
  assert.equal(keeper.isHeld(), false);
  assert.equal((await take(store, clock, 'second')).lease.token, 2);
});

test('while the store is away the grant holds for its time and then no more', async () => {
  const clock = new HandClock();
  const store = new MemoryLeases(clock);
  const problems: string[] = [];
  const keeper = await take(store, clock, 'first', problems);
  await clock.pass(5_000);
  store.isAway = true;
  await clock.pass(11_900);
  assert.equal(keeper.isHeld(), true, 'twelve seconds after the last renewal are not over');
  await clock.pass(200);
  assert.equal(keeper.isHeld(), false);
  assert.match(keeper.doubt ?? '', /could not be renewed in time: the store is away/);
  keeper.require();
  assert.deepEqual(new Set(problems), new Set(['the store is away']));
  await clock.pass(5_000);
  store.isAway = false;
  await clock.pass(5_000);
  assert.equal(keeper.isHeld(), true, 'nobody else asked for it meanwhile');
  assert.equal(keeper.lease.token, 2, 'it had run out at the store, and is another one');
  assert.equal(keeper.doubt, undefined);
});

test('outages that each meet a renewal do not end a lease as long as the store answers between them', async () => {
  const clock = new HandClock();
  const store = new MemoryLeases(clock);
  const problems: string[] = [];
  const keeper = await take(store, clock, 'first', problems);
  for (let outage = 0; outage < 20; outage += 1) {
    store.isAway = true;
    await clock.pass(6_000);
    store.isAway = false;
    await clock.pass(2_000);
    assert.equal(keeper.isHeld(), true);
  }
  assert.ok(problems.length <= 20, 'an outage is told once');
});

test('a holder that was replaced learns it, and what it sends is refused', async () => {
  const clock = new HandClock();
  const store = new MemoryLeases(clock);
  const first = await take(store, clock, 'first');
  store.isAway = true;
  await clock.pass(16_000);
  store.isAway = false;
  const second = await take(store, clock, 'second');
  assert.ok(second.lease.token > first.lease.token);
  await clock.pass(6_000);
  assert.equal(first.doubt, undefined, 'it is certain now');
  const sent: string[] = [];
  const venue = fencedVenue(
    {
      send: (command) => void sent.push(command.type),
      observe: () => undefined,
      poll: () => undefined,
      report: () => ({ balance: 0, positions: [], openOrderIds: [] }),
    },
    first,
  );
  const command = { type: 'order.cancelRequested', at: 1, clientOrderId: 'a', reason: 'test' } as const;
  assert.throws(() => venue.send(command), LeaseLostError);
  assert.equal(sent.length, 0);
  const admitted = fencedVenue({ ...venue, send: (asked) => void sent.push(asked.type) }, second);
  admitted.send(command);
  assert.deepEqual(sent, ['order.cancelRequested']);
  await clock.pass(60_000);
  assert.equal(first.isHeld(), false);
  assert.equal(second.isHeld(), true);
});

test('a lease given back while the store is away runs out by itself', async () => {
  const clock = new HandClock();
  const store = new MemoryLeases(clock);
  const problems: string[] = [];
  const keeper = await take(store, clock, 'first', problems);
  store.isAway = true;
  await keeper.release();
  assert.deepEqual(problems, ['the store is away']);
  store.isAway = false;
  await assert.rejects(take(store, clock, 'second'), LeaseLostError);
  await clock.pass(15_000);
  assert.equal((await take(store, clock, 'second')).isHeld(), true);
});

test('a lease that work has held up past its time here is renewed before it is over at the store', async () => {
  const clock = new HandClock();
  const store = new MemoryLeases(clock);
  const keeper = await take(store, clock, 'first');
  clock.jump(13_000);
  assert.equal(keeper.isHeld(), false);
  await keeper.renewNow();
  assert.equal(keeper.isHeld(), true);
  clock.jump(16_000);
  const { token } = keeper.lease;
  await keeper.renewNow();
  assert.equal(keeper.isHeld(), true);
  assert.ok(keeper.lease.token > token, 'it was over at the store, and nobody else had asked');
});
