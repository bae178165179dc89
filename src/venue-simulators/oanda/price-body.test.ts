import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forexCalendar } from '../../../tests/support/forex-calendar.ts';
import { askOanda, openOanda } from '../../../tests/support/oanda-scene.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

test('a market is tradeable in its hours, and not on a weekend, in the daily break or while it is halted', async () => {
  const fromAt = Date.UTC(2026, 0, 1);
  const scene = openOanda({ venue: { calendar: forexCalendar(fromAt, fromAt + 30 * dayMs) } });
  const status = async (): Promise<unknown[]> => {
    const { body } = await askOanda(scene, 'GET', 'pricing?instruments=EUR_USD');
    return [body.prices[0].status, body.prices[0].tradeable];
  };
  const order = { type: 'MARKET', instrument: 'EUR_USD', units: '1' };
  const end = async (): Promise<unknown> =>
    (await askOanda(scene, 'POST', 'orders', { order })).body.orderCancelTransaction?.reason;
  assert.deepEqual([await status(), await end()], [['tradeable', true], undefined]);
  // Wednesday 17:00 in New York is 22:00 UTC.
  await scene.clock.pass(10 * hourMs - 60_000);
  assert.deepEqual([await status(), await end()], [['non-tradeable', false], 'MARKET_HALTED']);
  await scene.clock.pass(6 * 60_000);
  assert.deepEqual([await status(), await end()], [['tradeable', true], undefined]);
  await scene.clock.pass(2 * dayMs + hourMs);
  assert.deepEqual([await status(), await end()], [['non-tradeable', false], 'MARKET_HALTED']);
  await scene.clock.pass(2 * dayMs);
  assert.deepEqual(await status(), ['tradeable', true]);
  scene.server.act('halt', { instrument: 'EUR_USD' });
  assert.deepEqual(await status(), ['non-tradeable', false]);
});

test('a price tells when it was made, and closing prices lie further out', async () => {
  const scene = openOanda();
  await scene.clock.pass(60_000);
  const [price] = (await askOanda(scene, 'GET', 'pricing?instruments=EUR_USD')).body.prices;
  assert.match(price.time, /^2026-01-07T12:00:00\.000\d{6}Z$/);
  assert.deepEqual([price.closeoutBid, price.closeoutAsk], ['1.09998', '1.10012']);
});
