import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeskFixture } from '../../tests/support/desk-fixture.ts';
import { type OperatedDesk, operate } from './operate.ts';
import { armingPhrase } from './operate-arming.ts';

const author = { actor: 'ann', reason: 'the first day' };
const arm = { command: 'arm', phrase: armingPhrase('main'), ...author } as const;

function scene(refusal?: string): { desk: OperatedDesk; types(): string[] } {
  const fixture = createDeskFixture([]);
  fixture.send({
    ...{ type: 'venue.opened', at: fixture.at, venue: 'OANDA', account: 'main', environment: 'practice' },
    hasNativeBrackets: true,
  });
  fixture.events.length = 0;
  const desk: OperatedDesk = {
    engine: fixture.engine,
    request: (input) => void fixture.send(input(fixture.at)),
    status: () => undefined,
    armingRefusal: () => refusal,
    reconcile: () => undefined,
  };
  return { desk, types: () => fixture.events.map(({ type }) => type) };
}

test('a desk is armed by its own phrase, once, and disarmed by anyone', () => {
  const { desk, types } = scene();
  assert.equal(
    operate(desk, { ...arm, phrase: 'ARM other' }).message,
    "the desk is not armed: expected the phrase 'ARM main', found 'ARM other'",
  );
  assert.match(operate(desk, arm).message, /^the desk is armed at the practice account 'main'/);
  assert.equal(operate(desk, arm).message, 'the desk was armed already');
  assert.match(operate(desk, { command: 'disarm', ...author }).message, /^the desk is disarmed/);
  assert.equal(operate(desk, { command: 'disarm', ...author }).message, 'the desk was disarmed already');
  assert.deepEqual(types(), ['desk.armed', 'desk.disarmed']);
});

test('to arm releases no switch, and says so', () => {
  const { desk } = scene();
  desk.request((at) => ({ type: 'kill.engaged', at, actor: 'ann', reason: 'r' }));
  assert.match(operate(desk, arm).message, /the kill switch is still engaged/);
  assert.equal(desk.engine.state.kill.isEngaged, true);
});

test('where orders may not be sent a desk is not armed', () => {
  const { desk, types } = scene("'READ_ONLY' is 1");
  assert.deepEqual(operate(desk, arm), { isDone: false, message: "the desk is not armed: 'READ_ONLY' is 1" });
  assert.deepEqual(types(), []);
});

test('a desk on paper has nothing to arm and no other books', () => {
  const { engine, request, status } = scene().desk;
  const desk: OperatedDesk = { engine, request, status };
  assert.equal(operate(desk, arm).message, 'a desk on paper has nothing to arm');
  assert.equal(operate(desk, { command: 'reconcile' }).isDone, false);
  assert.equal(operate(scene().desk, { command: 'reconcile' }).isDone, true);
});
