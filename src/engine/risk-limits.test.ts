import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Target } from '#domain/pipeline.ts';
import {
  acceptanceOf,
  euro,
  fillOf,
  hold,
  requestOf,
  targetOf,
  unitMoney,
  yen,
} from '../../tests/support/desk-events.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { contextFor } from './engine.ts';
import { approveTargets, isReduction, type LimitResult } from './risk-limits.ts';

const pound = 'GBPUSD.OANDA';
const any = slotModule('signal', 'any', (value) => value);

/** EUR_USD at a mid of 1.10005, GBP_USD at 1.30005, USD_JPY at 150.005; equity 100 000 dollars. */
function desk(options: FixtureOptions = {}): DeskFixture {
  const fixture = createDeskFixture([any], { symbols: ['EUR_USD', 'GBP_USD', 'USD_JPY'], ...options });
  fixture.minute({ EUR_USD: 110_000, GBP_USD: 130_000, USD_JPY: 150_000 });
  return fixture;
}

function withLimits(limits: Readonly<Record<string, number>>): DeskFixture {
  return desk({ policies: { limits } });
}

function judge({ engine }: DeskFixture, ...targets: readonly Target[]): LimitResult {
  const context = contextFor(engine, 'any');
  return approveTargets(engine.state, targets, context.limits, context.desk);
}

/** Each target as what became of it: its approved quantity or the code of its denial. */
function verdicts(fixture: DeskFixture, ...targets: readonly Target[]): (number | string)[] {
  const { approved, denied } = judge(fixture, ...targets);
  return [...approved.map(({ signedQuantity }) => signedQuantity), ...denied.map(({ code }) => code)];
}

test('an increase within every limit is approved as it was asked', () => {
  const target = targetOf(euro, 1_000);
  assert.deepEqual(judge(desk(), target), { approved: [target], denied: [] });
});

test('what is held already is neither approved nor denied', () => {
  const fixture = desk();
  hold(fixture, { [euro]: 1_000 });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1_000), targetOf(yen, 0)), []);
});

test('the kill switch denies increases with its reason', () => {
  const fixture = desk();
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'someone', reason: 'storm' });
  const { denied } = judge(fixture, targetOf(euro, 1_000));
  assert.deepEqual(
    denied.map(({ code, reason }) => [code, reason]),
    [['KILL_SWITCH', 'the kill switch is engaged: storm']],
  );
});

test('a desk that has not warmed up opens nothing', () => {
  assert.deepEqual(verdicts(desk({ isWarm: false }), targetOf(euro, 1_000)), ['NOT_WARM']);
});

test('a directive holds its instrument, or all of them, until it ends', () => {
  const fixture = desk();
  const directive = (instrument: string | null, expiresAt: number) =>
    fixture.send({
      type: 'directive.issued',
      at: fixture.at,
      module: 'supervision',
      action: 'holdEntries',
      instrument,
      expiresAt,
      reason: 'news',
    });
  directive(euro, fixture.at + 60_000);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1_000), targetOf(yen, 500)), [500, 'DIRECTIVE']);
  directive(null, fixture.at + 30_000);
  assert.deepEqual(verdicts(fixture, targetOf(yen, 500)), ['DIRECTIVE']);
  fixture.tick(30_000);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1_000), targetOf(yen, 500)), [500, 'DIRECTIVE']);
  fixture.tick(30_000);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1_000)), [1_000]);
});

test('without a price in the account currency there is no increase', () => {
  const fixture = createDeskFixture([any], { symbols: ['EUR_JPY', 'EUR_USD', 'USD_JPY'] });
  fixture.minute({ EUR_JPY: 165_000 });
  assert.deepEqual(verdicts(fixture, targetOf('EURJPY.OANDA', 1), targetOf(euro, 1), targetOf('NONE.OANDA', 1)), [
    'NO_PRICE',
    'NO_PRICE',
    'NO_PRICE',
  ]);
});

test('a mark may be as old as the limit and no older', () => {
  const fixture = withLimits({ markAgeMsMax: 60_000 });
  fixture.tick(30_000);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1)), [1]);
  fixture.tick(1);
  const { denied } = judge(fixture, targetOf(euro, 1));
  assert.deepEqual(
    denied.map(({ code, reason }) => [code, reason]),
    [['STALE_PRICE', `the last bar of '${euro}' is 60001 ms old`]],
  );
});

test('half the spread may be as wide as the collar and no wider', () => {
  const fixture = withLimits({ priceCollarBps: 5 });
  const quote = (askPrice: number) =>
    fixture.send({ type: 'quote.updated', at: fixture.at, instrument: euro, bidPrice: 99_950, askPrice });
  quote(100_050);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1)), [1]);
  quote(100_052);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1)), ['PRICE_COLLAR']);
});

test('a target that is no whole number of steps is denied before any figure is worked out from it', () => {
  for (const quantity of [Number.NaN, Number.POSITIVE_INFINITY, 0.5])
    assert.deepEqual(verdicts(desk(), targetOf(euro, quantity)), ['INVALID_QUANTITY']);
});

test('each ceiling lets its own figure pass and denies the next', () => {
  const most = 100_000_000;
  const rows: [Readonly<Record<string, number>>, number, string][] = [
    [{ maximumPositionUnits: 5_000 }, 5_000, 'MAX_POSITION_UNITS'],
    [{ maximumNetUnits: 4_000 }, 4_000, 'MAX_NET_UNITS'],
    // A unit is worth 1.10005 dollars.
    [{ maximumOrderNotional: 1_100.05 }, 1_000, 'MAX_ORDER_NOTIONAL'],
    [{ maximumLeverage: 2 }, Math.floor(200_000 / 1.10005), 'MAX_LEVERAGE'],
    [{ maximumCurrencyExposure: 0.5 }, Math.floor(50_000 / 1.10005), 'CURRENCY_EXPOSURE'],
  ];
  for (const [limits, units, code] of rows) {
    for (const sign of [1, -1]) {
      assert.deepEqual(verdicts(withLimits(limits), targetOf(euro, sign * units)), [sign * units], code);
      assert.deepEqual(verdicts(withLimits(limits), targetOf(euro, sign * (units + 1))), [code]);
    }
  }
  // The venue's own ceiling is within reach of a large account alone.
  const large = desk({ balance: 10_000_000_000_000 });
  assert.deepEqual(verdicts(large, targetOf(euro, most)), [most]);
  assert.deepEqual(verdicts(large, targetOf(euro, most + 1)), ['MAX_QUANTITY']);
});

test('zero switches a ceiling off', () => {
  const off = {
    maximumPositionUnits: 0,
    maximumNetUnits: 0,
    maximumOrderNotional: 0,
    maximumCurrencyExposure: 0,
    maximumDailyLoss: 0,
    maximumPositions: 0,
  };
  assert.deepEqual(verdicts(withLimits(off), targetOf(euro, 2_000_000)), [2_000_000]);
});

test('positions are counted with those that the targets before it open', () => {
  const fixture = withLimits({ maximumPositions: 2 });
  hold(fixture, { [yen]: 1_000 });
  const targets = [targetOf(euro, 100), targetOf(pound, 100), targetOf(yen, 1_100)];
  assert.deepEqual(verdicts(fixture, ...targets), [100, 1_100, 'MAX_POSITIONS']);
});

test('entries on their way count as if they were filled whole', () => {
  const fixture = withLimits({ maximumPositions: 1 });
  fixture.send({ type: 'order.submitted', at: fixture.at, order: requestOf({ quantity: 50_000 }) });
  assert.deepEqual(verdicts(fixture, targetOf(yen, 100)), ['MAX_POSITIONS']);
  fixture.send({ type: 'order.canceled', at: fixture.at, clientOrderId: 'o1', reason: '' });
  assert.deepEqual(verdicts(fixture, targetOf(yen, 100)), [100]);
});

test('what an entry on its way has filled is counted once, as the position', () => {
  const fixture = withLimits({ maximumLeverage: 1 });
  fixture.send({ type: 'order.submitted', at: fixture.at, order: requestOf({ quantity: 60_000 }) });
  fixture.send(acceptanceOf('o1', fixture.at));
  fixture.send(fillOf(fixture.at, { quantity: 20_000, price: 110_005 }));
  // 60 000 × 1.10005 are 66 003 of 100 000 dollars, and the fill at mid has cost 1 dollar at the bid.
  assert.deepEqual(verdicts(fixture, targetOf(yen, 33_995)), [33_995]);
  assert.deepEqual(verdicts(fixture, targetOf(yen, 33_997)), ['MAX_LEVERAGE']);
});

test('leverage adds up what is held, what was approved before and what is asked', () => {
  const fixture = withLimits({ maximumLeverage: 1 });
  hold(fixture, { [yen]: 40_000 }, 150_000);
  const { denied, approved } = judge(fixture, targetOf(euro, 40_000), targetOf(pound, 20_000));
  assert.deepEqual(
    approved.map(({ instrument }) => instrument),
    [euro],
  );
  // (40 000 + 40 000 × 1.10005 + 20 000 × 1.30005) / 100 000.
  assert.deepEqual(
    denied.map(({ code, reason }) => [code, reason]),
    [['MAX_LEVERAGE', 'leverage would be 1.10']],
  );
});

test('a ceiling that is met exactly is not exceeded', () => {
  // A unit of USD_JPY is worth exactly one dollar.
  assert.deepEqual(verdicts(withLimits({ maximumLeverage: 1 }), targetOf(yen, 100_000)), [100_000]);
  assert.deepEqual(verdicts(withLimits({ maximumLeverage: 1 }), targetOf(yen, 100_001)), ['MAX_LEVERAGE']);
  assert.deepEqual(verdicts(withLimits({ maximumCurrencyExposure: 0.5 }), targetOf(yen, 50_000)), [50_000]);
  assert.deepEqual(verdicts(withLimits({ maximumCurrencyExposure: 0.5 }), targetOf(yen, 50_001)), [
    'CURRENCY_EXPOSURE',
  ]);
});

test('of a larger position only what it adds is counted', () => {
  const held = (limits: Readonly<Record<string, number>>): DeskFixture => {
    const fixture = withLimits(limits);
    hold(fixture, { [yen]: -60_000 }, 150_005);
    return fixture;
  };
  const rows: [Readonly<Record<string, number>>, string][] = [
    [{ maximumOrderNotional: 10_000 }, 'MAX_ORDER_NOTIONAL'],
    // Held at the mid, the short has lost five thousandths of a yen at the ask: two dollars.
    [{ maximumLeverage: 0.70002 }, 'MAX_LEVERAGE'],
    [{ maximumCurrencyExposure: 0.70002 }, 'CURRENCY_EXPOSURE'],
  ];
  for (const [limits, code] of rows) {
    assert.deepEqual(verdicts(held(limits), targetOf(yen, -70_000)), [-70_000], code);
    assert.deepEqual(verdicts(held(limits), targetOf(yen, -70_001)), [code]);
    if (code === 'MAX_ORDER_NOTIONAL') continue;
    // What it adds is also all that it takes from the targets after it.
    assert.deepEqual(
      verdicts(
        held({ ...limits, [Object.keys(limits)[0] ?? '']: 0.9 }),
        targetOf(yen, -70_000),
        targetOf(euro, 15_000),
      ),
      [-70_000, 15_000],
    );
  }
});

test('several entries on their way in one instrument add up', () => {
  const fixture = withLimits({ maximumLeverage: 1 });
  for (const clientOrderId of ['o1', 'o2'])
    fixture.send({
      type: 'order.submitted',
      at: fixture.at,
      order: requestOf({ clientOrderId, quantity: 30_000, instrument: yen }),
    });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 36_000)), [36_000]);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 37_000)), ['MAX_LEVERAGE']);
});

test('net exposure to a currency counts every pair it stands in, and may always shrink', () => {
  const fixture = withLimits({ maximumCurrencyExposure: 0.5 });
  hold(fixture, { [euro]: 30_000 }, 110_000);
  // 33 001.50 dollars are short already; 20 000 pounds would add 26 001.
  assert.deepEqual(verdicts(fixture, targetOf(pound, 20_000)), ['CURRENCY_EXPOSURE']);
  assert.deepEqual(verdicts(fixture, targetOf(pound, -20_000)), [-20_000]);
  assert.deepEqual(verdicts(fixture, targetOf(yen, 20_000)), [20_000]);
  assert.deepEqual(verdicts(fixture, targetOf(yen, -20_000)), ['CURRENCY_EXPOSURE']);
  // The dollars that one target sells are room for the next.
  assert.deepEqual(verdicts(fixture, targetOf(yen, 20_000), targetOf(pound, 20_000)), [20_000, 20_000]);
  assert.deepEqual(verdicts(fixture, targetOf(yen, 20_000), targetOf(pound, 30_000)), [20_000, 'CURRENCY_EXPOSURE']);
});

test('a day that has lost more than the limit opens nothing more', () => {
  const fixture = withLimits({ maximumDailyLoss: 100 });
  const charge = (dollars: number) =>
    fixture.send({
      type: 'financing.charged',
      at: fixture.at,
      instrument: euro,
      amount: -dollars * unitMoney,
      days: 1,
      balance: (100_000 - dollars) * unitMoney,
    });
  charge(100);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1)), [1]);
  charge(100.01);
  const { denied } = judge(fixture, targetOf(euro, 1));
  assert.deepEqual(
    denied.map(({ code, reason }) => [code, reason]),
    [['DAILY_LOSS', 'the day has lost 100.01']],
  );
});

test('an account without equity opens nothing', () => {
  assert.deepEqual(verdicts(desk({ balance: 0 }), targetOf(euro, 1)), ['NO_EQUITY']);
});

test('orders of the last minute and increases before it use up the rate', () => {
  const fixture = withLimits({ maximumOrdersPerMinute: 2 });
  const targets = [targetOf(euro, 1), targetOf(pound, 1), targetOf(yen, 1)];
  assert.deepEqual(verdicts(fixture, ...targets), [1, 1, 'ORDER_RATE']);
  fixture.send({ type: 'order.submitted', at: fixture.at, order: requestOf() });
  fixture.send({ type: 'order.rejected', at: fixture.at, clientOrderId: 'o1', code: 'X', reason: '' });
  assert.deepEqual(verdicts(fixture, ...targets), [1, 'ORDER_RATE', 'ORDER_RATE']);
  fixture.tick(59_999);
  assert.deepEqual(verdicts(fixture, ...targets).length - judge(fixture, ...targets).approved.length, 2);
  // Where the next tick has not come yet, the minute is over all the same.
  fixture.send({ type: 'quote.updated', at: fixture.at + 1, instrument: yen, bidPrice: 150_000, askPrice: 150_010 });
  assert.deepEqual(verdicts(fixture, ...targets), [1, 1, 'ORDER_RATE']);
});

test('a reduction passes whatever stands in the way', () => {
  const fixture = createDeskFixture([any], {
    isWarm: false,
    balance: 0,
    policies: { limits: { maximumOrdersPerMinute: 1, maximumOrderNotional: 0.000_001, markAgeMsMax: 1 } },
  });
  hold(fixture, { [euro]: 1_000, [yen]: -1_000 });
  fixture.send({ type: 'order.submitted', at: fixture.at, order: requestOf() });
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'a', reason: 'r' });
  assert.deepEqual(verdicts(fixture, targetOf(euro, 999), targetOf(yen, 0)), [999, 0]);
});

test('a target beyond zero is first a close', () => {
  const fixture = desk();
  hold(fixture, { [euro]: 1_000 });
  const target = targetOf(euro, -500);
  assert.deepEqual(judge(fixture, target), { approved: [{ ...target, signedQuantity: 0 }], denied: [] });
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'a', reason: 'r' });
  assert.deepEqual(verdicts(fixture, target), [0]);
});

test('a move toward zero or through it is a reduction, every other one is not', () => {
  const rows: [number, number, boolean][] = [
    [0, 1, false],
    [0, 0, false],
    [5, 5, false],
    [5, 6, false],
    [5, 4, true],
    [5, 0, true],
    [5, -9, true],
    [-5, -6, false],
    [-5, -4, true],
    [-5, 9, true],
  ];
  for (const [held, wanted, expected] of rows) assert.equal(isReduction(held, wanted), expected, `${held} ${wanted}`);
});

test('what was approved in one run never exceeds leverage, positions or rate, and no reduction is ever denied', () => {
  const quantity = fc.integer({ min: -120_000, max: 120_000 });
  fc.assert(
    fc.property(fc.tuple(quantity, quantity, quantity), fc.tuple(quantity, quantity, quantity), (held, wanted) => {
      const fixture = withLimits({ maximumLeverage: 2, maximumPositions: 2, maximumOrdersPerMinute: 2 });
      const ids = [euro, pound, yen];
      const prices = [110_005, 130_005, 150_005];
      fixture.send({
        type: 'venue.reconciled',
        at: fixture.at,
        balance: 100_000 * unitMoney,
        positions: ids.map((instrument, index) => ({
          instrument,
          signedQuantity: held[index] ?? 0,
          cost: Math.abs(held[index] ?? 0) * (prices[index] ?? 0),
        })),
        openOrderIds: [],
        differences: [],
      });
      const { approved, denied } = judge(fixture, ...ids.map((id, index) => targetOf(id, wanted[index] ?? 0)));
      const heldOf = (id: string): number => fixture.engine.state.positions[id]?.signedQuantity ?? 0;
      for (const { target } of denied)
        assert.equal(isReduction(heldOf(target.instrument), target.signedQuantity), false);
      const increases = approved.filter((target) => !isReduction(heldOf(target.instrument), target.signedQuantity));
      assert.ok(increases.length <= 2);
      if (increases.length === 0) return;
      const { account, notionalPerUnit } = contextFor(fixture.engine, 'any');
      let notional = 0;
      let positions = 0;
      for (const id of ids) {
        // Reductions may fail at the venue, so the room they would make is not counted.
        const increased = increases.find(({ instrument }) => instrument === id)?.signedQuantity;
        const quantityAfter = increased ?? heldOf(id);
        notional += Math.abs(quantityAfter) * (notionalPerUnit(id) ?? 0);
        if (quantityAfter !== 0) positions += 1;
      }
      assert.ok(notional <= 2 * account().equity * (1 + 1e-12));
      if (increases.some(({ instrument }) => heldOf(instrument) === 0)) assert.ok(positions <= 2);
    }),
    { numRuns: 150 },
  );
});

test('nothing grows while the market is closed, and what is held may still shrink', () => {
  // Saturday 2026-01-17 12:00 UTC.
  const fixture = desk({ startAt: Date.UTC(2026, 0, 17, 12) });
  hold(fixture, { [yen]: 2_000 }, 150_000);
  assert.deepEqual(verdicts(fixture, targetOf(euro, 1_000), targetOf(yen, 1_000)), [1_000, 'MARKET_CLOSED']);
});
