import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { ScriptedBinance } from '../../../tests/support/scripted-binance.ts';
import { deliversPayload } from './probe-stream.ts';

function probe() {
  const clock = new HandClock();
  const server = new ScriptedBinance(clock);
  const url = 'wss://stream.binance.test/market/stream?streams=btcusdt@markPrice@1s';
  return { clock, server, asked: deliversPayload({ time: clock, network: server, url, timeoutMs: 10_000 }) };
}

test('a payload proves that a stream delivers', async () => {
  const { clock, server, asked } = probe();
  await clock.pass(10);
  server.carry('/market/', { stream: 'btcusdt@markPrice@1s', data: {} });
  assert.equal(await asked, true);
  assert.deepEqual(server.openUrls('/'), []);
});

test('an acknowledgement proves nothing (F33)', async () => {
  const { clock, server, asked } = probe();
  await clock.pass(10);
  server.carry('/market/', { result: null, id: 1 });
  server.carry('/market/', 'no JSON');
  await clock.pass(10_000);
  assert.equal(await asked, false);
});

test('a socket that does not open or ends delivers nothing', async () => {
  const { clock, server, asked } = probe();
  server.opensSockets = false;
  await clock.pass(10);
  assert.equal(await asked, false);
});
