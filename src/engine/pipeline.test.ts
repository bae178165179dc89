import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PositionChange, type SlotName, type SlotValues, slotNames, type Target } from '#domain/pipeline.ts';
import { allocator, decide, desk, orders, submit } from '../../tests/support/deciding-desk.ts';
import { childOf, euro, hold, ofType, signalOf, targetOf, yen } from '../../tests/support/desk-events.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import type { Module } from './module.ts';

function changer(...changes: readonly PositionChange[]): Module {
  return slotModule('position', 'changer', () => changes);
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
