import assert from 'node:assert/strict';
import { test } from 'node:test';
import { euro, hold, unitMoney, yen } from '../../tests/support/desk-events.ts';
import { createDeskFixture, type DeskFixture } from '../../tests/support/desk-fixture.ts';
import { accountFigures, marginPerUnit, notionalPerUnit, positionProfit, rateToAccount } from './account.ts';

const basis = { accountCurrency: 'USD', moneyDecimals: 6 };

/** EUR_USD at 1.10000 / 1.10010, USD_JPY at 150.000 / 150.010. */
function priced(symbols = ['EUR_USD', 'USD_JPY']): DeskFixture {
  const fixture = createDeskFixture([], { symbols });
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  return fixture;
}

test('the account currency needs no rate, and a missing price gives none', () => {
  const { engine } = createDeskFixture([]);
  assert.deepEqual(rateToAccount(engine.state, 'USD', basis), { numerator: 1, denominator: 1 });
  assert.equal(rateToAccount(engine.state, 'JPY', basis), undefined);
});

test('a rate is the mid in ticks, upside down where the account currency is the base', () => {
  const { state } = priced().engine;
  // The mid of 150.000 and 150.010 is 150005 ticks of a thousandth.
  assert.deepEqual(rateToAccount(state, 'JPY', basis), { numerator: 1_000, denominator: 150_005 });
  assert.deepEqual(rateToAccount(state, 'EUR', basis), { numerator: 110_005, denominator: 100_000 });
  assert.equal(rateToAccount(state, 'GBP', basis), undefined);
});

test('one unit is worth its mid in the account currency, and exactly one where the base is that currency', () => {
  const { state } = priced().engine;
  assert.equal(notionalPerUnit(state, euro, basis), 1_100_050);
  assert.equal(notionalPerUnit(state, yen, basis), 1_000_000);
  assert.equal(notionalPerUnit(state, 'GBPUSD.OANDA', basis), undefined);
});

test("a cross is worth its price in the quote currency times that currency's rate", () => {
  const fixture = createDeskFixture([], { symbols: ['EUR_JPY', 'USD_JPY'] });
  fixture.minute({ EUR_JPY: 165_000, USD_JPY: 150_000 });
  const worth = notionalPerUnit(fixture.engine.state, 'EURJPY.OANDA', basis) ?? 0;
  assert.equal(worth, ((1_000_000 * 165_005) / 1_000) * (1_000 / 150_005));
});

test('a unit without a price or without a rate has no worth and no margin', () => {
  const cross = createDeskFixture([], { symbols: ['EUR_JPY', 'USD_JPY'] });
  cross.minute({ EUR_JPY: 165_000 });
  assert.equal(notionalPerUnit(cross.engine.state, 'EURJPY.OANDA', basis), undefined);
  assert.equal(marginPerUnit(cross.engine.state, 'EURJPY.OANDA', basis), undefined);
  assert.equal(marginPerUnit(createDeskFixture([]).engine.state, euro, basis), undefined);
});

test('margin is a fiftieth of the worth', () => {
  const { state } = priced().engine;
  assert.equal(marginPerUnit(state, euro, basis), 1_100_050 * 0.02);
  assert.equal(marginPerUnit(state, yen, basis), 20_000);
});

test('a long is marked at the bid and a short at the ask', () => {
  const fixture = priced();
  hold(fixture, { [euro]: 1_000 }, 109_900);
  // 100 ticks of 1e-5 on 1000 units are one dollar.
  assert.equal(positionProfit(fixture.engine.state, euro, basis), 1 * unitMoney);
  hold(fixture, { [euro]: -1_000 }, 109_900);
  assert.equal(positionProfit(fixture.engine.state, euro, basis), -1.1 * unitMoney);
});

test('profit in a foreign currency is turned into money at the mid, halves to even', () => {
  const fixture = priced();
  hold(fixture, { [yen]: 1_000 }, 149_000);
  // 1000 × 1.000 yen at 150.005 yen a dollar.
  assert.equal(positionProfit(fixture.engine.state, yen, basis), Math.round((1_000 / 150.005) * unitMoney));
});

test('a flat instrument and an unknown one have no profit', () => {
  const { state } = priced().engine;
  assert.equal(positionProfit(state, euro, basis), 0);
  assert.equal(positionProfit(state, 'GBPUSD.OANDA', basis), 0);
});

test('equity is balance and profits, margin is rounded up, the rest is available', () => {
  const fixture = priced();
  hold(fixture, { [euro]: 1_001, [yen]: -500 }, 110_000);
  const { state } = fixture.engine;
  const figures = accountFigures(state, basis);
  const profit = positionProfit(state, euro, basis) + positionProfit(state, yen, basis);
  const margin = Math.ceil(1_001 * 1_100_050 * 0.02 + 500 * 20_000);
  assert.deepEqual(figures, {
    balance: 100_000 * unitMoney,
    equity: 100_000 * unitMoney + profit,
    unrealizedPnl: profit,
    marginUsed: margin,
    marginAvailable: 100_000 * unitMoney + profit - margin,
  });
});

test('margin available is never below zero', () => {
  const fixture = priced();
  hold(fixture, { [yen]: 6_000_000 }, 150_000);
  const figures = accountFigures(fixture.engine.state, basis);
  assert.equal(figures.marginUsed, 120_000 * unitMoney);
  assert.equal(figures.marginAvailable, 0);
});

function mark(fixture: DeskFixture, instrument: string, markPrice: number): void {
  const { at } = fixture;
  fixture.send({
    type: 'mark.updated',
    at,
    instrument,
    markPrice,
    indexPrice: null,
    fundingRate: 0,
    nextFundingAt: at,
  });
}

test('where the venue tells a mark, worth, margin and profit are counted at it', () => {
  const fixture = priced();
  hold(fixture, { [euro]: 1_000 }, 110_000);
  const { state } = fixture.engine;
  assert.equal(positionProfit(state, euro, basis), 0);
  // A tenth below the quote: the venue liquidates by its mark, whatever the last price is.
  mark(fixture, euro, 99_000);
  assert.equal(notionalPerUnit(state, euro, basis), 990_000);
  assert.equal(marginPerUnit(state, euro, basis), 19_800);
  assert.equal(positionProfit(state, euro, basis), -110 * unitMoney);
  assert.deepEqual(accountFigures(state, basis), {
    balance: 100_000 * unitMoney,
    equity: 99_890 * unitMoney,
    unrealizedPnl: -110 * unitMoney,
    marginUsed: 19.8 * unitMoney,
    marginAvailable: 99_870.2 * unitMoney,
  });
  hold(fixture, { [euro]: -1_000 }, 110_000);
  assert.equal(positionProfit(state, euro, basis), 110 * unitMoney);
});

test('a mark in a foreign currency is turned into money at the mid of the rate, and a mark alone is a price', () => {
  const fixture = priced();
  mark(fixture, yen, 140_000);
  assert.equal(notionalPerUnit(fixture.engine.state, yen, basis), ((1_000_000 * 140_000) / 1_000) * (1_000 / 150_005));
  const unquoted = createDeskFixture([]);
  mark(unquoted, euro, 99_000);
  assert.equal(notionalPerUnit(unquoted.engine.state, euro, basis), 990_000);
  hold(unquoted, { [euro]: 1_000 }, 110_000);
  assert.equal(positionProfit(unquoted.engine.state, euro, basis), -110 * unitMoney);
});

test('depth without a mark changes no figure', () => {
  const fixture = priced();
  fixture.send({ type: 'depth.updated', at: fixture.at, instrument: euro, bids: [[90_000, 1]], asks: [[90_010, 1]] });
  assert.equal(notionalPerUnit(fixture.engine.state, euro, basis), 1_100_050);
});
