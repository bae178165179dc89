import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { quarantined } from './quarantine.ts';
import { keptMax, quarantinesMax, TellingGate } from './telling-gate.ts';

const input: VenueInput = { type: 'account.closedOut', reason: 'x' };

function scene() {
  const clock = new HandClock();
  const inputs: VenueInput[] = [];
  const notices: string[] = [];
  const gate = new TellingGate(clock);
  const open = () => gate.open({ onInput: (told) => inputs.push(told), onNotice: (text) => notices.push(text) });
  return { clock, inputs, notices, gate, open };
}

test('what is told before anybody listens comes when somebody does, up to a bound', () => {
  const { gate, inputs, open, notices } = scene();
  for (let count = 0; count < keptMax + 5; count++) gate.tell(input);
  gate.notice('early');
  assert.equal(inputs.length, 0);
  open();
  assert.deepEqual([inputs.length, notices], [keptMax, ['early']]);
});

test('nothing is told after the end', () => {
  const { gate, inputs, notices, open } = scene();
  open();
  gate.close();
  gate.tell(input);
  gate.notice('late');
  assert.deepEqual([inputs, notices], [[], []]);
});

test('a venue that sends nothing but what cannot be read does not fill the journal', async () => {
  const { gate, inputs, notices, open, clock } = scene();
  open();
  for (let count = 0; count < quarantinesMax + 20; count++) gate.tell(quarantined('bars', 'odd', ''));
  assert.deepEqual([inputs.length, notices.length], [quarantinesMax, 1]);
  gate.tell(input);
  assert.equal(inputs.length, quarantinesMax + 1);
  await clock.pass(60_000);
  gate.tell(quarantined('bars', 'odd', ''));
  assert.equal(inputs.length, quarantinesMax + 2);
});

test('a notice holds no secret', () => {
  const { gate, notices, open } = scene();
  open();
  gate.notice('failed at https://host/x?signature=abcdef');
  assert.deepEqual(notices, ['failed at https://host/x?signature=…']);
});
