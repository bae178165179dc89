import assert from 'node:assert/strict';
import { test } from 'node:test';
import { euro, ofType, signalOf, targetOf, yen } from '../../tests/support/desk-events.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import type { Module } from './module.ts';

/** Allocates so much EUR_USD, then so much less in each later decision that is listed; afterwards it keeps. */
function allocator(name: string, instrument: string, ...quantities: readonly number[]): Module {
  let decision = -1;
  return slotModule('allocation', name, () => {
    decision += 1;
    const quantity = quantities[decision];
    return quantity === undefined ? [] : [targetOf(instrument, quantity)];
  });
}

function desk(modules: readonly Module[], shadows: readonly string[], options: FixtureOptions = {}): DeskFixture {
  const modes = Object.fromEntries(shadows.map((name) => [name, 'SHADOW']));
  return createDeskFixture(modules, { ...options, modes });
}

test('a shadow trades into a ledger of its own: half the spread for a change, marked at mids', () => {
  const fixture = desk([allocator('shadow', euro, 1_000, 1_000, 400)], ['shadow']);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.deepEqual(fixture.engine.state.shadowBooks['shadow'], {
    slot: 'allocation',
    positions: { [euro]: { signedQuantity: 1_000, price: 110_005 } },
    pnl: 0,
    // 1000 units × 5 ticks of a hundred-thousandth: 0.05 dollars in money steps, up to the last bits.
    cost: 1_000 * 1_100_050 * (5 / 110_005),
    decisions: 1,
  });
  fixture.minute({ EUR_USD: 110_100, USD_JPY: 150_000 });
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  fixture.minute({ EUR_USD: 110_050, USD_JPY: 150_000 });
  const book = fixture.engine.state.shadowBooks['shadow'];
  assert.ok(book !== undefined);
  assert.deepEqual(book.positions, { [euro]: { signedQuantity: 400, price: 110_055 } });
  // Up and down again by 100 ticks with 1000 units, then up 50 with 400: 0.2 dollars.
  assert.ok(Math.abs(book.pnl - 200_000) < 1e-3, `${book.pnl}`);
  // 1000 in, 600 out, half of 10 ticks each: 0.08 dollars.
  assert.ok(Math.abs(book.cost - 80_000) < 1e-3, `${book.cost}`);
  assert.equal(book.decisions, 4);
});

test('profit in another currency is turned at the mid of its end', () => {
  const fixture = desk([allocator('shadow', yen, -1_000)], ['shadow']);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 149_000 });
  const book = fixture.engine.state.shadowBooks['shadow'];
  assert.ok(Math.abs((book?.pnl ?? 0) - (1_000 / 149.005) * 1_000_000) < 1e-3, `${book?.pnl}`);
});

test('a shadow sends no order', () => {
  const fixture = desk([allocator('shadow', euro, 1_000)], ['shadow']);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.deepEqual(ofType(fixture.events, 'order.submitted'), []);
  assert.equal(fixture.engine.state.calls['shadow/allocation']?.changed, 1);
});

test('a shadowed signal runs through the gates below it, under the universe above it', () => {
  const signal = slotModule('signal', 'shadow', (value) => [...value, signalOf(euro), signalOf(yen)]);
  const open = desk([signal], ['shadow']);
  open.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.deepEqual(Object.keys(open.engine.state.shadowBooks['shadow']?.positions ?? {}), [euro, yen]);
  const gate = slotModule('gate', 'gate', (value) => value.filter(({ instrument }) => instrument === yen));
  const gated = desk([signal, gate], ['shadow']);
  gated.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.deepEqual(Object.keys(gated.engine.state.shadowBooks['shadow']?.positions ?? {}), [yen]);
  const universe = slotModule('universe', 'universe', () => [euro]);
  const narrow = desk([universe, signal], ['shadow']);
  narrow.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.deepEqual(Object.keys(narrow.engine.state.shadowBooks['shadow']?.positions ?? {}), [euro]);
});

test('a shadowed gate is scored by what it lets through, also where that is everything', () => {
  const signal = slotModule('signal', 'signal', (value) => [...value, signalOf(euro)]);
  const fixture = desk([signal, slotModule('gate', 'shadow', (value) => value)], ['shadow']);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  const book = fixture.engine.state.shadowBooks['shadow'];
  const [order] = ofType(fixture.events, 'order.submitted');
  assert.equal(book?.positions[euro]?.signedQuantity, order?.order.quantity);
});

test('a shadow of any slot on the way to targets has a book, one of another slot has none', () => {
  const shadows = [
    slotModule('universe', 'of-universe', (value) => value),
    slotModule('signal', 'of-signal', (value) => value),
    slotModule('gate', 'of-gate', (value) => value),
    slotModule('plan', 'of-plan', (value) => value),
    slotModule('allocation', 'of-allocation', (value) => value),
    slotModule('risk', 'of-risk', (value) => value),
    slotModule('execution', 'of-execution', (value) => value),
    slotModule('position', 'of-position', (value) => value),
    slotModule('supervision', 'of-supervision', (value) => value),
  ];
  const names = shadows.map(({ name }) => name);
  const fixture = desk(shadows, names, { policies: { desk: { shadowLimit: 32 } } });
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.deepEqual(Object.keys(fixture.engine.state.shadowBooks), names.slice(0, 6));
});

test('policy bounds how many shadows are scored, and those without a book take up no place', () => {
  const modules = [
    slotModule('position', 'other', (value) => value),
    ...['a', 'b', 'c'].map((name) => slotModule('signal', name, (value) => value)),
  ];
  const options = { policies: { desk: { shadowLimit: 2 } } };
  const fixture = desk(modules, ['other', 'a', 'b', 'c'], options);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.deepEqual(Object.keys(fixture.engine.state.shadowBooks), ['a', 'b']);
});

test('a shadow changes neither counts nor outcomes of the slots it runs once more', () => {
  const signal = slotModule('signal', 'shadow', (value) => [...value, signalOf(euro)]);
  const gate = slotModule('gate', 'gate', (value) => value);
  const fixture = desk([signal, gate], ['shadow']);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  assert.equal(fixture.engine.state.calls['gate/gate']?.calls, 1);
});
