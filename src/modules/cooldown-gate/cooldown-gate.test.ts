import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '#base/assert.ts';
import type { Signal } from '#domain/pipeline.ts';
import { contextFor } from '#engine/engine.ts';
import { cooldownKey } from '#engine/fills.ts';
import { createDeskFixture, type DeskFixture } from '../../../tests/support/desk-fixture.ts';
import { cooldownGate } from './cooldown-gate.ts';

const euro = 'EURUSD.OANDA';
const yen = 'USDJPY.OANDA';

function signalOf(instrument: string, strategy = 'combined'): Signal {
  return { instrument, direction: 'long', confidence: 0.5, strategy, reason: 'test', sizeFraction: 1 };
}

/** A desk on which the combined strategy's last fills on one pair are so many seconds old; undefined for never. */
function fixtureOf(age: { entry?: number; exit?: number }): DeskFixture {
  const strategy = { entryCooldownSeconds: 60, exitCooldownSeconds: 120 };
  const fixture = createDeskFixture([cooldownGate], { policies: { strategy } });
  fixture.tick();
  fixture.engine.state.cooldowns[cooldownKey('combined', euro)] = {
    entryAt: age.entry === undefined ? 0 : fixture.at - age.entry * 1000,
    exitAt: age.exit === undefined ? 0 : fixture.at - age.exit * 1000,
  };
  return fixture;
}

function propose({ engine }: DeskFixture, value: readonly Signal[] = [signalOf(euro)]) {
  return present(cooldownGate.propose.gate, 'gate')(value, {}, contextFor(engine, 'cooldown-gate'));
}

test('an entry blocks until its cooldown is over', () => {
  assert.deepEqual(propose(fixtureOf({ entry: 59 })), {
    value: [],
    entries: [{ subject: euro, code: 'entry-cooldown', value: 59 }],
  });
  assert.equal(propose(fixtureOf({ entry: 60 })).entries[0]?.code, 'pass');
});

test('an exit blocks until its own cooldown is over', () => {
  assert.deepEqual(propose(fixtureOf({ entry: 200, exit: 119 })).entries, [
    { subject: euro, code: 'exit-cooldown', value: 119 },
  ]);
  assert.equal(propose(fixtureOf({ entry: 200, exit: 120 })).entries[0]?.code, 'pass');
});

test('no cooldown reaches another pair or another strategy', () => {
  const fixture = fixtureOf({ entry: 1 });
  const value = [signalOf(euro), signalOf(yen), signalOf(euro, 'pulse')];
  assert.deepEqual(propose(fixture, value).value, value.slice(1));
});

test('a strategy that never traded passes, and the list stays the same', () => {
  const value = [signalOf(euro)];
  const proposal = propose(fixtureOf({}), value);
  assert.equal(proposal.value, value);
  assert.deepEqual(proposal.entries, [{ subject: euro, code: 'pass', value: null }]);
});
