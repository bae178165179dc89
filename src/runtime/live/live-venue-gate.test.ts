import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '#engine/ports.ts';
import { LiveVenueGate } from './live-venue-gate.ts';

const cancel = (clientOrderId: string): Command => ({
  type: 'order.cancelRequested',
  at: 1,
  clientOrderId,
  reason: 'r',
});

test('a recovery sends nothing, what follows waits for the streams, and the rest goes at once', () => {
  const sent: Command[] = [];
  const gate = new LiveVenueGate({ send: (command) => void sent.push(command) });
  gate.send(cancel('old'));
  gate.endRecovery();
  gate.send(cancel('held'));
  assert.deepEqual([sent.length, gate.sent], [0, 0]);
  gate.open();
  gate.send(cancel('new'));
  assert.deepEqual(sent, [cancel('held'), cancel('new')]);
  assert.equal(gate.sent, 2);
  gate.open();
  assert.equal(sent.length, 2);
});

test('it has no market and no books of its own', () => {
  const gate = new LiveVenueGate({ send: () => undefined });
  gate.observe();
  assert.equal(gate.poll(), undefined);
  assert.throws(() => gate.report(), /asked for its books aside/);
});

test('no more than a bounded number of commands waits', () => {
  const gate = new LiveVenueGate({ send: () => undefined });
  gate.endRecovery();
  for (let count = 0; count < 1_000; count += 1) gate.send(cancel(String(count)));
  assert.throws(() => gate.send(cancel('more')), /at most 1000 commands/);
});
