import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocator, decide, desk, orders, submit } from '../../tests/support/deciding-desk.ts';
import { acceptanceOf, childOf, euro, fillOf, hold, ofType, targetOf, yen } from '../../tests/support/desk-events.ts';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { slotModule } from '../../tests/support/slot-module.ts';
import type { Module } from './module.ts';

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
