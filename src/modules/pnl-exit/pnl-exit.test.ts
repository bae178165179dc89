import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import type { PositionChange } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { pnlExit } from './pnl-exit.ts';

const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';

/** A desk that holds a position entered at one price, with the quote given. */
function fixtureOf(
  held: { instrument?: string; signedQuantity: number; entryPrice: number },
  quote: { bidPrice: number; askPrice: number } | undefined,
  strategy: Record<string, unknown> = {},
): DeskFixture {
  const fixture = createDeskFixture([pnlExit], { policies: { strategy: { exitPnlEnabled: true, ...strategy } } });
  const instrument = held.instrument ?? euro;
  const position = present(fixture.engine.state.positions[instrument], 'position');
  position.signedQuantity = held.signedQuantity;
  position.cost = Math.abs(held.signedQuantity) * held.entryPrice;
  if (quote !== undefined) fixture.send({ type: 'quote.updated', at: fixture.at, instrument, ...quote });
  return fixture;
}

function propose({ engine }: DeskFixture, value: readonly PositionChange[] = []) {
  return present(pnlExit.propose.position, 'position')(value, {}, contextFor(engine, 'pnl-exit'));
}

function codeOf(fixture: DeskFixture): string | undefined {
  return propose(fixture).entries[0]?.code;
}

const long = { signedQuantity: 1000, entryPrice: 100_000 };
const short = { signedQuantity: -1000, entryPrice: 100_000 };

test('a long position is closed at half a percent of its entry price, counted at the bid', () => {
  const { value, entries } = propose(fixtureOf(long, { bidPrice: 100_500, askPrice: 100_510 }));
  assert.deepEqual(value, [{ type: 'reduce', instrument: euro, quantity: 1000, reason: 'exit-take-profit' }]);
  assert.deepEqual(entries, [{ subject: euro, code: 'exit-take-profit', value: 0.5 }]);
  assert.equal(codeOf(fixtureOf(long, { bidPrice: 100_499, askPrice: 100_509 })), undefined);
});

test('a short position is counted at the ask', () => {
  assert.equal(codeOf(fixtureOf(short, { bidPrice: 99_490, askPrice: 99_500 })), 'exit-take-profit');
  assert.equal(codeOf(fixtureOf(short, { bidPrice: 99_491, askPrice: 99_501 })), undefined);
});

test('a loss of a percent and a quarter closes', () => {
  assert.equal(codeOf(fixtureOf(long, { bidPrice: 98_750, askPrice: 98_760 })), 'exit-stop-loss');
  assert.equal(codeOf(fixtureOf(long, { bidPrice: 98_751, askPrice: 98_761 })), undefined);
  assert.equal(codeOf(fixtureOf(short, { bidPrice: 101_240, askPrice: 101_250 })), 'exit-stop-loss');
});

test('in account currency the bounds are whole units of money', () => {
  // 1000 EUR gain 0.5 USD at 50 ticks.
  const strategy = { exitPnlUnit: 'account_ccy' };
  assert.equal(codeOf(fixtureOf(long, { bidPrice: 100_050, askPrice: 100_060 }, strategy)), 'exit-take-profit');
  assert.equal(codeOf(fixtureOf(long, { bidPrice: 100_049, askPrice: 100_059 }, strategy)), undefined);
  assert.equal(codeOf(fixtureOf(long, { bidPrice: 99_875, askPrice: 99_885 }, strategy)), 'exit-stop-loss');
});

test('a profit in yen is converted to the account currency', () => {
  // 1000 USD gain 150 JPY at 150 ticks of 0.001, which is about one dollar at 150.
  const held = { instrument: yen, signedQuantity: 1000, entryPrice: 150_000 };
  const strategy = { exitPnlUnit: 'account_ccy', exitPnlTakeProfit: 0.99 };
  const { entries } = propose(fixtureOf(held, { bidPrice: 150_150, askPrice: 150_160 }, strategy));
  assert.equal(entries[0]?.code, 'exit-take-profit');
  const profit = present(entries[0]?.value, 'profit');
  assert.ok(Math.abs(profit - 150 / 150.155) < 1e-5, `found ${profit}`);
});

test('in percent of margin the bounds are fifty times nearer at a margin rate of 2 %', () => {
  const strategy = { exitPnlUnit: 'margin_pct' };
  // The margin of 1000 EUR is 2 % of 1000 × 1.000155 at mid; 11 ticks on them are 0.11 USD.
  const { entries } = propose(fixtureOf(long, { bidPrice: 100_011, askPrice: 100_020 }, strategy));
  const profit = present(entries[0]?.value, 'profit');
  assert.equal(entries[0]?.code, 'exit-take-profit');
  assert.ok(Math.abs(profit - (0.11 / (1000 * 1.000155 * 0.02)) * 100) < 1e-9, `found ${profit}`);
  assert.equal(codeOf(fixtureOf(long, { bidPrice: 100_009, askPrice: 100_019 }, strategy)), undefined);
});

test('nothing closes while the exit is off, the desk is flat or there is no quote, and the list stays the same', () => {
  const quote = { bidPrice: 102_000, askPrice: 102_010 };
  const value: PositionChange[] = [];
  assert.equal(propose(fixtureOf(long, quote, { exitPnlEnabled: false }), value).value, value);
  assert.equal(propose(fixtureOf({ signedQuantity: 0, entryPrice: 0 }, quote), value).value, value);
  assert.equal(propose(fixtureOf(long, undefined), value).value, value);
});

test('changes of other modules stay', () => {
  const other: PositionChange = { type: 'moveStop', instrument: euro, stopPrice: 99_000, reason: 'other' };
  const { value } = propose(fixtureOf(long, { bidPrice: 101_000, askPrice: 101_010 }), [other]);
  assert.deepEqual(
    value.map(({ reason }) => reason),
    ['other', 'exit-take-profit'],
  );
});
