import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCalendar } from '#adapters/calendar/build-calendar.ts';
import { marketBracket } from '#modules/market-bracket/market-bracket.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import { HandClock } from '../support/hand-clock.ts';
import { type HarborWire, openHarborWire } from '../support/harbor-wire.ts';
import { booksOf, LiveDay } from '../support/live-day.ts';
import { LiveInvariants } from '../support/live-invariants.ts';
import { type WantingDesk, wantingAt, wantingDesk, wantingPolicies } from '../support/wanting-desk.ts';
import { wantingModule } from '../support/wanting-module.ts';

const minute = 60_000;
const hour = 60 * minute;
const orders = { method: 'POST', path: '/v1/orders$' } as const;
const cancels = { method: 'DELETE', path: '/v1/orders/' } as const;
const ledger = { method: 'GET', path: '/v1/fills' } as const;
const account = { method: 'GET', path: '/v1/account' } as const;

/** What can happen to any venue, over two hours of trading. */
const faults: FaultScriptInput = {
  seed: 5,
  faults: [
    { at: 5 * minute, times: 2, match: orders, fault: { type: 'loseAnswer' } },
    { at: 12 * minute, times: 2, match: orders, fault: { type: 'loseRequest' } },
    { at: 20 * minute, fault: { type: 'disconnect' } },
    { at: 26 * minute, for: 30_000, fault: { type: 'disconnect' } },
    { at: 32 * minute, for: 8 * minute, fault: { type: 'duplicate', fraction: 0.5 } },
    { at: 42 * minute, for: 2 * minute, fault: { type: 'stall' } },
    { at: 50 * minute, times: 40, fault: { type: 'drop', count: 1, only: '"type":"(?:order|fill)"' } },
    { at: 58 * minute, for: 5 * minute, fault: { type: 'reorder', windowMs: 400 } },
    { at: 66 * minute, times: 2, match: cancels, fault: { type: 'loseAnswer' } },
    { at: 66 * minute, times: 2, match: cancels, fault: { type: 'loseRequest' } },
    { at: 72 * minute, times: 3, match: ledger, fault: { type: 'answer', status: 500, body: '{}' } },
    { at: 73 * minute, times: 1, match: account, fault: { type: 'answer', status: 200, body: '' } },
    { at: 80 * minute, times: 2, match: orders, fault: { type: 'silence', isCarriedOut: true } },
    { at: 90 * minute, fault: { type: 'inject', text: '{"n":' } },
    { at: 91 * minute, for: 4 * minute, fault: { type: 'chop', bytesMax: 7 } },
    {
      at: 96 * minute,
      times: 2,
      match: orders,
      fault: { type: 'answer', status: 429, body: '{}', headers: { 'retry-after': '5' } },
    },
  ],
};

/** Targets in units; each is wanted for six minutes. */
const wishes: readonly Readonly<Record<string, number>>[] = [
  { EUR_USD: 20_000 },
  { EUR_USD: 20_000, USD_JPY: -15_000 },
  { EUR_USD: -10_000, USD_JPY: -15_000 },
  { EUR_USD: -10_000, USD_JPY: 0 },
  { EUR_USD: 30_000, USD_JPY: 5_000 },
  { EUR_USD: 0, USD_JPY: 25_000 },
];

async function openWantingHarbor(script: FaultScriptInput): Promise<WantingDesk<HarborWire>> {
  const symbols = ['EUR_USD', 'USD_JPY'];
  const clock = new HandClock(wantingAt);
  const wire = openHarborWire({
    ...{ clock, symbols, script, quotesPerMinute: 12, historyMs: 24 * hour, untilAt: wantingAt + 24 * hour },
  });
  const invariants = new LiveInvariants();
  const day = new LiveDay({
    ...{ clock, desk: 'fx', historyDays: 0.25, venue: wire, modules: [wantingModule, marketBracket] },
    calendar: (fromAt, untilAt) => buildCalendar({ fromAt, untilAt, preset: 'always' }),
    policies: wantingPolicies({ HOTBAND_PAIRS: symbols.join(',') }, 'fx'),
    onEvent: (event, state) => invariants.see(event, state),
  });
  await day.open();
  day.letTrade();
  return wantingDesk(day, { wire, clock, invariants, desk: 'fx' });
}

function assertEveryMinute(bars: readonly { readonly openAt: number }[]): void {
  const steps = bars.slice(1).map(({ openAt }, index) => openAt - (bars[index]?.openAt ?? 0));
  assert.deepEqual([...new Set(steps)], [minute], 'no minute is missing and none comes twice');
}

test('a desk trades two hours at a venue that was made by the recipe, and ends with its books', async () => {
  const desk = await openWantingHarbor(faults);
  const { day, wire, invariants } = desk;
  try {
    for (let turn = 0; day.run.engine.state.at < wantingAt + 2 * hour - 15 * minute; turn += 1) {
      await desk.want(wishes[turn % wishes.length] ?? {});
      await day.pass(4 * minute);
    }
    await desk.want({ EUR_USD: 12_000, USD_JPY: -7_000 });
    await day.pass(12 * minute);
    wire.floor.settle();
    const books = booksOf(day.state);
    const { balance, positions, openOrders } = wire.floor.ledger();
    assert.deepEqual(books.positions, [
      ['EURUSD.HARBOR', 12_000],
      ['USDJPY.HARBOR', -7_000],
    ]);
    assert.deepEqual(
      books.positions,
      positions.map(({ instrument, signedQuantity }) => [instrument, signedQuantity]),
    );
    assert.deepEqual([books.balance, books.openOrders], [balance, openOrders.length]);
    assert.deepEqual(
      openOrders
        .map(({ instrument, orderType, remainingQuantity }) => [instrument, orderType, remainingQuantity])
        .sort(),
      [
        ['EURUSD.HARBOR', 'stop', 12_000],
        ['USDJPY.HARBOR', 'stop', 7_000],
      ],
    );
    assert.deepEqual(invariants.breaches, []);
    assert.deepEqual(
      [...wire.sentById].filter(([, count]) => count > 1),
      [],
      'no intent was sent twice',
    );
    assert.deepEqual(Object.keys(day.state.impairments), []);
    // Hours in which nothing happened would prove nothing.
    assert.ok(day.of('order.submitted').length >= 50, `${day.of('order.submitted').length} orders`);
    assert.ok(day.of('roundTrip.closed').length >= 12, `${day.of('roundTrip.closed').length} round trips`);
    assert.ok(day.of('order.unresolved').length >= 8, `${day.of('order.unresolved').length} unresolved`);
    assert.ok(day.of('venue.impaired').length >= 40, `${day.of('venue.impaired').length} impairments`);
    assert.equal(day.of('message.quarantined').length, 1);
    for (const id of day.state.instrumentIds)
      assertEveryMinute(day.of('bar.closed').filter((bar) => bar.instrument === id));
    assert.equal(day.run.failure, undefined);
  } finally {
    await day.close();
  }
});
