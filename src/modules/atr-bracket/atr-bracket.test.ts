import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { present } from '#base/assert.ts';
import type { PlannedSignal } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { ruleBroken } from '#engine/slot-rules.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { atrBracket } from './atr-bracket.ts';

const euro = 'EURUSD.OANDA';

function signalOf(direction: 'long' | 'short', instrument = euro): PlannedSignal {
  const plan = { stopPrice: 1, targetPrice: 1_000_000, leverage: null };
  return { instrument, direction, confidence: 0.5, strategy: 'combined', reason: 'test', sizeFraction: 1, plan };
}

function fixtureOf(strategy: Record<string, unknown> = {}): DeskFixture {
  return createDeskFixture([atrBracket], { symbols: ['EUR_USD'], policies: { strategy } });
}

function propose({ engine }: DeskFixture, value: readonly PlannedSignal[]) {
  const state = engine.state.modules['atr-bracket'];
  return present(atrBracket.propose.plan, 'plan')(value, state, contextFor(engine, 'atr-bracket'));
}

/** Sets the quote apart from the bars. */
function quote(fixture: DeskFixture, bidPrice: number, askPrice: number): void {
  fixture.send({ type: 'quote.updated', at: fixture.at, instrument: euro, bidPrice, askPrice });
}

interface Bar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

function minuteBar(fixture: DeskFixture, { high, low, close }: Bar): void {
  fixture.tick();
  fixture.bar('EUR_USD', close, { open: close, high, low });
  fixture.tick();
}

/** The plain way: five-minute bars of the whole list, true ranges of all of them, mean of the last fourteen. In ticks. */
function slowRange(bars: readonly (Bar & { readonly openAt: number })[], untilAt: number): number {
  const longer = new Map<number, Bar>();
  for (const bar of bars) {
    const openAt = Math.floor(bar.openAt / 300_000) * 300_000;
    const { high, low } = longer.get(openAt) ?? bar;
    longer.set(openAt, { high: Math.max(high, bar.high), low: Math.min(low, bar.low), close: bar.close });
  }
  const closed = [...longer].filter(([openAt]) => openAt + 300_000 <= untilAt).map(([, bar]) => bar);
  const ranges = closed.map(({ high, low }, index) => {
    const previous = closed[index - 1]?.close;
    if (previous === undefined) return high - low;
    return Math.max(high - low, Math.abs(high - previous), Math.abs(low - previous));
  });
  const last = ranges.slice(-14);
  return last.reduce((sum, range) => sum + range, 0) / last.length;
}

const barsArbitrary = fc.array(
  fc.record({ move: fc.integer({ min: -40, max: 40 }), up: fc.nat(30), down: fc.nat(30) }),
  { minLength: 12, maxLength: 120 },
);

test('stop and target lie at multiples of the average range of five-minute bars around the price an entry would get', () => {
  const property = fc.property(barsArbitrary, (moves) => {
    const fixture = fixtureOf();
    const bars: (Bar & { openAt: number })[] = [];
    let price = 110_000;
    for (const { move, up, down } of moves) {
      price += move;
      const bar = { high: price + up + 1, low: price - down - 1, close: price };
      minuteBar(fixture, bar);
      bars.push({ ...bar, openAt: fixture.at - 90_000 });
    }
    quote(fixture, price, price + 10);
    const signals = [signalOf('long'), signalOf('short')];
    const { value } = propose(fixture, signals);
    const range = slowRange(bars, fixture.at);
    const stop = Math.max(11, Math.round(1.8 * range));
    const target = Math.max(1, Math.round(1.5 * 1.8 * range));
    assert.deepEqual(
      value.map(({ plan }) => plan),
      [
        { stopPrice: price + 10 - stop, targetPrice: price + 10 + target, leverage: null },
        { stopPrice: price + stop, targetPrice: price - target, leverage: null },
      ],
    );
    assert.equal(ruleBroken('plan', signals, value, fixture.engine.state), undefined);
  });
  fc.assert(property, { numRuns: 20 });
});

test('a whole example: ranges of 40 ticks give a stop of 72 and a target of 108', () => {
  const fixture = fixtureOf();
  for (let minute = 0; minute < 20; minute += 1) {
    minuteBar(fixture, { high: 110_020, low: 109_980, close: 110_000 });
  }
  quote(fixture, 110_000, 110_010);
  const { value, entries } = propose(fixture, [signalOf('long')]);
  assert.deepEqual(value[0]?.plan, { stopPrice: 109_938, targetPrice: 110_118, leverage: null });
  assert.deepEqual(entries, [{ subject: euro, code: 'atr', value: 7.2 }]);
});

test('the stop clears the spread by a tick', () => {
  const fixture = fixtureOf();
  for (let minute = 0; minute < 6; minute += 1) {
    minuteBar(fixture, { high: 110_001, low: 109_999, close: 110_000 });
  }
  quote(fixture, 110_000, 110_050);
  const signals = [signalOf('long'), signalOf('short')];
  const { value } = propose(fixture, signals);
  assert.deepEqual(
    value.map(({ plan }) => plan.stopPrice),
    [109_999, 110_051],
  );
  assert.equal(ruleBroken('plan', signals, value, fixture.engine.state), undefined);
});

test('without a range, or in fixed mode, the stop is the pips of the policy', () => {
  const unknown = fixtureOf();
  quote(unknown, 110_000, 110_010);
  assert.deepEqual(propose(unknown, [signalOf('long')]).entries, [{ subject: euro, code: 'atr-missing', value: 15 }]);
  const fixed = fixtureOf({ bracketMode: 'fixed', stopLossPips: 20 });
  for (let minute = 0; minute < 20; minute += 1) {
    minuteBar(fixed, { high: 110_020, low: 109_980, close: 110_000 });
  }
  quote(fixed, 110_000, 110_010);
  const { value, entries } = propose(fixed, [signalOf('short')]);
  assert.deepEqual(value[0]?.plan, { stopPrice: 110_200, targetPrice: 109_700, leverage: null });
  assert.deepEqual(entries, [{ subject: euro, code: 'fixed', value: 20 }]);
});

test('a bracket that is off plans neither stop nor target', () => {
  const fixture = fixtureOf({ bracketEnabled: false });
  quote(fixture, 110_000, 110_010);
  const { value, entries } = propose(fixture, [signalOf('long')]);
  assert.deepEqual(value[0]?.plan, { stopPrice: null, targetPrice: null, leverage: null });
  assert.equal(entries[0]?.code, 'off');
});

test('without a quote the plan stays as it was, as the same list', () => {
  const value = [signalOf('long'), signalOf('long', 'AUDUSD.OANDA')];
  const proposal = propose(fixtureOf(), value);
  assert.equal(proposal.value, value);
  assert.deepEqual(
    proposal.entries.map(({ code }) => code),
    ['no-quote', 'no-quote'],
  );
});

test('another interval or length begins anew, any other change of the strategy keeps the range', () => {
  const fixture = fixtureOf();
  for (let minute = 0; minute < 20; minute += 1) {
    minuteBar(fixture, { high: 110_020, low: 109_980, close: 110_000 });
  }
  const code = () => propose(fixture, [signalOf('long')]).entries[0]?.code;
  const change = (document: Record<string, unknown>, version: number) => {
    const { at } = fixture;
    const rest = { version, schemaVersion: 1, actor: 'test', reason: '' };
    fixture.send({ type: 'policy.changed', at, key: 'strategy/fx/EUR_USD', document, ...rest });
  };
  change({ directionLookback: 20 }, 1);
  assert.equal(code(), 'atr');
  change({ bracketLength: 7 }, 2);
  assert.equal(code(), 'atr-missing');
  for (let minute = 0; minute < 10; minute += 1) {
    minuteBar(fixture, { high: 110_020, low: 109_980, close: 110_000 });
  }
  assert.equal(code(), 'atr');
  change({ bracketLength: 7, bracketIntervalMinutes: 15 }, 3);
  assert.equal(code(), 'atr-missing');
});

test('an interval that is no multiple of the bars is rounded up to one', () => {
  const policies = { strategy: { bracketIntervalMinutes: 7 }, desk: { barIntervalMs: 300_000 } };
  const fixture = createDeskFixture([atrBracket], { symbols: ['EUR_USD'], policies });
  for (const openAt of [0, 5, 10, 15].map((minutes) => fixture.at + 30_000 + minutes * 60_000)) {
    fixture.at = openAt + 300_000;
    fixture.bar('EUR_USD', 110_000, { openAt, high: 110_020, low: 109_980 });
  }
  quote(fixture, 110_000, 110_010);
  assert.deepEqual(propose(fixture, [signalOf('long')]).entries, [{ subject: euro, code: 'atr', value: 7.2 }]);
});

test('a bar that comes a second time changes nothing', () => {
  const fixture = fixtureOf();
  for (let minute = 0; minute < 9; minute += 1) {
    minuteBar(fixture, { high: 110_020, low: 109_980, close: 110_000 });
  }
  fixture.tick();
  fixture.bar('EUR_USD', 110_000);
  const before = serialize(fixture.engine.state.modules);
  fixture.bar('EUR_USD', 110_500);
  assert.deepEqual(serialize(fixture.engine.state.modules), before);
});

test('the state is plain data that survives being written and read', () => {
  const fixture = fixtureOf();
  for (let minute = 0; minute < 8; minute += 1) {
    minuteBar(fixture, { high: 110_020, low: 109_980, close: 110_000 });
  }
  const { modules } = fixture.engine.state;
  assert.deepEqual(deserialize(serialize(modules)), modules);
});

test('altering a later bar changes no earlier plan', () => {
  const plansOf = (moves: readonly { move: number; up: number; down: number }[]): string[] => {
    const fixture = fixtureOf();
    let price = 110_000;
    return moves.map(({ move, up, down }) => {
      price += move;
      minuteBar(fixture, { high: price + up, low: price - down, close: price });
      return JSON.stringify(propose(fixture, [signalOf('long')]));
    });
  };
  const property = fc.property(barsArbitrary, (moves) => {
    const altered = [...moves.slice(0, -1), { move: 39, up: 29, down: 29 }];
    assert.deepEqual(plansOf(altered).slice(0, -1), plansOf(moves).slice(0, -1));
  });
  fc.assert(property, { numRuns: 10 });
});
