import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import type { Signal } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { spreadGate } from './spread-gate.ts';

const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';

function signalOf(instrument: string): Signal {
  return { instrument, direction: 'long', confidence: 0.5, strategy: 'combined', reason: 'test', sizeFraction: 1 };
}

function fixtureOf(parameters: Record<string, unknown> = {}): DeskFixture {
  return createDeskFixture([spreadGate], { policies: { 'spread-gate': parameters } });
}

function quote(fixture: DeskFixture, instrument: string, bidPrice: number, askPrice: number): void {
  fixture.send({ type: 'quote.updated', at: fixture.at, instrument, bidPrice, askPrice });
}

function propose({ engine }: DeskFixture, instruments: readonly string[] = [euro]) {
  const gate = present(spreadGate.propose.gate, 'gate');
  return gate(instruments.map(signalOf), {}, contextFor(engine, 'spread-gate'));
}

test('a missing quote blocks', () => {
  const { value, entries } = propose(fixtureOf(), [euro, 'AUDUSD.OANDA']);
  assert.deepEqual(value, []);
  assert.deepEqual(
    entries.map(({ code }) => code),
    ['no-quote', 'no-quote'],
  );
});

test('without a parameter the bound is twice the median of the cost table', () => {
  // The table of the fixture says one pip, so two pips pass and a tick more does not.
  const fixture = fixtureOf();
  quote(fixture, euro, 110_000, 110_020);
  assert.deepEqual(propose(fixture).entries, [{ subject: euro, code: 'pass', value: null }]);
  quote(fixture, euro, 110_000, 110_021);
  const { value, entries } = propose(fixture);
  assert.deepEqual(value, []);
  assert.deepEqual(entries, [{ subject: euro, code: 'spread-wide', value: (21 / 110_010.5) * 10_000 }]);
});

test('a pip of a yen pair is counted in its own decimals', () => {
  const fixture = fixtureOf();
  quote(fixture, yen, 150_000, 150_020);
  assert.equal(propose(fixture, [yen]).entries[0]?.code, 'pass');
  quote(fixture, yen, 150_000, 150_021);
  assert.equal(propose(fixture, [yen]).entries[0]?.code, 'spread-wide');
});

test('the parameter is a bound in basis points of the mid, inclusive', () => {
  const fixture = fixtureOf({ maximumSpreadBps: 2 });
  quote(fixture, euro, 99_990, 100_010);
  assert.equal(propose(fixture).entries[0]?.code, 'pass');
  quote(fixture, euro, 99_990, 100_012);
  assert.equal(propose(fixture).entries[0]?.code, 'spread-wide');
});

test('the policy of one instrument bounds that one alone', () => {
  const fixture = fixtureOf({ maximumSpreadBps: 5 });
  const { at } = fixture;
  const document = { maximumSpreadBps: 1 };
  const change = { version: 1, schemaVersion: 1, document, actor: 'test', reason: '' };
  fixture.send({ type: 'policy.changed', at, key: 'spread-gate/fx/EUR_USD', ...change });
  quote(fixture, euro, 110_000, 110_020);
  quote(fixture, yen, 150_000, 150_020);
  const value = propose(fixture, [euro, yen]);
  assert.deepEqual(
    value.entries.map(({ code }) => code),
    ['spread-wide', 'pass'],
  );
  assert.deepEqual(value.value, [signalOf(yen)]);
});

test('a list without a wide spread comes back as it was', () => {
  const fixture = fixtureOf();
  quote(fixture, euro, 110_000, 110_010);
  const value = [signalOf(euro)];
  const gate = present(spreadGate.propose.gate, 'gate');
  assert.equal(gate(value, {}, contextFor(fixture.engine, 'spread-gate')).value, value);
});
