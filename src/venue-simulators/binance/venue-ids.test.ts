import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createVenueIds,
  nextAlgoId,
  nextIdText,
  nextOrderId,
  nextTradeId,
  nextTransactionId,
  steadyFraction,
} from './venue-ids.ts';

test('order ids lie above 2^53 and neighbours stay apart', () => {
  const ids = createVenueIds(1);
  assert.equal(nextOrderId(ids), 8_389_766_145_050_669_870n);
  assert.equal(nextOrderId(ids), 8_389_766_145_050_669_871n);
});

test('each kind of id is counted by itself', () => {
  const ids = createVenueIds(1);
  nextOrderId(ids);
  assert.equal(nextAlgoId(ids), 2_146_760n);
  assert.equal(nextTradeId(ids), 698_759_001);
  assert.equal(nextTransactionId(ids), 9_689_322_001);
});

test('texts depend on the seed and never repeat', () => {
  const [one, same, other] = [createVenueIds(1), createVenueIds(1), createVenueIds(2)];
  const first = nextIdText(one, 64);
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.equal(nextIdText(same, 64), first);
  assert.notEqual(nextIdText(other, 64), first);
  assert.notEqual(nextIdText(one, 64), first);
});

test('noise is a fraction that its arguments alone decide', () => {
  for (let index = -50; index < 50; index += 1) {
    const fraction = steadyFraction(1, 'BTCUSDT', index);
    assert.ok(fraction >= 0 && fraction < 1);
    assert.equal(steadyFraction(1, 'BTCUSDT', index), fraction);
  }
  assert.notEqual(steadyFraction(1, 'BTCUSDT', 1), steadyFraction(1, 'BTCUSDT', 2));
  assert.notEqual(steadyFraction(1, 'BTCUSDT', 1), steadyFraction(2, 'BTCUSDT', 1));
});
