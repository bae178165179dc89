import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profitExit, slopeExit } from './exit-rules.ts';

test('a long position leaves when the slope falls to the threshold', () => {
  assert.equal(slopeExit(1, -2, 2), true);
  assert.equal(slopeExit(1, -1.999, 2), false);
  assert.equal(slopeExit(1, 5, 2), false);
});

test('a short position leaves when the slope rises to the threshold', () => {
  assert.equal(slopeExit(-1, 2, 2), true);
  assert.equal(slopeExit(-1, 1.999, 2), false);
  assert.equal(slopeExit(-1, -5, 2), false);
});

test('a threshold of zero closes on a price that has not moved', () => {
  assert.equal(slopeExit(1, 0, 0), true);
  assert.equal(slopeExit(-1, 0, 0), true);
  assert.equal(slopeExit(1, 0.001, 0), false);
});

test('a profit exit includes both of its bounds', () => {
  const settings = { exitPnlTakeProfit: 0.5, exitPnlStopLoss: -1.25 };
  assert.equal(profitExit(settings, 0.5), 'take-profit');
  assert.equal(profitExit(settings, 0.4999), undefined);
  assert.equal(profitExit(settings, -1.2499), undefined);
  assert.equal(profitExit(settings, -1.25), 'stop-loss');
});
