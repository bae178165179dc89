import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BarColumns } from '#domain/bar.ts';
import { isMarketOpen } from '#domain/calendar.ts';
import { defaultCosts } from '#domain/default-costs.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { createEngine } from '#engine/engine.ts';
import { step } from '#engine/step.ts';
import { modules } from '#modules/index.ts';
import { walkColumns } from '../../tests/support/walk-columns.ts';
import {
  alwaysAround,
  calendarAround,
  configurationFrom,
  documentOf,
  listedSeries,
  openVenue,
  policyDocuments,
  venueFor,
} from './desk-setup.ts';
import { RunError } from './run-folder.ts';
import { type RunSetup, startEvents } from './start-events.ts';

const dayMs = 86_400_000;
const euro = fxInstrument('EUR_USD');
const yen = fxInstrument('USD_JPY');
const mondayAt = Date.UTC(2026, 0, 5);

function refusal(environment: Readonly<Record<string, string>>): string {
  try {
    configurationFrom(environment);
  } catch (error) {
    assert.ok(error instanceof RunError);
    return error.message;
  }
  assert.fail('the environment was taken');
}

test('a malformed variable is refused with its name, what was expected and what was found', () => {
  assert.match(refusal({ ALLOC_TOP_K: 'many' }), /^'ALLOC_TOP_K': expected a whole number .*, found 'many'$/);
});

test('every malformed variable has a line of its own', () => {
  const lines = refusal({ ALLOC_TOP_K: 'many', API_PORT: '-1' }).split('\n');
  assert.deepEqual(lines.map((line) => line.slice(0, line.indexOf(':'))).sort(), ["'ALLOC_TOP_K'", "'API_PORT'"]);
});

test('a whole environment gives its values, and what it leaves out has its default', () => {
  const values = configurationFrom({ ALLOC_TOP_K: '2' });
  assert.deepEqual(values.get('ALLOC_TOP_K'), { value: 2, isSet: true });
  assert.deepEqual(values.get('TRADEWIND_PORT'), { value: 8000, isSet: false });
});

test('there is one document for each policy domain of the house and for each module, sorted by key', () => {
  const keys = policyDocuments(configurationFrom({}), 'fx').map(({ key }) => key);
  const expected = ['desk', 'limits', 'costs', 'strategy', ...modules.map(({ name }) => name)];
  assert.deepEqual(keys, expected.map((name) => `${name}/fx`).sort());
});

test('a module has its own defaults where the environment says nothing, and what it says where it speaks', () => {
  const usual = policyDocuments(configurationFrom({}), 'fx');
  const told = policyDocuments(configurationFrom({ ALLOC_TOP_K: '2' }), 'fx');
  const allocator = (policies: typeof usual) => documentOf({ policies, desk: 'fx' }, 'top-k-allocator');
  assert.equal(allocator(told)['topK'], 2);
  assert.notEqual(allocator(usual)['topK'], 2);
  assert.deepEqual({ ...allocator(told), topK: allocator(usual)['topK'] }, allocator(usual));
  for (const { name, parameters } of modules) {
    const document = documentOf({ policies: told, desk: 'fx' }, name);
    assert.deepEqual(Object.keys(document).sort(), Object.keys(parameters.shape).sort(), name);
    assert.deepEqual(parameters.parse(document), document, name);
  }
});

test('a document that the configuration does not make is refused by its key', () => {
  const policies = policyDocuments(configurationFrom({}), 'fx');
  assert.throws(() => documentOf({ policies, desk: 'crypto' }, 'desk'), {
    name: 'RunError',
    message: "the configuration makes no policy 'desk/crypto'",
  });
});

test('the calendar covers the data and fourteen days on either side', () => {
  const calendar = calendarAround(mondayAt, mondayAt + 5 * dayMs);
  const noon = dayMs / 2;
  for (const at of [mondayAt - 14 * dayMs, mondayAt, mondayAt + 16 * dayMs])
    assert.equal(isMarketOpen(calendar, at + noon), true, new Date(at).toISOString());
  // A Saturday within the data.
  assert.equal(isMarketOpen(calendar, mondayAt + 5 * dayMs + noon), false);
  // Mondays and Tuesdays beyond the margin are in no calendar.
  for (const at of [mondayAt - 21 * dayMs, mondayAt + 22 * dayMs])
    assert.equal(isMarketOpen(calendar, at + noon), false, new Date(at).toISOString());
});

test('an instrument is listed with what its own series says, in the order of the series', () => {
  const series: BarColumns[] = [
    { ...walkColumns(yen, 1, 1), hasVolume: false, priceBasis: 'mid' },
    walkColumns(fxInstrument('GBP_USD'), 1, 1),
    walkColumns(euro, 1, 1),
  ];
  assert.deepEqual(listedSeries(series, [euro, yen]), [
    { instrument: yen, hasVolume: false, priceBasis: 'mid' },
    { instrument: euro, hasVolume: true, priceBasis: 'bid' },
  ]);
});

test('the venue has the account, the costs and the price bases of the desk, and its balance in the smallest money unit', () => {
  const policies = policyDocuments(configurationFrom({}), 'fx');
  const listed = [
    { instrument: yen, hasVolume: true, priceBasis: 'mid' as const },
    { instrument: euro, hasVolume: true, priceBasis: 'bid' as const },
  ];
  const calendar = calendarAround(mondayAt, mondayAt + dayMs);
  const state = venueFor({ listed, policies, desk: 'fx', calendar, startBalance: 12_345.678_901_4, seed: 9 });
  assert.equal(state.balance, 12_345_678_901);
  assert.equal(state.startBalance, 12_345_678_901);
  assert.deepEqual([state.accountCurrency, state.moneyDecimals, state.seed], ['USD', 6, 9]);
  assert.deepEqual(state.costs, defaultCosts);
  assert.equal(state.calendar, calendar);
  assert.deepEqual(
    [...state.books.values()].map(({ instrument, priceBasis }) => [instrument.id, priceBasis]),
    [
      ['EURUSD.OANDA', 'bid'],
      ['USDJPY.OANDA', 'mid'],
    ],
  );
  assert.equal(openVenue(state).poll(mondayAt), undefined);
});

test('the crypto desk has a whole set of documents that an engine takes, and trades the configured coins', () => {
  const policies = policyDocuments(configurationFrom({ BINANCE_SYMBOLS: 'BTCUSDT' }), 'crypto');
  const engine = createEngine(modules);
  const at = Date.UTC(2026, 0, 14);
  const setup: RunSetup = {
    ...{
      kind: 'live' as const,
      runId: 'r',
      desk: 'crypto',
      at,
      seed: 0,
      startBalance: 0,
      moneyDecimals: 8,
      recordsFacts: true,
    },
    ...{ dataHash: '', instruments: [], policies, releasesKill: false },
    calendar: alwaysAround(at, at + 86_400_000),
  };
  const refused: string[] = [];
  for (const event of startEvents(setup)) {
    for (const produced of step(engine, event)) if (produced.type === 'policy.refused') refused.push(produced.reason);
  }
  assert.deepEqual(refused, []);
  assert.deepEqual(engine.policies?.desk.universe, ['BTCUSDT']);
  assert.equal(engine.policies?.desk.venue, 'BINANCE');
  assert.deepEqual(engine.state.calendar?.weeks, [at, at + 86_400_000]);
});
