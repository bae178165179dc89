import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slotNames } from '#domain/pipeline.ts';
import { decisionsHash } from '#engine/decision-hash.ts';
import { euro, fillOf, hold, unitMoney } from '../../tests/support/desk-events.ts';
import { createDeskFixture, type DeskFixture } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import { createRunRecorder, type RunRecorder, type RunSummary, recordEvent, summarize } from './run-report.ts';

const hourMs = 3_600_000;
const context = { startBalance: 100_000, dataHash: 'data', warnings: ['given'] };
const gate = slotModule('gate', 'gate', (value) => [...value]);

interface Recording {
  readonly fixture: DeskFixture;
  readonly recorder: RunRecorder;
  /** Plays a part of the run and notes its events. */
  note(produced: readonly Parameters<typeof recordEvent>[2][]): void;
  minute(euroClose: number): void;
}

function recording(): Recording {
  const fixture = createDeskFixture([gate]);
  const recorder = createRunRecorder();
  const note: Recording['note'] = (produced) => {
    for (const event of produced) recordEvent(recorder, fixture.engine, event);
  };
  return {
    fixture,
    recorder,
    note,
    // Each tick is noted before the next one comes, as a loop would.
    minute: (euroClose) => {
      note(fixture.tick());
      note(fixture.bar('EUR_USD', euroClose));
      note(fixture.bar('USD_JPY', 150_000));
      note(fixture.tick());
    },
  };
}

function fill(run: Recording, side: 'buy' | 'sell', price: number, dollars: number): void {
  const { at, engine } = run.fixture;
  const realizedPnl = Math.round(dollars * unitMoney);
  const balance = engine.state.account.balance + realizedPnl - 100_000;
  run.note(
    run.fixture.send(
      fillOf(at, {
        clientOrderId: 'x',
        fillId: `f${engine.state.counts.fills}`,
        side,
        price,
        quantity: 10_000,
        realizedPnl,
        fee: 100_000,
        spreadCost: 200_000,
        balance,
        isPessimistic: side === 'sell',
      }),
    ),
  );
}

/** A win of 40 dollars and a loss of 10, each fill with 0.10 of fees and 0.20 of spread, and 0.50 of financing paid. */
function twoTrips(): Recording {
  const run = recording();
  run.minute(110_000);
  fill(run, 'buy', 110_000, 0);
  run.minute(110_300);
  fill(run, 'sell', 110_400, 40);
  run.minute(110_400);
  fill(run, 'buy', 110_400, 0);
  run.minute(110_350);
  const balance = run.fixture.engine.state.account.balance - 500_000;
  const at = run.fixture.at;
  run.note(run.fixture.send({ type: 'financing.charged', at, instrument: euro, amount: -500_000, days: 1, balance }));
  fill(run, 'sell', 110_300, -10);
  return run;
}

function summaryOf(run: Recording): RunSummary {
  return summarize(run.recorder, run.fixture.engine, context);
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

test('a run without a round trip says that its figures mean nothing', () => {
  const run = recording();
  run.minute(110_000);
  const summary = summaryOf(run);
  assert.deepEqual(
    [summary.roundTrips, summary.winRate, summary.pnl, summary.calmar, summary.sharpe, summary.profitFactor],
    [0, 0, 0, 0, 0, 0],
  );
  assert.deepEqual([summary.costShare, summary.exposure, summary.maxDrawdown], [0, 0, 0]);
  assert.deepEqual(summary.warnings, [
    'given',
    'the run made no round trip: its figures say nothing about the strategy',
  ]);
});

test('profits, costs and their share are in whole units of the account', () => {
  const summary = summaryOf(twoTrips());
  assert.deepEqual([summary.roundTrips, summary.fills, summary.winRate], [2, 4, 0.5]);
  near(summary.pnl, 40 - 10 - 0.4 - 0.5);
  near(summary.endEquity, 100_029.1);
  near(summary.pnlFraction, 29.1 / 100_000);
  assert.deepEqual([summary.fees, summary.financing, summary.spreadCosts], [0.4, -0.5, 0.8]);
  near(summary.costShare, (0.4 + 0.5 + 0.8) / (29.1 + 1.7));
  near(summary.profitFactor, (40 - 0.2) / (10 + 0.2 + 0.5));
});

test('the drawdown follows equity while something is held, when it has gone flat, and at the end', () => {
  const summary = summaryOf(twoTrips());
  // Flat at 100 039.80 after the first trip (40 won, 0.20 of fees): the end is 10.70 below that.
  const peak = 100_000 + 40 - 0.2;
  assert.ok(summary.maxDrawdown > 0);
  near(summary.maxDrawdown, Math.max(0, (peak - 100_029.1) / peak));
  assert.equal(summary.calmar, Math.min(100, summary.pnlFraction / summary.maxDrawdown));
});

test('exposure is the share of decisions at which something was held', () => {
  const summary = summaryOf(twoTrips());
  assert.equal(summary.decisions, 4);
  assert.equal(summary.exposure, 0.5);
});

test('one equity is noted for each day, and the daily ratio is taken over them and the end', () => {
  const run = recording();
  const equities: number[] = [];
  for (let day = 0; day < 4; day += 1) {
    run.note(run.fixture.tick(day === 0 ? 30_000 : 24 * hourMs));
    run.note(run.fixture.tick());
    equities.push(run.fixture.engine.state.account.balance);
    const balance = run.fixture.engine.state.account.balance + (day === 1 ? -30 : 100) * unitMoney;
    run.note(
      run.fixture.send({
        type: 'financing.charged',
        at: run.fixture.at,
        instrument: euro,
        amount: 0,
        days: 1,
        balance,
      }),
    );
  }
  assert.deepEqual(
    run.recorder.dailyEquity.map(({ equity }) => equity),
    equities,
  );
  const all = [...equities, run.fixture.engine.state.account.balance];
  const returns = all.slice(1).map((equity, index) => equity / (all[index] ?? 1) - 1);
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (returns.length - 1);
  near(summaryOf(run).sharpe, (mean / Math.sqrt(variance)) * Math.sqrt(252));
});

test('an open position counts with what it is worth at the end', () => {
  const run = recording();
  run.minute(110_000);
  hold(run.fixture, { [euro]: 10_000 }, 109_900);
  const summary = summaryOf(run);
  near(summary.endEquity, 100_010);
  assert.equal(summary.roundTrips, 0);
});

test('fills that took the worse reading, failures and refusals are warned of', () => {
  const failing = slotModule('gate', 'failing', () => {
    throw new Error('blind');
  });
  const raising = slotModule('universe', 'raising', () => ['NONE.OANDA']);
  const fixture = createDeskFixture([failing, raising]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const recorder = createRunRecorder();
  recorder.pessimisticFills = 3;
  const { warnings } = summarize(recorder, fixture.engine, { ...context, warnings: [] });
  assert.deepEqual(warnings.slice(1), [
    '3 fills took the worse reading where a bar hid the order of events',
    "'raising/universe' was refused 1 times",
    "'failing/gate' failed 1 times",
  ]);
  assert.equal(summaryOf(twoTrips()).pessimisticFills, 2);
});

test('every slot says how often it changed an outcome, and every module how its calls ended', () => {
  const summary = summaryOf(twoTrips());
  assert.deepEqual(Object.keys(summary.slotsChanged), [...slotNames]);
  assert.equal(summary.slotsChanged['gate'], 4);
  assert.equal(summary.slotsChanged['risk'], 0);
  assert.deepEqual(summary.modules, [
    { module: 'gate', slot: 'gate', calls: 4, changed: 4, refused: 0, failed: 0, decided: 1, offered: 0, passed: 0 },
  ]);
});

test('guard rates count the windows of each market and how many either profile would let pass', () => {
  const run = recording();
  for (let minute = 0; minute < 133; minute += 1) run.minute(110_000 + ((minute * 37) % 90));
  const windows = run.fixture.events.filter(({ type }) => type === 'manifold.published');
  const rates = run.recorder.guards;
  assert.deepEqual(Object.keys(rates).sort(), ['EUR_USD', 'USD_JPY']);
  assert.ok(windows.length >= 2);
  assert.equal((rates['EUR_USD']?.windows ?? 0) + (rates['USD_JPY']?.windows ?? 0), windows.length);
  // The fixture's constants let everything pass; its own history is far too short for calibrated levels.
  assert.equal(rates['EUR_USD']?.seed, rates['EUR_USD']?.windows);
  assert.equal(rates['EUR_USD']?.calibrated, 0);
});

test('a summary names its run, its data, its span and its decisions', () => {
  const run = twoTrips();
  const summary = summaryOf(run);
  assert.deepEqual([summary.runId, summary.dataHash, summary.startBalance], ['fixture', 'data', 100_000]);
  assert.deepEqual([summary.fromAt, summary.untilAt], [run.fixture.at - 7 * 30_000, run.fixture.at]);
  assert.equal(summary.bars, 8);
  assert.equal(summary.decisionsHash, decisionsHash(run.fixture.engine.state.hash));
});
