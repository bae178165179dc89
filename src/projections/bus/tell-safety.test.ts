import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payloadsOf } from '../../../tests/support/bus-fold.ts';
import { euro, hold, targetOf } from '../../../tests/support/desk-events.ts';
import { foldedDesk, typesOf } from '../../../tests/support/folded-desk.ts';
import { slotModule } from '../../../tests/support/slot-module.ts';

const wanting = slotModule('allocation', 'wanting', () => [targetOf(euro, 10_000)]);

test('a denied target is a breach where a limit was reached', () => {
  const desk = foldedDesk([wanting], { policies: { limits: { maximumPositionUnits: 500 } } });
  desk.fixture.tick();
  const told = desk.minute();
  assert.deepEqual(payloadsOf(told, 'risk.limit_breached'), [
    { symbol: 'EUR_USD', limit: 'MAX_POSITION_UNITS', reason: 'at most 500 units', signed_qty: 10_000 },
  ]);
});

test('a denial by the kill switch is no breach of a limit', () => {
  const desk = foldedDesk([wanting], { releasesKill: false });
  desk.fixture.tick();
  const told = desk.minute();
  assert.deepEqual(typesOf(told), ['market.tick', 'market.tick']);
});

test('the switch thrown is an emergency stop once, and released a recovery', () => {
  const desk = foldedDesk();
  const { at } = desk.fixture;
  const thrown = { type: 'kill.engaged', at, actor: 'operator', reason: 'news' } as const;
  const released = { type: 'kill.released', at, actor: 'operator', reason: 'checked' } as const;
  const told = desk.send(thrown, thrown, released, released, thrown);
  assert.deepEqual(
    typesOf(told).filter((type) => type.startsWith('emergency.')),
    ['emergency.stop', 'emergency.recovered', 'emergency.stop'],
  );
  assert.deepEqual(payloadsOf(told, 'emergency.stop')[0], {
    reason: 'news',
    evaluator: 'operator',
    metrics: {},
    positions_closed: null,
  });
});

test('the first release of a fresh desk is no recovery', () => {
  const desk = foldedDesk([], { releasesKill: false });
  const told = desk.send({ type: 'kill.released', at: desk.fixture.at, actor: 'operator', reason: 'ready' });
  assert.deepEqual(payloadsOf(told, 'emergency.recovered'), []);
});

test('a close-out by the venue is a critical alert and stops the desk', () => {
  const desk = foldedDesk();
  desk.fixture.tick();
  desk.minute();
  const before = desk.fixture.events.length;
  hold(desk.fixture, { [euro]: 1_000 });
  desk.tell(...desk.fixture.events.slice(before));
  const told = desk.send({ type: 'account.closedOut', at: desk.fixture.at, reason: 'margin' });
  assert.deepEqual(typesOf(told), ['risk.alert', 'emergency.stop']);
  assert.deepEqual(payloadsOf(told, 'risk.alert'), [
    {
      severity: 'CRITICAL',
      alert_type: 'margin-close-out',
      message: 'margin',
      action_taken: 'the kill switch is engaged',
      dd: null,
      limit: null,
      open_positions: 1,
      max_positions: 8,
    },
  ]);
  assert.equal(desk.fixture.engine.state.kill.isEngaged, true);
});

test('an alert of the desk is a medium one', () => {
  const desk = foldedDesk();
  const told = desk.send({ type: 'alert.raised', at: desk.fixture.at, name: 'few-open', reason: '1 of 2' });
  const [alert] = payloadsOf(told, 'risk.alert');
  assert.deepEqual(
    [alert?.['severity'], alert?.['alert_type'], alert?.['message'], alert?.['open_positions']],
    ['MEDIUM', 'few-open', '1 of 2', 0],
  );
});
