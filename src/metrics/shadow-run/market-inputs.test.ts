import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShadowScene } from '../../../tests/support/shadow-market.ts';
import { marketInputs } from './market-inputs.ts';

test('the inputs of a run are those of its market and its desk', () => {
  const scene = createShadowScene([]);
  const { instrument, priceBasis, barIntervalMs, costs, calendar, ranks, window } = scene.inputs();
  const market = { instrument, priceBasis, manifold: { history: ranks, window } };
  const read = marketInputs(market, { costs, desk: { barIntervalMs }, view: { calendar } });
  assert.deepEqual(read, scene.inputs());
});
