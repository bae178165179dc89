import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ADDRESSES_MAX,
  banAddress,
  createRateCounters,
  ORDERS_1M_MAX,
  ORDERS_10S_MAX,
  orderCounts,
  orderRefusal,
  usedWeight,
  useWeight,
  VIOLATIONS_MAX,
  WEIGHT_MAX,
  weightRefusal,
} from './rate-counters.ts';

const minuteAt = 1_700_000_040_000;
const home = '10.0.0.1';

test('weight is counted by address and minute', () => {
  const counters = createRateCounters();
  assert.equal(weightRefusal(counters, home, 5, minuteAt), undefined);
  assert.equal(weightRefusal(counters, home, 40, minuteAt + 59_999), undefined);
  assert.equal(usedWeight(counters, home, minuteAt + 59_999), 45);
  assert.equal(usedWeight(counters, '10.0.0.2', minuteAt), 0);
  assert.equal(usedWeight(counters, home, minuteAt + 60_000), 0);
});

test('the whole minute may be used and no more; the refusal says when the next begins', () => {
  const counters = createRateCounters();
  assert.equal(weightRefusal(counters, home, WEIGHT_MAX, minuteAt + 10_000), undefined);
  const refusal = weightRefusal(counters, home, 1, minuteAt + 10_000);
  assert.equal(refusal?.status, 429);
  assert.equal(refusal?.retryAfter, 50);
  assert.equal(weightRefusal(counters, home, 1, minuteAt + 60_000), undefined);
});

test('who goes on after refusals is banned for two minutes, the next time for four', () => {
  const counters = createRateCounters();
  let now = minuteAt;
  for (const minutes of [2, 4]) {
    weightRefusal(counters, home, WEIGHT_MAX, now);
    for (let tries = 0; tries < VIOLATIONS_MAX; tries += 1) {
      assert.equal(weightRefusal(counters, home, 1, now)?.status, 429);
    }
    const ban = weightRefusal(counters, home, 1, now);
    assert.equal(ban?.status, 418);
    assert.match(ban?.msg ?? '', new RegExp(`banned until ${now + minutes * 60_000}\\.`));
    now += minutes * 60_000;
    assert.equal(weightRefusal(counters, home, 1, now - 1)?.status, 418);
    assert.equal(weightRefusal(counters, home, 1, now), undefined);
    now += 60_000;
  }
});

test('an address may be banned from outside and the rest of the minute used by others', () => {
  const counters = createRateCounters();
  banAddress(counters, home, 1_500, minuteAt);
  assert.equal(weightRefusal(counters, home, 1, minuteAt)?.retryAfter, 2);
  useWeight(counters, '10.0.0.2', WEIGHT_MAX, minuteAt);
  assert.equal(weightRefusal(counters, '10.0.0.2', 1, minuteAt)?.status, 429);
});

test('orders are counted in ten seconds and in a minute', () => {
  const counters = createRateCounters();
  assert.equal(orderRefusal(counters, ORDERS_10S_MAX, minuteAt), undefined);
  assert.match(orderRefusal(counters, 1, minuteAt)?.msg ?? '', /300 orders per TEN_SECONDS/);
  assert.deepEqual(orderCounts(counters, minuteAt), { tenSeconds: 300, minute: 300 });
  for (let tens = 1; tens < ORDERS_1M_MAX / ORDERS_10S_MAX; tens += 1) {
    assert.equal(orderRefusal(counters, ORDERS_10S_MAX, minuteAt + tens * 10_000), undefined);
  }
  assert.match(orderRefusal(counters, 1, minuteAt + 50_000)?.msg ?? '', /1200 orders per MINUTE/);
  assert.equal(orderRefusal(counters, 1, minuteAt + 60_000), undefined);
});

test('the first of too many addresses is forgotten', () => {
  const counters = createRateCounters();
  for (let index = 0; index <= ADDRESSES_MAX; index += 1) useWeight(counters, `a${index}`, 1, minuteAt);
  assert.equal(counters.addresses.size, ADDRESSES_MAX);
  assert.equal(usedWeight(counters, 'a0', minuteAt), 0);
});
