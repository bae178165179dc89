import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovedTarget, EntryPlan, PlannedSignal } from '#domain/pipeline.ts';
import {
  acceptanceOf,
  euro,
  hold,
  requestOf,
  signalOf,
  targetOf,
  unitMoney,
  yen,
} from '../../tests/support/desk-events.ts';
import {
  createDeskFixture,
  type DeskFixture,
  type FixtureOptions,
  fixtureAt,
} from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { contextFor } from './engine.ts';
import { allocationDefault, executionDefault, gateDefault, planDefault } from './house-defaults.ts';

/** EUR_USD at 1.10000 / 1.10010 and USD_JPY at 150.000 / 150.010, the newest bar 30 s old. */
function priced(options: FixtureOptions = {}): DeskFixture {
  const fixture = createDeskFixture([slotModule('signal', 'any', (value) => value)], options);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  return fixture;
}

function gated(fixture: DeskFixture, ...instruments: readonly string[]): string[] {
  const { limits } = contextFor(fixture.engine, 'any');
  const signals = instruments.map((instrument) => signalOf(instrument));
  return gateDefault(fixture.engine.state, signals, limits).map(({ instrument }) => instrument);
}

function planned(fixture: DeskFixture, direction: 'long' | 'short', instrument = euro): EntryPlan | undefined {
  const { strategy } = contextFor(fixture.engine, 'any');
  return planDefault(fixture.engine.state, [signalOf(instrument, direction)], strategy)[0]?.plan;
}

function allocated(fixture: DeskFixture, ...signals: readonly PlannedSignal[]) {
  return allocationDefault(fixture.engine.state, signals, contextFor(fixture.engine, 'any').desk);
}

function withStop(instrument: string, stopPrice: number | null, direction: 'long' | 'short' = 'long'): PlannedSignal {
  return { ...signalOf(instrument, direction), plan: { stopPrice, targetPrice: null, leverage: null } };
}

function ordered(fixture: DeskFixture, instrument: string, signedQuantity: number, plan: EntryPlan | null = null) {
  const target = { ...targetOf(instrument, signedQuantity), plan } as ApprovedTarget;
  return executionDefault(fixture.engine.state, [target]);
}

test('a signal passes while its market is open and its price is young', () => {
  assert.deepEqual(gated(priced(), euro, yen, 'GBPUSD.OANDA'), [euro, yen]);
});

test('a price may be as old as the limit says and no older', () => {
  const fixture = priced({ policies: { limits: { markAgeMsMax: 30_000 } } });
  assert.deepEqual(gated(fixture, euro), [euro]);
  fixture.tick(1);
  assert.deepEqual(gated(fixture, euro), []);
});

test('without a price, outside the week and beyond the calendar the gate is closed', () => {
  assert.deepEqual(gated(createDeskFixture([slotModule('signal', 'any', (value) => value)]), euro), []);
  // Saturday 2026-01-17 12:00 UTC.
  assert.deepEqual(gated(priced({ startAt: Date.UTC(2026, 0, 17, 12) }), euro), []);
  const late = priced();
  late.tick(100 * 86_400_000);
  late.bar('EUR_USD', 110_000);
  assert.deepEqual(gated(late, euro), []);
});

test("the stop of a long lies the policy's pips and the spread below the ask, its target at the reward above", () => {
  const plan = planned(priced(), 'long');
  assert.deepEqual(plan, { stopPrice: 110_010 - 150 - 10, targetPrice: 110_010 + 225, leverage: null });
});

test('a short has its stop above the bid and its target below', () => {
  const plan = planned(priced(), 'short');
  assert.deepEqual(plan, { stopPrice: 110_000 + 150 + 10, targetPrice: 110_000 - 225, leverage: null });
});

test('a pip of the yen is ten of its ticks, and without a market there is no plan', () => {
  assert.equal(planned(priced(), 'long', yen)?.stopPrice, 150_010 - 150 - 10);
  assert.deepEqual(planned(priced(), 'long', 'GBPUSD.OANDA'), { stopPrice: null, targetPrice: null, leverage: null });
});

test('each signal gets a quarter percent of equity at risk at its stop', () => {
  const [target] = allocated(priced(), withStop(euro, 109_010));
  // 0.0025 × 100 000 $ over 1000 ticks of 1.10010: 250 / (1.10005 × 1000 / 110010), the worth of a unit being its mid.
  assert.equal(target?.signedQuantity, Math.floor(250 / (1.10005 * (1_000 / 110_010))));
  const [short] = allocated(priced(), withStop(euro, 111_000, 'short'));
  assert.equal(short?.signedQuantity, -Math.floor(250 / (1.10005 * (1_000 / 110_000))));
});

test('equity that is gone leaves the smallest position', () => {
  const fixture = priced({ balance: 0 });
  assert.equal(allocated(fixture, withStop(euro, 109_010))[0]?.signedQuantity, 1);
});

test('a signal without a price gets no target, one without a stop the smallest', () => {
  const fixture = createDeskFixture([slotModule('signal', 'any', (value) => value)]);
  assert.deepEqual(allocated(fixture, withStop(euro, 109_000)), []);
  assert.equal(allocated(priced(), withStop(euro, null))[0]?.signedQuantity, 1);
});

test('the first of two signals on one instrument stands', () => {
  const targets = allocated(
    priced(),
    withStop(euro, 109_010),
    withStop(euro, 111_000, 'short'),
    withStop(yen, 149_000),
  );
  assert.deepEqual(
    targets.map(({ instrument, signedQuantity }) => [instrument, Math.sign(signedQuantity)]),
    [
      [euro, 1],
      [yen, 1],
    ],
  );
});

test('an entry is a limit at the near touch for two minutes, with its bracket', () => {
  const plan = { stopPrice: 109_850, targetPrice: 110_235, leverage: null };
  const fixture = priced();
  assert.deepEqual(ordered(fixture, euro, 1_000, plan), [
    {
      instrument: euro,
      side: 'buy',
      quantity: 1_000,
      orderType: 'limit',
      limitPrice: 110_000,
      stopPrice: null,
      timeInForce: 'goodTillTime',
      expiresAt: fixtureAt + 30_000 + 120_000,
      isReduceOnly: false,
      purpose: 'entry',
      bracket: { stopPrice: 109_850, targetPrice: 110_235 },
      strategy: 'test',
      reason: 'test',
    },
  ]);
  assert.equal(ordered(fixture, euro, -1_000)[0]?.limitPrice, 110_010);
});

test('a reduction is a reduce-only order at the market without a bracket', () => {
  const fixture = priced();
  hold(fixture, { [euro]: 1_000 });
  const plan = { stopPrice: 1, targetPrice: 2, leverage: null };
  const [order] = ordered(fixture, euro, 400, plan);
  assert.deepEqual(
    [order?.side, order?.quantity, order?.orderType, order?.isReduceOnly, order?.purpose, order?.bracket],
    ['sell', 600, 'market', true, 'exit', null],
  );
  assert.equal(order?.limitPrice, null);
  assert.equal(order?.expiresAt, null);
});

test('a target that is held already needs no order', () => {
  const fixture = priced();
  hold(fixture, { [euro]: 1_000 });
  assert.deepEqual(ordered(fixture, euro, 1_000), []);
  assert.equal(ordered(fixture, euro, 1_500)[0]?.quantity, 500);
});

test('after a limit has expired the next entry crosses, until the expiry is four minutes old', () => {
  const fixture = priced();
  const order = requestOf({ orderType: 'limit', limitPrice: 110_000, timeInForce: 'goodTillTime' });
  fixture.send({ type: 'order.submitted', at: fixture.at, order });
  fixture.send(acceptanceOf('o1', fixture.at));
  assert.equal(ordered(fixture, euro, 1_000)[0]?.orderType, 'limit');
  fixture.send({ type: 'order.expired', at: fixture.at, clientOrderId: 'o1', reason: 'EXPIRES_AT' });
  const [crossing] = ordered(fixture, euro, 1_000);
  assert.deepEqual(
    [crossing?.orderType, crossing?.timeInForce, crossing?.limitPrice, crossing?.expiresAt],
    ['market', 'fillOrKill', null, null],
  );
  assert.equal(ordered(fixture, yen, 1_000)[0]?.orderType, 'limit');
  fixture.tick(240_000);
  assert.equal(ordered(fixture, euro, 1_000)[0]?.orderType, 'market');
  fixture.tick(1);
  assert.equal(ordered(fixture, euro, 1_000)[0]?.orderType, 'limit');
});

test('the fixture has the balance the figures above are worked out from', () => {
  assert.equal(priced().engine.state.account.balance, 100_000 * unitMoney);
});
