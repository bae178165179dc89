import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

function failing(breaker: CircuitBreaker, times: number): void {
  for (let time = 0; time < times; time++) breaker.failed();
}

test('the fifth failure within half a minute opens it for half a minute', async () => {
  const time = new HandClock();
  const breaker = new CircuitBreaker({ time });
  failing(breaker, 4);
  assert.equal(breaker.isOpen(), false);
  await time.pass(29_999);
  breaker.failed();
  assert.deepEqual([breaker.isOpen(), breaker.openForMs()], [true, 30_000]);
  await time.pass(29_999);
  assert.equal(breaker.isOpen(), true);
  await time.pass(1);
  assert.deepEqual([breaker.isOpen(), breaker.openForMs()], [false, 0]);
});

test('failures that are half a minute apart are forgotten', async () => {
  const time = new HandClock();
  const breaker = new CircuitBreaker({ time });
  failing(breaker, 4);
  await time.pass(30_000);
  failing(breaker, 4);
  assert.equal(breaker.isOpen(), false);
});

test('a success between failures closes the count', () => {
  const breaker = new CircuitBreaker({ time: new HandClock() });
  failing(breaker, 4);
  breaker.succeeded();
  failing(breaker, 4);
  assert.equal(breaker.isOpen(), false);
});

test('after the wait one failure opens it again and one success closes it', async () => {
  const time = new HandClock();
  const breaker = new CircuitBreaker({ time, failuresMax: 2, windowMs: 1_000, openMs: 5_000 });
  failing(breaker, 2);
  await time.pass(5_000);
  breaker.failed();
  assert.equal(breaker.isOpen(), true);
  await time.pass(5_000);
  breaker.succeeded();
  breaker.failed();
  assert.equal(breaker.isOpen(), false);
});

test('answers to what left before it opened neither prolong nor end the wait', async () => {
  const time = new HandClock();
  const breaker = new CircuitBreaker({ time });
  failing(breaker, 5);
  await time.pass(10_000);
  breaker.failed();
  breaker.succeeded();
  assert.equal(breaker.openForMs(), 20_000);
});
