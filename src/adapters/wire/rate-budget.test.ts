import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import type { Ban, BanStore } from './ban-store.ts';
import type { CallPriority } from './call-priority.ts';
import { type BudgetDenial, type CallCosts, RateBudget } from './rate-budget.ts';

const start = 1_700_000_000_000;
const binance = [
  { name: 'weight', capacity: 2_400, windowMs: 60_000 },
  { name: 'orders10s', capacity: 300, windowMs: 10_000 },
  { name: 'orders1m', capacity: 1_200, windowMs: 60_000 },
];
/** Eight may be used, of which two are the reserve. */
const small = [{ name: 'calls', capacity: 10, windowMs: 1_000 }];

/** Takes and notes under a label what came of it, in the order in which it came. */
function desk(budget: RateBudget, time: HandClock) {
  const told: string[] = [];
  const denials: BudgetDenial[] = [];
  const take = (label: string, costs: CallCosts, priority: CallPriority, timeoutMs = 0): void => {
    void budget.take(costs, priority, timeoutMs).then((outcome) => {
      if (outcome !== 'taken') denials.push(outcome);
      told.push(`${time.now() - start} ${label} ${outcome === 'taken' ? outcome : outcome.denied}`);
    });
  };
  return { told, denials, take };
}

/** Lets what was asked be answered before time passes. */
async function pass(time: HandClock, ms: number): Promise<void> {
  await time.pass(0);
  await time.pass(ms);
}

function memoryBans(first?: Ban): BanStore & { kept: Ban | undefined } {
  const store = {
    kept: first,
    read: () => store.kept,
    write: (ban: Ban) => {
      store.kept = ban;
    },
  };
  return store;
}

test('a call is counted in every window it costs', async () => {
  const time = new HandClock(start);
  const budget = new RateBudget({ time, windows: binance });
  const { told, denials, take } = desk(budget, time);
  for (let order = 0; order < 193; order++) take('o', { orders10s: 1, orders1m: 1 }, 'normal');
  await time.pass(0);
  assert.deepEqual([told.filter((line) => line === '0 o taken').length, told.at(-1)], [192, '0 o LIMIT']);
  assert.deepEqual(denials, [
    {
      denied: 'LIMIT',
      reason: "the limits of the venue leave no room for 'orders10s' and 'orders1m' in time",
      retryAt: start + 10_000,
    },
  ]);
  take('query', { weight: 40 }, 'normal');
  await time.pass(0);
  assert.equal(told.at(-1), '0 query taken');
});

test('the reserve is for reductions alone', async () => {
  const time = new HandClock(start);
  const budget = new RateBudget({ time, windows: small });
  const { told, take } = desk(budget, time);
  for (const label of ['1', '2', '3', '4', '5', '6', '7']) take(label, { calls: 1 }, 'normal');
  for (const label of ['r1', 'r2', 'r3']) take(label, { calls: 1 }, 'reduction');
  take('b', { calls: 1 }, 'background');
  await time.pass(0);
  assert.deepEqual(
    told.filter((line) => !line.endsWith('taken')),
    ['0 7 LIMIT', '0 r3 LIMIT', '0 b LIMIT'],
  );
});

test('reductions go first, then what is normal, then the background, each in its order', async () => {
  const time = new HandClock(start);
  const budget = new RateBudget({ time, windows: small });
  const { told, take } = desk(budget, time);
  take('first', { calls: 6 }, 'normal');
  await pass(time, 400);
  take('b', { calls: 1 }, 'background', 5_000);
  take('n1', { calls: 6 }, 'normal', 5_000);
  take('n2', { calls: 1 }, 'normal', 5_000);
  take('r1', { calls: 2 }, 'reduction', 5_000);
  take('r2', { calls: 8 }, 'reduction', 5_000);
  await pass(time, 5_000);
  assert.deepEqual(told, [
    '0 first taken',
    '400 r1 taken',
    '1400 r2 taken',
    '2400 n1 taken',
    '3400 n2 taken',
    '3400 b taken',
  ]);
});

test('one that waits holds back only those that need the same window', async () => {
  const time = new HandClock(start);
  const budget = new RateBudget({ time, windows: binance });
  const { told, take } = desk(budget, time);
  take('orders', { orders10s: 240, orders1m: 240 }, 'reduction');
  take('exit', { orders10s: 1, orders1m: 1 }, 'reduction', 20_000);
  take('entry', { orders10s: 1, orders1m: 1 }, 'normal', 20_000);
  take('query', { weight: 1, orders1m: 0 }, 'background', 20_000);
  await pass(time, 20_000);
  assert.deepEqual(told, ['0 orders taken', '0 query taken', '10000 exit taken', '10000 entry taken']);
});

test('a wait that cannot end in time is denied at once, one that is overtaken when its time is over', async () => {
  const time = new HandClock(start);
  const budget = new RateBudget({ time, windows: small });
  const { told, take } = desk(budget, time);
  take('first', { calls: 6 }, 'normal');
  take('hopeless', { calls: 6 }, 'normal', 999);
  take('patient', { calls: 6 }, 'normal', 1_500);
  await pass(time, 500);
  take('reduction', { calls: 8 }, 'reduction', 5_000);
  await pass(time, 5_000);
  assert.deepEqual(told, ['0 first taken', '0 hopeless LIMIT', '1000 reduction taken', '1000 patient LIMIT']);
});

test('nothing is taken during a pause, and reductions are first when it is over', async () => {
  const time = new HandClock(start);
  const budget = new RateBudget({ time, windows: binance });
  const { told, denials, take } = desk(budget, time);
  take('waiting', { weight: 1 }, 'normal');
  budget.pause(start + 120_000, 'way too many requests');
  budget.pause(start + 60_000, 'shorter');
  take('entry', { weight: 1 }, 'normal', 5_000);
  take('query', { weight: 1 }, 'normal', 180_000);
  take('exit', { weight: 1 }, 'reduction', 180_000);
  await pass(time, 119_999);
  assert.deepEqual([told, budget.pausedUntil()], [['0 waiting taken', '0 entry PAUSED'], start + 120_000]);
  assert.deepEqual(denials[0], {
    denied: 'PAUSED',
    reason: `the venue is not asked until '${start + 120_000}': way too many requests`,
    retryAt: start + 120_000,
  });
  await pass(time, 1);
  assert.deepEqual([told.slice(2), budget.pausedUntil()], [['120000 exit taken', '120000 query taken'], undefined]);
});

test('a pause sends away those that cannot outwait it', async () => {
  const time = new HandClock(start);
  const budget = new RateBudget({ time, windows: small });
  const { told, take } = desk(budget, time);
  take('first', { calls: 8 }, 'reduction');
  take('exit', { calls: 1 }, 'reduction', 2_000);
  await pass(time, 500);
  budget.pause(start + 10_000, '');
  await time.pass(0);
  assert.deepEqual(told, ['0 first taken', '500 exit PAUSED']);
});

test('a ban is honoured after a new start, by the time of day', async () => {
  const time = new HandClock(start);
  const bans = memoryBans();
  new RateBudget({ time, windows: small, bans }).pause(start + 120_000, 'banned');
  assert.deepEqual(bans.kept, { untilAt: start + 120_000, reason: 'banned' });
  await pass(time, 100_000);
  const next = new RateBudget({ time, windows: small, bans });
  assert.equal(next.pausedUntil(), start + 120_000);
  assert.equal((await Promise.all([next.take({ calls: 1 }, 'reduction', 20_000), pass(time, 20_000)]))[0], 'taken');
  assert.equal(new RateBudget({ time, windows: small, bans }).pausedUntil(), undefined);
});

test('a ban ends three days ahead at the latest, whatever it claims', () => {
  const time = new HandClock(start);
  const untilAt = start + 3 * 24 * 3_600_000;
  const bans = memoryBans({ untilAt: 9_007_199_254_740_991, reason: '' });
  assert.equal(new RateBudget({ time, windows: small, bans }).pausedUntil(), untilAt);
  const budget = new RateBudget({ time, windows: small, bans });
  budget.pause(Number.MAX_VALUE, '');
  assert.equal(budget.pausedUntil(), untilAt);
});

test('a pause that cannot be kept is in force all the same', () => {
  const time = new HandClock(start);
  const full = new Error('no space left');
  const bans: BanStore = {
    read: () => undefined,
    write: () => {
      throw full;
    },
  };
  const budget = new RateBudget({ time, windows: small, bans });
  assert.throws(() => budget.pause(start + 5_000, ''), full);
  assert.equal(budget.pausedUntil(), start + 5_000);
});

test('what others use of the same address is learned from the venue', async () => {
  const time = new HandClock(start);
  const budget = new RateBudget({ time, windows: binance });
  const { told, take } = desk(budget, time);
  take('one', { weight: 1 }, 'normal');
  budget.learn('weight', 1_530);
  budget.learn('weight', 3);
  budget.learn('weight', Number.NaN);
  take('two', { weight: 6 }, 'normal');
  take('three', { weight: 1 }, 'normal');
  take('exit', { weight: 384 }, 'reduction');
  await time.pass(0);
  assert.deepEqual(told, ['0 one taken', '0 two taken', '0 three LIMIT', '0 exit taken']);
});

test('a full queue sends its last away, and never a reduction for the sake of others', async () => {
  const time = new HandClock(start);
  const budget = new RateBudget({ time, windows: small });
  const { told, take } = desk(budget, time);
  take('first', { calls: 8 }, 'reduction');
  for (let waiter = 0; waiter < 511; waiter++) take('n', { calls: 1 }, 'normal', 100_000);
  take('b', { calls: 1 }, 'background', 100_000);
  take('n512', { calls: 1 }, 'normal', 100_000);
  take('n513', { calls: 1 }, 'normal', 100_000);
  take('r', { calls: 1 }, 'reduction', 100_000);
  await time.pass(0);
  assert.deepEqual(told, ['0 first taken', '0 b QUEUE_FULL', '0 n513 QUEUE_FULL', '0 n512 QUEUE_FULL']);
  await pass(time, 1_000);
  assert.equal(told[4], '1000 r taken');
});

test('windows that are not there and costs that never fit are mistakes', () => {
  const budget = new RateBudget({ time: new HandClock(), windows: small });
  assert.throws(() => budget.take({ weight: 1 }, 'normal', 0), /found 'weight'/);
  assert.throws(() => budget.take({ calls: 7 }, 'normal', 0), /up to 6, found '7'/);
  assert.throws(() => budget.take({ calls: 0.5 }, 'normal', 0), /found '0.5'/);
  assert.throws(() => budget.learn('weight', 1), /found 'weight'/);
});

interface Call {
  readonly id: number;
  readonly askedAt: number;
  readonly costs: CallCosts;
  readonly priority: CallPriority;
  readonly timeoutMs: number;
  endedAt: number | undefined;
  isTaken: boolean;
}

interface Pause {
  readonly fromAt: number;
  readonly untilAt: number;
  /** The id of the first call that was asked for afterwards. */
  readonly nextId: number;
}

type Act =
  | { readonly type: 'take'; readonly costs: CallCosts; readonly priority: CallPriority; readonly timeoutMs: number }
  | { readonly type: 'pass' | 'jump'; readonly ms: number }
  | { readonly type: 'pause'; readonly ms: number };

const pressed = [
  { name: 'a', capacity: 10, windowMs: 1_000 },
  { name: 'b', capacity: 20, windowMs: 3_000 },
];

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('take' as const),
      costs: fc.oneof(
        fc.record({ a: fc.integer({ min: 0, max: 4 }) }),
        fc.record({ a: fc.integer({ min: 0, max: 3 }), b: fc.integer({ min: 1, max: 6 }) }),
      ),
      priority: fc.constantFrom<CallPriority>('reduction', 'normal', 'background'),
      timeoutMs: fc.constantFrom(0, 500, 2_000, 10_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('pass' as const, 'jump' as const), ms: fc.nat(700) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pause' as const), ms: fc.nat(3_000) }) },
);

test('no window is ever exceeded, nothing leaves in a pause, and reductions are never overtaken', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      const time = new HandClock(0);
      const calls: Call[] = [];
      const pauses: Pause[] = [];
      const budget = new RateBudget({ time, windows: pressed });
      for (const next of acts) {
        if (next.type === 'take') begin(budget, time, calls, next);
        else if (next.type === 'jump') time.jump(next.ms);
        else if (next.type === 'pass') await time.pass(next.ms);
        else {
          pauses.push({ fromAt: time.now(), untilAt: time.now() + next.ms, nextId: calls.length });
          budget.pause(time.now() + next.ms, 'test');
        }
        await new Promise((done) => setImmediate(done));
      }
      await time.pass(20_000);
      assert.equal(
        calls.every(({ endedAt }) => endedAt !== undefined),
        true,
        'every call ended',
      );
      for (const window of pressed) refuseExcess(calls, window);
      refusePaused(calls, pauses);
      refuseOvertaken(calls);
    }),
    { numRuns: 100 },
  );
});

function begin(budget: RateBudget, time: HandClock, calls: Call[], asked: Extract<Act, { type: 'take' }>): void {
  const call: Call = { ...asked, id: calls.length, askedAt: time.now(), endedAt: undefined, isTaken: false };
  calls.push(call);
  void budget.take(asked.costs, asked.priority, asked.timeoutMs).then((outcome) => {
    call.endedAt = time.now();
    call.isTaken = outcome === 'taken';
  });
}

function refuseExcess(calls: readonly Call[], { name, capacity, windowMs }: (typeof pressed)[number]): void {
  const taken = calls.filter(({ isTaken }) => isTaken);
  for (const last of taken) {
    const until = last.endedAt ?? 0;
    const within = taken.filter(({ endedAt = 0 }) => endedAt > until - windowMs && endedAt <= until);
    const used = within.reduce((sum, { costs }) => sum + (costs[name] ?? 0), 0);
    assert.ok(used <= capacity * 0.8, `'${used}' of '${name}' used within one span`);
  }
}

function refusePaused(calls: readonly Call[], pauses: readonly Pause[]): void {
  for (const { id, endedAt = 0 } of calls.filter(({ isTaken }) => isTaken)) {
    const broken = pauses.find(
      ({ fromAt, untilAt, nextId }) => endedAt < untilAt && (endedAt > fromAt || (endedAt === fromAt && id >= nextId)),
    );
    assert.equal(broken, undefined, `taken at '${endedAt}', paused until '${broken?.untilAt}'`);
  }
}

/** At the instant at which a lesser call left, no reduction waited that needed one of its windows. */
function refuseOvertaken(calls: readonly Call[]): void {
  const shares = (left: Call, right: Call): boolean =>
    pressed.some(({ name }) => (left.costs[name] ?? 0) > 0 && (right.costs[name] ?? 0) > 0);
  for (const lesser of calls.filter(({ isTaken, priority }) => isTaken && priority !== 'reduction')) {
    const at = lesser.endedAt ?? 0;
    const overtaken = calls.find(
      (call) =>
        call.priority === 'reduction' &&
        shares(call, lesser) &&
        (call.askedAt < at || (call.askedAt === at && call.id < lesser.id)) &&
        (call.endedAt ?? 0) > at,
    );
    assert.equal(overtaken, undefined, `call ${lesser.id} left before a reduction that waited`);
  }
}
