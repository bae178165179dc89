import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import type { WeightsDocument } from '#domain/events.ts';
import type { Signal } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { pulseTrader } from './pulse-trader.ts';

const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';

/** New York opens at 13:00 UTC in January: both pairs trade. */
const afternoonAt = Date.UTC(2026, 0, 14, 14);

interface Setting {
  readonly parameters?: Record<string, unknown>;
  readonly strategy?: Record<string, unknown>;
  readonly startAt?: number;
}

/** A desk with a rising euro of coherence 0.5 and a falling dollar of coherence 0.6. */
function fixtureOf({ parameters, strategy, startAt = afternoonAt }: Setting = {}): DeskFixture {
  const policies = {
    strategy: { directionLookback: 2, ...strategy },
    'pulse-trader': { isEnabled: true, ...parameters },
  };
  const fixture = createDeskFixture([pulseTrader], { policies, startAt });
  // Without a window there is no score, so no pulse comes before the test asks for one.
  for (const change of [0, 1, 2]) fixture.minute({ EUR_USD: 110_000 + change, USD_JPY: 150_000 - change });
  setWindow(fixture, euro, 0.5);
  setWindow(fixture, yen, 0.6);
  return fixture;
}

function setWindow({ engine }: DeskFixture, instrument: string, coherence: number): void {
  const { manifold } = present(engine.state.markets[instrument], 'market');
  manifold.windowCount = 1;
  manifold.window.coherence = coherence;
}

function propose({ engine }: DeskFixture, value: readonly Signal[] = []) {
  const state = engine.state.modules['pulse-trader'];
  return present(pulseTrader.propose.signal, 'signal')(value, state, contextFor(engine, 'pulse-trader'));
}

function publishScores(fixture: DeskFixture, scores: Record<string, number>): void {
  const document: WeightsDocument = {
    publishedAt: fixture.at,
    topK: 3,
    weights: {},
    exposureFractions: {},
    scores,
    isHeld: false,
    heldSinceAt: null,
    isFallback: false,
    eligibleCount: 0,
    gatesAgeSeconds: null,
    reason: 'test',
  };
  fixture.send({ type: 'weights.published', at: fixture.at, document });
}

function submit(fixture: DeskFixture, purpose: 'entry' | 'exit'): void {
  const order = {
    clientOrderId: `order-${fixture.events.length}`,
    instrument: euro,
    side: 'buy' as const,
    quantity: 1,
    orderType: 'market' as const,
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'fillOrKill' as const,
    expiresAt: null,
    isReduceOnly: purpose === 'exit',
    purpose,
    bracket: null,
    strategy: 'combined',
    reason: 'test',
  };
  fixture.send({ type: 'order.submitted', at: fixture.at, order });
}

test('a pulse is off by default and says so', () => {
  const value: Signal[] = [];
  const proposal = propose(fixtureOf({ parameters: { isEnabled: false } }), value);
  assert.equal(proposal.value, value);
  assert.equal(proposal.reason, 'disabled');
  assert.deepEqual(pulseTrader.parameters.parse({}), { isEnabled: false, intervalSeconds: 270, sizeFraction: 0.02 });
});

test('the best instrument is signalled in the direction of its slope, with the size cap', () => {
  const { value, entries } = propose(fixtureOf());
  assert.deepEqual(value, [
    { instrument: yen, direction: 'short', confidence: 0.6, strategy: 'pulse', reason: 'pulse', sizeFraction: 0.02 },
  ]);
  assert.deepEqual(entries, [{ subject: yen, code: 'pulse-short', value: 0.6 }]);
});

test('published scores stand above coherence, and an instrument without one is left out', () => {
  const fixture = fixtureOf();
  publishScores(fixture, { EUR_USD: 0.7, USD_JPY: 0.65 });
  const { value } = propose(fixture);
  assert.deepEqual(
    value.map(({ instrument, direction }) => `${instrument} ${direction}`),
    [`${euro} long`],
  );
  publishScores(fixture, {});
  assert.equal(propose(fixture).reason, 'no-open-instrument');
});

test('of equal scores the first instrument is taken', () => {
  const fixture = fixtureOf();
  publishScores(fixture, { USD_JPY: 0.7, EUR_USD: 0.7 });
  assert.equal(propose(fixture).value[0]?.instrument, euro);
});

test('an entry of the desk starts the interval, an exit does not', () => {
  const fixture = fixtureOf();
  submit(fixture, 'exit');
  assert.equal(propose(fixture).value.length, 1);
  submit(fixture, 'entry');
  assert.equal(propose(fixture).reason, 'waiting');
  fixture.tick(269_999);
  assert.equal(propose(fixture).reason, 'waiting');
  fixture.tick(1);
  assert.equal(propose(fixture).value.length, 1);
});

test('an instrument with a position or a signal is left to others', () => {
  const fixture = fixtureOf();
  const first = present(propose(fixture).value[0], 'signal');
  const { value } = propose(fixture, [{ ...first, strategy: 'combined' }]);
  assert.deepEqual(
    value.map(({ instrument, strategy }) => `${instrument} ${strategy}`),
    [`${yen} combined`, `${euro} pulse`],
  );
  present(fixture.engine.state.positions[yen], 'position').signedQuantity = 5;
  assert.equal(propose(fixture).value[0]?.instrument, euro);
  present(fixture.engine.state.positions[euro], 'position').signedQuantity = -5;
  assert.equal(propose(fixture).reason, 'no-open-instrument');
});

test('an instrument outside its sessions, or near their end, is left out', () => {
  // Tokyo opens at 23:00 UTC, when London and New York are closed.
  const tokyo = fixtureOf({ startAt: Date.UTC(2026, 0, 14, 23, 30) });
  setWindow(tokyo, euro, 0.9);
  assert.equal(propose(tokyo).value[0]?.instrument, yen);
  const close = fixtureOf({ startAt: Date.UTC(2026, 0, 14, 21, 53) });
  assert.equal(propose(close).reason, 'no-open-instrument');
  const open = fixtureOf({ startAt: Date.UTC(2026, 0, 14, 21, 53), strategy: { sessionTradingEnabled: false } });
  assert.equal(propose(open).value.length, 1);
  open.engine.state.calendar = null;
  assert.equal(propose(open).reason, 'no-open-instrument');
});

test('an instrument whose gate is closed is left out', () => {
  const fixture = fixtureOf();
  const document = {
    ts: fixture.at,
    v: 1 as const,
    seq: 1,
    intervalSeconds: 60,
    gates: { EUR_USD: 1 as const, USD_JPY: 0 as const },
    cooldowns: {},
    bufs: {},
    reasons: {},
    sessions: {},
    repetition: {},
    hazard: {},
  };
  fixture.send({ type: 'gates.published', at: fixture.at, document });
  assert.equal(propose(fixture).value[0]?.instrument, euro);
  fixture.send({ type: 'gates.published', at: fixture.at, document: { ...document, gates: {} } });
  assert.equal(propose(fixture).reason, 'no-open-instrument');
});

test('a price that stands where it stood gives no pulse', () => {
  const fixture = fixtureOf();
  for (let count = 0; count < 3; count += 1) fixture.bar('USD_JPY', 150_000, { openAt: fixture.at + count * 60_000 });
  const { value, entries } = propose(fixture);
  assert.deepEqual(value, []);
  assert.deepEqual(entries, [{ subject: yen, code: 'flat', value: 0 }]);
});

test('a pulse becomes one order, and the next waits for its interval', () => {
  const fixture = fixtureOf();
  const submitted = () => fixture.events.filter((event) => event.type === 'order.submitted').length;
  for (let minute = 1; minute <= 3; minute += 1) {
    fixture.minute({ EUR_USD: 110_010 + minute, USD_JPY: 149_990 - minute });
  }
  assert.equal(submitted(), 1);
});
