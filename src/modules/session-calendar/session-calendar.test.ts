import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { present } from '#base/assert.ts';
import { instrumentSession, isNearClose, sessionsOf } from '#domain/calendar.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { contextFor, createEngine } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from '../../../tests/support/desk-fixture.ts';
import { sessionCalendar } from './session-calendar.ts';

const minuteMs = 60_000;
const euro = 'EURUSD.OANDA';

function fixtureAtTime(at: number, strategy: Record<string, unknown> = {}, symbols = ['EUR_USD']): DeskFixture {
  const options: FixtureOptions = { startAt: at, symbols, policies: { strategy } };
  const fixture = createDeskFixture([sessionCalendar], options);
  fixture.tick();
  return fixture;
}

function propose({ engine }: DeskFixture) {
  const state = engine.state.modules['session-calendar'];
  const context = contextFor(engine, 'session-calendar');
  return present(sessionCalendar.propose.universe, 'universe')(engine.state.instrumentIds, state, context);
}

function codesAt(at: number, strategy: Record<string, unknown> = {}): string[] {
  return propose(fixtureAtTime(at, strategy)).entries.map(({ code }) => code);
}

// New York is at UTC-5 in January: its session ends at 22:00 UTC, the daily break is 21:58 to 22:03.
test('an instrument is kept inside its sessions', () => {
  const fixture = fixtureAtTime(Date.UTC(2026, 0, 14, 12));
  const proposal = propose(fixture);
  assert.equal(proposal.value, fixture.engine.state.instrumentIds);
  assert.deepEqual(proposal.entries, []);
});

test('the near close begins at the exit minutes, inclusive', () => {
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 14, 21, 54, 59)), []);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 14, 21, 55)), ['near-close']);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 14, 21, 49), { sessionExitMinutes: 10 }), []);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 14, 21, 50), { sessionExitMinutes: 10 }), ['near-close']);
});

test('the entry of a near close tells the minutes left', () => {
  const { entries } = propose(fixtureAtTime(Date.UTC(2026, 0, 14, 21, 57)));
  assert.deepEqual(entries, [{ subject: euro, code: 'near-close', value: 3 }]);
});

test('the daily break and the hours outside the sessions are closed', () => {
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 14, 21, 59)), ['closed']);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 15, 3)), ['closed']);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 17, 12)), ['closed']);
});

test('without session trading only the week counts', () => {
  const strategy = { sessionTradingEnabled: false };
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 15, 3), strategy), []);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 14, 21, 56), strategy), []);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 14, 21, 59), strategy), ['closed']);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 16, 21, 55), strategy), ['near-close']);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 16, 22), strategy), ['closed']);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 18, 21), strategy), ['closed']);
  assert.deepEqual(codesAt(Date.UTC(2026, 0, 18, 22, 3), strategy), []);
});

test('everything is closed before a calendar is there', () => {
  const fixture = fixtureAtTime(Date.UTC(2026, 0, 14, 12));
  fixture.engine.state.calendar = null;
  assert.deepEqual(propose(fixture), { value: [], entries: [{ subject: euro, code: 'closed', value: null }] });
});

test('a schedule of another calendar counts as closed until it has been worked out anew', () => {
  const fixture = fixtureAtTime(Date.UTC(2026, 0, 14, 12));
  const { state } = fixture.engine;
  const calendar = structuredClone({ ...present(state.calendar, 'calendar'), version: 'another' });
  state.calendar = calendar;
  assert.deepEqual(
    propose(fixture).entries.map(({ code }) => code),
    ['closed'],
  );
  fixture.send({ type: 'calendar.loaded', at: fixture.at, calendar });
  assert.deepEqual(propose(fixture).entries, []);
});

test('an instrument listed later has its hours at once', () => {
  const fixture = fixtureAtTime(Date.UTC(2026, 0, 14, 12));
  const instrument = fxInstrument('GBP_USD');
  fixture.send({ type: 'instrument.listed', at: fixture.at, instrument, hasVolume: true, priceBasis: 'bid' });
  assert.deepEqual(propose(fixture).value, [euro, 'GBPUSD.OANDA']);
});

test('the state is plain data and decides alike after a restart', () => {
  const fixture = fixtureAtTime(Date.UTC(2026, 0, 14, 12));
  const engine = createEngine([sessionCalendar], deserialize(serialize(fixture.engine.state)));
  assert.deepEqual(engine.state.modules, fixture.engine.state.modules);
  assert.deepEqual(propose({ ...fixture, engine }), propose(fixture));
});

test('the decision agrees with the calendar asked directly, every 7 minutes of a week', () => {
  const startAt = Date.UTC(2026, 2, 6, 12);
  const symbols = ['AUD_USD', 'EUR_JPY', 'USD_CAD'];
  const fixture = fixtureAtTime(startAt, {}, symbols);
  const calendar = present(fixture.engine.state.calendar, 'calendar');
  for (let count = 0; count < (7 * 1440) / 7; count += 1) {
    fixture.tick(7 * minuteMs);
    const expected = symbols.filter((symbol) => {
      const { baseCurrency, quoteCurrency } = fxInstrument(symbol);
      const session = instrumentSession(calendar, sessionsOf([baseCurrency, quoteCurrency]), fixture.at);
      return session.isOpen && !isNearClose(session, 5);
    });
    assert.deepEqual(
      propose(fixture).value,
      expected.map((symbol) => fxInstrument(symbol).id),
      `at ${new Date(fixture.at).toISOString()}`,
    );
  }
});
