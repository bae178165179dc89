import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderPurpose } from '#domain/order.ts';
import { type PositionChange, type SlotName, type SlotValues, slotNames, type Target } from '#domain/pipeline.ts';
import {
  acceptanceOf,
  childOf,
  euro,
  fillOf,
  hold,
  ofType,
  requestOf,
  signalOf,
  targetOf,
  yen,
} from '../../tests/support/desk-events.ts';
import { createDeskFixture, type DeskFixture, type FixtureOptions } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import type { Module } from './module.ts';

const prices = { EUR_USD: 110_000, USD_JPY: 150_000 };

/** Allocates these targets at every decision. */
function allocator(...targets: readonly Target[]): Module {
  return slotModule('allocation', 'allocator', () => targets);
}

function changer(...changes: readonly PositionChange[]): Module {
  return slotModule('position', 'changer', () => changes);
}

function desk(modules: readonly Module[] = [], options: FixtureOptions = {}): DeskFixture {
  const fixture = createDeskFixture(modules, options);
  fixture.tick(30_000);
  return fixture;
}

/** Bars of both instruments and the grid point that decides on them. */
function decide(fixture: DeskFixture): readonly ReturnType<DeskFixture['send']>[number][] {
  const before = fixture.events.length;
  fixture.minute(prices);
  return fixture.events.slice(before);
}

/** The orders among events, in short: side, quantity, instrument, purpose. */
function orders(events: ReturnType<DeskFixture['send']>): string[] {
  return ofType(events, 'order.submitted').map(
    ({ order }) => `${order.side} ${order.quantity} ${order.instrument} ${order.purpose}`,
  );
}

function submit(fixture: DeskFixture, clientOrderId: string, purpose: OrderPurpose, quantity = 1_000): void {
  const side = purpose === 'entry' ? 'buy' : 'sell';
  fixture.send({
    type: 'order.submitted',
    at: fixture.at,
    order: requestOf({ clientOrderId, purpose, quantity, side, isReduceOnly: purpose !== 'entry' }),
  });
}

test('a decision passes the slots in their order, supervision and positions first', () => {
  const seen: SlotName[] = [];
  const watch = <K extends SlotName>(slot: K): Module =>
    slotModule<K>(slot, `watch-${slot}`, (value: SlotValues[K]) => {
      seen.push(slot);
      return value;
    });
  const fixture = desk(slotNames.filter((slot) => slot !== 'protection').map((slot) => watch(slot)));
  decide(fixture);
  assert.deepEqual(seen, [
    'supervision',
    'position',
    'universe',
    'forecast',
    'signal',
    'gate',
    'plan',
    'allocation',
    'risk',
    'execution',
  ]);
  assert.equal(fixture.engine.state.counts.decisions, 1);
});

test("a signal becomes a limit order with a bracket by the house's own rules", () => {
  const fixture = desk([slotModule('signal', 'signal', (value) => [...value, signalOf(euro)])]);
  const [submitted] = ofType(decide(fixture), 'order.submitted');
  // A quarter percent of 100 000 dollars at risk over 160 ticks of 1.10010, each unit worth 1.10005 dollars.
  const quantity = Math.floor(250 / (1.10005 * (160 / 110_010)));
  assert.deepEqual(
    [submitted?.order.quantity, submitted?.order.limitPrice, submitted?.order.bracket, submitted?.order.strategy],
    [quantity, 110_000, { stopPrice: 109_850, targetPrice: 110_235 }, 'test'],
  );
});

test('signals of instruments outside the universe are dropped before the gate', () => {
  const seen: string[] = [];
  const fixture = desk([
    slotModule('universe', 'only-yen', () => [yen]),
    slotModule('signal', 'signal', (value) => [...value, signalOf(euro), signalOf(yen)]),
    slotModule('gate', 'gate', (value) => {
      seen.push(...value.map(({ instrument }) => instrument));
      return value;
    }),
  ]);
  decide(fixture);
  assert.deepEqual(seen, [yen]);
});

test('a call is told when its outcome changes and counted when it does not', () => {
  const entries = [{ subject: euro, code: 'blocked', value: 1 }];
  const fixture = desk([slotModule('gate', 'gate', (value) => value, { entries })]);
  decide(fixture);
  decide(fixture);
  const told = fixture.decisions();
  assert.equal(told.length, 1);
  assert.deepEqual(
    [told[0]?.module, told[0]?.slot, told[0]?.mode, told[0]?.outcome, told[0]?.entries],
    ['gate', 'gate', 'ACTIVE', 'kept', entries],
  );
  assert.equal(fixture.engine.state.calls['gate/gate']?.calls, 2);
});

test('a trace shows every call, also the unchanged ones', () => {
  const fixture = desk([slotModule('gate', 'gate', (value) => value)]);
  let calls = 0;
  fixture.engine.trace = () => {
    calls += 1;
  };
  decide(fixture);
  decide(fixture);
  assert.equal(calls, 2);
});

test('no target keeps, a target of zero closes', () => {
  const keeping = desk([allocator()]);
  hold(keeping, { [euro]: 1_000 });
  assert.deepEqual(orders(decide(keeping)), []);
  const closing = desk([allocator(targetOf(euro, 0))]);
  hold(closing, { [euro]: 1_000 });
  assert.deepEqual(orders(decide(closing)), [`sell 1000 ${euro} exit`]);
});

test('a standing denial is told once, and again after it has been lifted or has another code', () => {
  const fixture = desk([allocator(targetOf(euro, 1_000))], { policies: { limits: { maximumPositionUnits: 500 } } });
  const told = (): string[] => ofType(decide(fixture), 'order.denied').map(({ code }) => code);
  assert.deepEqual([told(), told()], [['MAX_POSITION_UNITS'], []]);
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'a', reason: 'r' });
  assert.deepEqual([told(), told()], [['KILL_SWITCH'], []]);
  fixture.send({ type: 'kill.released', at: fixture.at, actor: 'a', reason: 'r' });
  assert.deepEqual(told(), ['MAX_POSITION_UNITS']);
  assert.equal(fixture.engine.state.counts.denials, 3);
});

test('an instrument with an order on its way gets no second one', () => {
  const fixture = desk([allocator(targetOf(euro, 1_000), targetOf(yen, 500))]);
  submit(fixture, 'o1', 'entry');
  assert.deepEqual(orders(decide(fixture)), [`buy 500 ${yen} entry`]);
  fixture.send({ type: 'order.canceled', at: fixture.at, clientOrderId: 'o1', reason: '' });
  assert.deepEqual(orders(decide(fixture)), [`buy 1000 ${euro} entry`]);
});

test('a close overtakes an entry on its way, but not an exit', () => {
  for (const [purpose, expected] of [
    ['entry', [`sell 1000 ${euro} exit`]],
    ['exit', []],
  ] as const) {
    const fixture = desk([allocator(targetOf(euro, -2_000))]);
    hold(fixture, { [euro]: 1_000 });
    submit(fixture, 'o1', purpose);
    assert.deepEqual(orders(decide(fixture)), expected, purpose);
  }
});

test('the stop and target of a bracket do not stand in the way of anything', () => {
  const fixture = desk([allocator(targetOf(euro, 1_500))]);
  hold(fixture, { [euro]: 1_000 });
  fixture.send(childOf('gone', fixture.at));
  assert.deepEqual(orders(decide(fixture)), [`buy 500 ${euro} entry`]);
});

test('a reduction of a position wins over a larger target and yields to a smaller one', () => {
  const reduce: PositionChange = { type: 'reduce', instrument: euro, quantity: 400, reason: 'exit' };
  const rows: [readonly Target[], string[]][] = [
    [[], [`sell 400 ${euro} exit`]],
    [[targetOf(euro, 2_000)], [`sell 400 ${euro} exit`]],
    [[targetOf(euro, 1_000)], [`sell 400 ${euro} exit`]],
    [[targetOf(euro, 300)], [`sell 700 ${euro} exit`]],
    [[targetOf(euro, 0)], [`sell 1000 ${euro} exit`]],
    [[targetOf(euro, -500)], [`sell 1000 ${euro} exit`]],
  ];
  for (const [targets, expected] of rows) {
    const fixture = desk([allocator(...targets), changer(reduce)]);
    hold(fixture, { [euro]: 1_000 });
    assert.deepEqual(orders(decide(fixture)), expected, JSON.stringify(targets));
  }
});

test('an addition becomes a target, passes risk and the limits, and yields to any target', () => {
  const add: PositionChange = { type: 'add', instrument: euro, quantity: 500, reason: 'amplify' };
  const plain = desk([changer(add)]);
  hold(plain, { [euro]: -1_000 });
  assert.deepEqual(orders(decide(plain)), [`sell 500 ${euro} entry`]);
  const limited = desk([changer(add)], { policies: { limits: { maximumPositionUnits: 1_200 } } });
  hold(limited, { [euro]: 1_000 });
  assert.deepEqual(
    ofType(decide(limited), 'order.denied').map(({ code }) => code),
    ['MAX_POSITION_UNITS'],
  );
  const closed = desk([changer(add), slotModule('risk', 'risk', () => [])]);
  hold(closed, { [euro]: 1_000 });
  assert.deepEqual(orders(decide(closed)), []);
  const targeted = desk([changer(add), allocator(targetOf(euro, 1_100))]);
  hold(targeted, { [euro]: 1_000 });
  assert.deepEqual(orders(decide(targeted)), [`buy 100 ${euro} entry`]);
});

test('of two reductions the larger holds', () => {
  const reduce = (quantity: number): PositionChange => ({ type: 'reduce', instrument: euro, quantity, reason: '' });
  for (const quantities of [
    [300, 600],
    [600, 300],
  ]) {
    const fixture = desk([changer(...quantities.map(reduce))]);
    hold(fixture, { [euro]: -1_000 });
    assert.deepEqual(orders(decide(fixture)), [`buy 600 ${euro} exit`]);
  }
});

test('a moved stop or target amends the children of the bracket that stand', () => {
  const fixture = desk([
    changer(
      { type: 'moveStop', instrument: euro, stopPrice: 109_950, reason: 'trail' },
      { type: 'moveTarget', instrument: euro, targetPrice: 110_500, reason: 'stretch' },
    ),
  ]);
  hold(fixture, { [euro]: 1_000 });
  fixture.send(childOf('o1', fixture.at));
  fixture.send({
    ...childOf('o1', fixture.at, { purpose: 'takeProfit', stopPrice: null, limitPrice: 110_200 }),
    clientOrderId: 'o1-t',
  });
  fixture.send({ ...childOf('old', fixture.at), clientOrderId: 'old-s' });
  fixture.send({ type: 'order.canceled', at: fixture.at, clientOrderId: 'old-s', reason: '' });
  assert.deepEqual(
    ofType(decide(fixture), 'order.amendRequested').map(({ clientOrderId, stopPrice, limitPrice, reason }) => [
      clientOrderId,
      stopPrice,
      limitPrice,
      reason,
    ]),
    [
      ['o1-s', 109_950, null, 'trail'],
      ['o1-t', null, 110_500, 'stretch'],
    ],
  );
});

test('supervision holds entries by a directive and changes policy like anyone else', () => {
  const supervisor = slotModule('supervision', 'supervisor', (_, context) => [
    { type: 'directive', instrument: euro, action: 'holdEntries', expiresAt: context.at + 60_000, reason: 'news' },
    { type: 'changePolicy', instrument: null, key: 'limits/fx', changes: { maximumPositions: 1 }, reason: 'calm' },
    { type: 'changePolicy', instrument: null, key: 'limits/fx', changes: { maximumLeverage: -1 }, reason: 'wild' },
    { type: 'changePolicy', instrument: null, key: 'nobody/fx', changes: {}, reason: 'lost' },
  ]);
  const fixture = desk([supervisor, allocator(targetOf(euro, 100), targetOf(yen, 100))]);
  const produced = decide(fixture);
  assert.deepEqual(orders(produced), [`buy 100 ${yen} entry`]);
  assert.deepEqual(
    ofType(produced, 'order.denied').map(({ code }) => code),
    ['DIRECTIVE'],
  );
  assert.equal(ofType(produced, 'directive.issued')[0]?.module, 'supervision');
  assert.deepEqual(
    ofType(produced, 'policy.changed').map(({ key, version, actor, reason }) => [key, version, actor, reason]),
    [
      ['limits/fx', 2, 'supervision', 'calm'],
      ['limits/fx', 3, 'supervision', 'wild'],
      ['nobody/fx', 1, 'supervision', 'lost'],
    ],
  );
  assert.equal(ofType(produced, 'policy.refused').length, 2);
  assert.equal(fixture.engine.policies?.limits.maximumPositions, 1);
  assert.equal(fixture.engine.state.policies['limits/fx']?.version, 2);
});

test('a kill switch engaged by an operator cancels the entries on their way and nothing else', () => {
  const fixture = desk();
  submit(fixture, 'entry', 'entry');
  submit(fixture, 'exit', 'exit');
  submit(fixture, 'ended', 'entry');
  fixture.send({ type: 'order.rejected', at: fixture.at, clientOrderId: 'ended', code: 'X', reason: '' });
  fixture.send(childOf('entry', fixture.at));
  const produced = fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'a', reason: 'r' });
  assert.deepEqual(produced.slice(1), [
    { type: 'order.cancelRequested', at: fixture.at, clientOrderId: 'entry', reason: 'kill.engaged' },
  ]);
});

test('an engaged switch lets reductions through and no increase', () => {
  const fixture = desk([allocator(targetOf(euro, 600), targetOf(yen, 100))]);
  hold(fixture, { [euro]: 1_000 });
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'a', reason: 'r' });
  const produced = decide(fixture);
  assert.deepEqual(orders(produced), [`sell 400 ${euro} exit`]);
  assert.deepEqual(
    ofType(produced, 'order.denied').map(({ code }) => code),
    ['KILL_SWITCH'],
  );
});

test('the switch of a fresh engine is engaged', () => {
  const fixture = desk([allocator(targetOf(euro, 600))], { releasesKill: false });
  assert.deepEqual(
    ofType(decide(fixture), 'order.denied').map(({ code }) => code),
    ['KILL_SWITCH'],
  );
});

test('to flatten is to cancel entries and to close every position, whatever the switch says', () => {
  const fixture = desk();
  hold(fixture, { [euro]: 1_000, [yen]: -500 });
  submit(fixture, 'entry', 'entry');
  fixture.send({ type: 'kill.engaged', at: fixture.at, actor: 'a', reason: 'r' });
  const produced = fixture.send({ type: 'flatten.requested', at: fixture.at, actor: 'a', reason: 'storm' });
  assert.deepEqual(
    ofType(produced, 'order.cancelRequested').map(({ clientOrderId }) => clientOrderId),
    ['entry'],
  );
  assert.deepEqual(orders(produced), [`sell 1000 ${euro} exit`, `buy 500 ${yen} exit`]);
  assert.equal(ofType(produced, 'order.submitted')[0]?.order.reason, 'flatten: storm');
});

test('to flatten closes what exits on their way leave open, and asks twice for nothing', () => {
  const fixture = desk();
  hold(fixture, { [euro]: 1_000 });
  submit(fixture, 'exit', 'exit', 400);
  const flatten = () => orders(fixture.send({ type: 'flatten.requested', at: fixture.at, actor: 'a', reason: '' }));
  assert.deepEqual(flatten(), [`sell 600 ${euro} exit`]);
  assert.deepEqual(flatten(), []);
  fixture.send(fillOf(fixture.at, { clientOrderId: 'exit', side: 'sell', quantity: 300 }));
  assert.deepEqual(flatten(), []);
});

test('an operator reduces one instrument by so much and never by more than is held', () => {
  const fixture = desk();
  hold(fixture, { [euro]: 1_000, [yen]: -500 });
  const reduce = (instrument: string, quantity: number): string[] =>
    orders(
      fixture.send({ type: 'reduction.requested', at: fixture.at, instrument, quantity, actor: 'a', reason: 'less' }),
    );
  assert.deepEqual(reduce(euro, 300), [`sell 300 ${euro} exit`]);
  assert.deepEqual(reduce(euro, 300), [`sell 300 ${euro} exit`]);
  assert.deepEqual(reduce(euro, 900), [`sell 400 ${euro} exit`]);
  assert.deepEqual(reduce(yen, 9_999), [`buy 500 ${yen} exit`]);
  assert.deepEqual(reduce('GBPUSD.OANDA', 1), []);
  assert.deepEqual(reduce('constructor', 1), []);
});

test('a close-out by the venue cancels the entries on their way', () => {
  const fixture = desk();
  submit(fixture, 'entry', 'entry');
  const produced = fixture.send({ type: 'account.closedOut', at: fixture.at, reason: 'margin' });
  assert.deepEqual(
    ofType(produced, 'order.cancelRequested').map(({ reason }) => reason),
    ['account.closedOut'],
  );
});

test('protection is asked at every tick, or after the events it names', () => {
  const asked: string[] = [];
  const ask = (name: string, protectsOn?: readonly ['order.filled']): Module =>
    slotModule(
      'protection',
      name,
      (value) => {
        asked.push(name);
        return value;
      },
      protectsOn === undefined ? {} : { protectsOn },
    );
  const fixture = createDeskFixture([ask('at-ticks'), ask('at-fills', ['order.filled'])]);
  fixture.tick();
  fixture.send(acceptanceOf('o1', fixture.at));
  assert.deepEqual(asked, ['at-ticks']);
  fixture.send(fillOf(fixture.at));
  assert.deepEqual(asked, ['at-ticks', 'at-fills']);
});

test('protection reduces, closes and cancels without a signal, a gate or a released switch', () => {
  const guard = slotModule('protection', 'guard', (_, context) =>
    (context.view.positions[euro]?.signedQuantity ?? 0) === 0
      ? []
      : [
          { type: 'reduce', instrument: euro, quantity: 400, reason: 'thin' },
          { type: 'close', instrument: yen, reason: 'late' },
          { type: 'cancel', clientOrderId: 'entry', instrument: euro, reason: 'stale' },
        ],
  );
  const fixture = createDeskFixture([guard], { releasesKill: false, isWarm: false });
  submit(fixture, 'entry', 'entry');
  hold(fixture, { [euro]: 1_000, [yen]: 200 });
  const produced = fixture.tick();
  assert.deepEqual(orders(produced), [`sell 400 ${euro} exit`, `sell 200 ${yen} exit`]);
  assert.deepEqual(
    ofType(produced, 'order.cancelRequested').map(({ reason }) => reason),
    ['stale'],
  );
  // While its reductions are on their way, asking again does nothing.
  assert.deepEqual(orders(fixture.tick()), []);
});

test('a switch thrown by protection cancels entries too, and is thrown once', () => {
  const guard = slotModule('protection', 'guard', () => [{ type: 'engageKill', instrument: null, reason: 'overload' }]);
  const fixture = createDeskFixture([guard]);
  submit(fixture, 'entry', 'entry');
  const produced = fixture.tick();
  assert.deepEqual(
    produced.map(({ type }) => type),
    ['time.ticked', 'module.decided', 'kill.engaged', 'order.cancelRequested'],
  );
  const { kill } = fixture.engine.state;
  assert.deepEqual([kill.isEngaged, kill.actor, kill.reason], [true, 'protection', 'overload']);
  assert.deepEqual(ofType(fixture.tick(), 'kill.engaged'), []);
});

test('protection that fails holds entries while it does and for two minutes more', () => {
  let isFailing = true;
  const guard = slotModule('protection', 'guard', (value) => {
    if (isFailing) throw new Error('blind');
    return value;
  });
  const fixture = desk([guard, allocator(targetOf(euro, 100))]);
  assert.deepEqual(
    ofType(decide(fixture), 'order.denied').map(({ code }) => code),
    ['DIRECTIVE'],
  );
  decide(fixture);
  // A directive of two minutes is renewed once no more than one of them is left: five failures make three.
  assert.equal(ofType(fixture.events, 'directive.issued').length, 3);
  isFailing = false;
  assert.deepEqual(orders(decide(fixture)), []);
  assert.deepEqual(orders(decide(fixture)), [`buy 100 ${euro} entry`]);
});

test('protection that breaks its rule holds entries as well, one that only watches does not', () => {
  const guard = slotModule('protection', 'guard', () => [
    { type: 'reduce', instrument: euro, quantity: 5, reason: '' },
  ]);
  const active = desk([guard, allocator(targetOf(yen, 100))]);
  assert.deepEqual(orders(decide(active)), []);
  assert.equal(ofType(active.events, 'directive.issued')[0]?.reason, 'a protection module failed');
  const watching = desk([guard, allocator(targetOf(yen, 100))], { modes: { guard: 'OBSERVATION' } });
  assert.deepEqual(orders(decide(watching)), [`buy 100 ${yen} entry`]);
});

test('a gate that fails lets nothing through', () => {
  const gate = slotModule('gate', 'gate', () => {
    throw new Error('blind');
  });
  const fixture = desk([slotModule('signal', 'signal', (value) => [...value, signalOf(euro)]), gate]);
  const produced = decide(fixture);
  assert.deepEqual(orders(produced), []);
  assert.deepEqual(
    ofType(produced, 'module.decided').map(({ module, outcome, reason }) => [module, outcome, reason]),
    [
      ['signal', 'changed', ''],
      ['gate', 'failed', 'blind'],
    ],
  );
});

test('the cap of the desk keeps every module from acting', () => {
  const fixture = desk([allocator(targetOf(euro, 100))], { policies: { desk: { modeCap: 'SHADOW' } } });
  assert.deepEqual(orders(decide(fixture)), []);
  assert.equal(fixture.engine.state.calls['allocator/allocation']?.changed, 1);
});
