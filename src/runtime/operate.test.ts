import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournalWriteError } from '#adapters/journal/journal-errors.ts';
import type { Event } from '#domain/events.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { createDeskFixture, type DeskFixture } from '../../tests/support/desk-fixture.ts';
import { type OperatedDesk, operate } from './operate.ts';

const euro = fxInstrument('EUR_USD').id;
const author = { actor: 'ann', reason: 'lunch' };

function scene(): { desk: OperatedDesk; fixture: DeskFixture; types(): string[] } {
  const fixture = createDeskFixture([]);
  fixture.minute({ EUR_USD: 110_000, USD_JPY: 150_000 });
  fixture.events.length = 0;
  const desk: OperatedDesk = {
    engine: fixture.engine,
    request: (input) => void fixture.send(input(fixture.at)),
    status: () => 'all is well',
  };
  return { desk, fixture, types: () => fixture.events.map(({ type }) => type) };
}

function hold(fixture: DeskFixture, signedQuantity: number): void {
  const positions = [{ instrument: euro, signedQuantity, cost: Math.abs(signedQuantity) * 110_000 }];
  const balance = 100_000_000_000;
  fixture.send({ type: 'venue.reconciled', at: fixture.at, balance, positions, openOrderIds: [], differences: [] });
  fixture.events.length = 0;
}

test('the status is handed through', () => {
  assert.deepEqual(operate(scene().desk, { command: 'status' }), { isDone: true, message: '', status: 'all is well' });
});

test('the switch is engaged once and released once, with who and why', () => {
  const { desk, fixture, types } = scene();
  assert.equal(
    operate(desk, { command: 'kill.engage', flatten: false, ...author }).message,
    'the kill switch is engaged',
  );
  assert.deepEqual(fixture.engine.state.kill, { isEngaged: true, ...author, at: fixture.at });
  const again = operate(desk, { command: 'kill.engage', flatten: false, actor: 'bob', reason: 'x' });
  assert.equal(again.message, "the kill switch was engaged already by 'ann': lunch");
  assert.equal(operate(desk, { command: 'kill.release', ...author }).message, 'the kill switch is released');
  assert.equal(operate(desk, { command: 'kill.release', ...author }).message, 'the kill switch was released already');
  assert.deepEqual(types(), ['kill.engaged', 'kill.released']);
});

test('flattening closes positions, on an engaged switch too', () => {
  const { desk, fixture, types } = scene();
  hold(fixture, 5_000);
  operate(desk, { command: 'kill.engage', flatten: false, ...author });
  operate(desk, { command: 'kill.engage', flatten: true, ...author });
  assert.deepEqual(types(), ['kill.engaged', 'flatten.requested', 'order.submitted']);
});

test('a reduction is asked for by symbol or id, and never of a flat position', () => {
  const { desk, fixture, types } = scene();
  const request = { command: 'reduce', instrument: 'EUR_USD', quantity: 2_000, ...author } as const;
  assert.equal(operate(desk, request).isDone, false);
  hold(fixture, -5_000);
  assert.deepEqual(operate(desk, request), { isDone: true, message: `'${euro}' is being reduced by 2000 of 5000` });
  const order = fixture.events.find(
    (event): event is Event & { type: 'order.submitted' } => event.type === 'order.submitted',
  );
  assert.deepEqual([order?.order.side, order?.order.quantity], ['buy', 2_000]);
  assert.deepEqual(types(), ['reduction.requested', 'order.submitted']);
  // What is left after the first can be reduced as well, and then nothing more.
  operate(desk, { ...request, instrument: euro, quantity: 9_000 });
  assert.deepEqual(operate(desk, request), { isDone: false, message: `'${euro}' is being closed already` });
});

test('an unknown instrument is refused with the nearest one', () => {
  const answer = operate(scene().desk, { command: 'reduce', instrument: 'EURUSD', quantity: 1, ...author });
  assert.equal(answer.isDone, false);
  assert.match(answer.message, /the nearest is 'EURUSD\.OANDA'/);
});

test('a disk that fails does not keep the switch from being engaged', () => {
  const { desk, fixture } = scene();
  const failing: OperatedDesk = {
    ...desk,
    request: (input) => {
      fixture.send(input(fixture.at));
      throw new JournalWriteError('ENOSPC', true, 'a write failed');
    },
  };
  const answer = operate(failing, { command: 'kill.engage', flatten: false, ...author });
  assert.equal(answer.isDone, true);
  assert.match(answer.message, /in memory alone: .*ENOSPC/);
  assert.equal(fixture.engine.state.kill.isEngaged, true);
});
