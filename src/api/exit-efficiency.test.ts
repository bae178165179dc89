import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExitEfficiency, tripsMax } from './exit-efficiency.ts';

test('the share is of sums, and a loss lowers it', () => {
  const efficiency = new ExitEfficiency();
  assert.equal(efficiency.observe('EUR_USD', -5, -1), undefined);
  assert.equal(efficiency.observe('EUR_USD', 8, 10), 0.3);
  assert.equal(efficiency.observe('EUR_USD', 6, 20), 0.3);
  assert.equal(efficiency.observe('USD_JPY', 3, 4), 0.75);
});

test('only the newest round trips count', () => {
  const efficiency = new ExitEfficiency();
  efficiency.observe('EUR_USD', -1000, 1000);
  let last: number | undefined;
  for (let trip = 0; trip < tripsMax; trip += 1) last = efficiency.observe('EUR_USD', 1, 2);
  assert.equal(last, 0.5);
});
