import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import { actionSchemas } from './action-parameters.ts';

/** Parameters of the actions that need some. */
const needed: Record<string, Record<string, unknown>> = {
  hideOrders: { ms: 1 },
  externalOrder: { side: 'BUY', quantity: '0.010' },
  leverageChanged: { leverage: 10 },
  banAddress: { ms: 1 },
  useWeight: { weight: 1 },
  useOrders: { count: 1 },
  skewClock: { ms: 1 },
  refuseOrders: { code: -1008 },
  divergeMark: { fraction: 0.01 },
  gapMarket: { ticks: 5 },
  withdraw: { amount: '1' },
  deposit: { amount: '1' },
  nextResponses: { status: 503 },
  matchLatency: { ms: 1 },
};

test('every action of the table can be done, with and without a position', () => {
  for (const hasPosition of [false, true]) {
    for (const name of Object.keys(actionSchemas)) {
      const scene = new BinanceScene();
      scene.closeMinutes(2);
      if (hasPosition) scene.market('BUY', '0.010');
      scene.server.act(name, needed[name] ?? {});
    }
  }
});

test('an action that nobody knows is refused', () => {
  const scene = new BinanceScene();
  assert.throws(() => scene.server.act('dance', {}), /no action 'dance'/);
});
