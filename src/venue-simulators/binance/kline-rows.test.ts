import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { intervalAround, isInterval, KLINES_MAX } from './kline-rows.ts';

const minuteMs = 60_000;

function ask(scene: BinanceScene, query: string): (string | number)[][] {
  return scene.request('GET', '/fapi/v1/klines', `symbol=BTCUSDT&${query}`).body;
}

test('the last row is the bar that is not over yet (F81)', () => {
  const scene = new BinanceScene();
  scene.closeMinutes(10);
  const rows = ask(scene, 'interval=1m&limit=3');
  const now = scene.clock.now();
  assert.deepEqual(
    rows.map(([openAt]) => Number(openAt) - now),
    [-2 * minuteMs, -minuteMs, 0],
  );
  assert.equal(rows[2]?.[6], now + minuteMs - 1);
  assert.deepEqual(rows[1], [
    now - minuteMs,
    '50000.00',
    '50100.00',
    '49900.00',
    '50000.10',
    '12.000',
    now - 1,
    '600001.20',
    12,
    '6.000',
    '300000.60',
    '0',
  ]);
});

test('longer bars are made of minutes, and every open time comes once', () => {
  const scene = new BinanceScene();
  scene.closeMinutes(60);
  const rows = ask(scene, 'interval=15m');
  assert.deepEqual(
    rows.map(([openAt]) => (scene.clock.now() - Number(openAt)) / minuteMs),
    [60, 45, 30, 15, 0],
  );
  assert.equal(rows[0]?.[5], '180.000');
  assert.equal(new Set(rows.map(([openAt]) => openAt)).size, rows.length);
});

test('from a start the earliest come, up to an end the latest', () => {
  const scene = new BinanceScene();
  scene.closeMinutes(30);
  const now = scene.clock.now();
  const from = ask(scene, `interval=1m&startTime=${now - 20 * minuteMs}&limit=2`);
  assert.deepEqual(
    from.map(([openAt]) => (now - Number(openAt)) / minuteMs),
    [20, 19],
  );
  const until = ask(scene, `interval=1m&endTime=${now - 20 * minuteMs}&limit=2`);
  assert.deepEqual(
    until.map(([openAt]) => (now - Number(openAt)) / minuteMs),
    [21, 20],
  );
});

test('a minute in which nothing was quoted stands at the last price', () => {
  const scene = new BinanceScene();
  scene.closeMinutes(2);
  scene.clock.jump(minuteMs);
  const rows = ask(scene, 'interval=1m&limit=1');
  assert.equal(rows[0]?.[0], scene.clock.now());
});

test('weeks begin on Monday and months on their first day', () => {
  const wednesday = Date.UTC(2026, 0, 7, 12);
  assert.equal(intervalAround('1w', wednesday).openAt, Date.UTC(2026, 0, 5));
  assert.deepEqual(intervalAround('1M', wednesday), { openAt: Date.UTC(2026, 0, 1), endAt: Date.UTC(2026, 1, 1) });
  assert.equal(intervalAround('4h', wednesday + 1).openAt, wednesday);
  assert.deepEqual([isInterval('1m'), isInterval('1M'), isInterval('2m')], [true, true, false]);
});

test('one question is answered with so many bars at most', () => {
  const scene = new BinanceScene();
  scene.closeMinutes(KLINES_MAX + 10);
  assert.equal(ask(scene, 'interval=1m&limit=5000').length, KLINES_MAX);
});
