import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRequest } from '#domain/order.ts';
import {
  brief,
  eventsOf,
  noonAt,
  openScene,
  plainCosts,
  showQuote,
  submit,
  type VenueScene,
} from '../../tests/support/venue-scene.ts';

function priced(slippagePips = 0): VenueScene {
  const scene = openScene({ costs: { ...plainCosts, otherwise: { ...plainCosts.otherwise, slippagePips } } });
  showQuote(scene, noonAt, 110_000);
  return scene;
}

/** What the quotes after an order do to it; each quote is a second later and ten ticks wide. */
function told(scene: VenueScene, order: Partial<OrderRequest>, bids: readonly number[]): string[][] {
  submit(scene, order);
  return bids.map((bid) => brief(showQuote(scene, scene.at + 1_000, bid)).filter((line) => !line.endsWith('accepted')));
}

test('a market order takes the ask to buy and the bid to sell, with slippage against it', () => {
  assert.deepEqual(told(priced(), {}, [110_001]), [['o1 filled buy 1000 at 110011']]);
  assert.deepEqual(told(priced(0.2), {}, [110_001]), [['o1 filled buy 1000 at 110013']]);
  assert.deepEqual(told(priced(0.2), { side: 'sell' }, [110_001]), [['o1 filled sell 1000 at 109999']]);
});

test('a limit fills once the price is at it, at the quote where that is better, and never slips', () => {
  const buy = { orderType: 'limit', limitPrice: 109_950 } as const;
  assert.deepEqual(told(priced(0.2), buy, [109_941, 109_940]), [[], ['o1 filled buy 1000 at 109950']]);
  assert.deepEqual(told(priced(0.2), buy, [109_900]), [['o1 filled buy 1000 at 109910']]);
  const sell = { side: 'sell', orderType: 'limit', limitPrice: 110_050 } as const;
  assert.deepEqual(told(priced(), sell, [110_049, 110_050]), [[], ['o1 filled sell 1000 at 110050']]);
});

test('a stop is touched by its own side of the quote and fills there, slipped', () => {
  const buy = { orderType: 'stop', stopPrice: 110_050 } as const;
  assert.deepEqual(told(priced(0.2), buy, [110_039, 110_040]), [[], ['o1 filled buy 1000 at 110052']]);
  const sell = { side: 'sell', orderType: 'stop', stopPrice: 109_950 } as const;
  assert.deepEqual(told(priced(), sell, [109_951, 109_900]), [[], ['o1 filled sell 1000 at 109900']]);
});

test('an order that ends at once is gone after the first price it cannot have', () => {
  const order = { orderType: 'limit', limitPrice: 110_005 } as const;
  assert.deepEqual(told(priced(), { ...order, timeInForce: 'immediateOrCancel' }, [110_000]), [
    ['o1 canceled NOT_FILLABLE'],
  ]);
  assert.deepEqual(told(priced(), { ...order, timeInForce: 'fillOrKill' }, [109_995]), [
    ['o1 filled buy 1000 at 110005'],
  ]);
});

test('spread cost is half the spread and the slippage on the whole quantity', () => {
  const scene = priced(0.2);
  told(scene, {}, [110_001]);
  // 1,000 × (0.00005 + 0.00002) dollars.
  assert.equal(eventsOf(scene.log, 'order.filled')[0]?.spreadCost, 70_000);
});

test('a stop and a target of an entry meet the quote that filled it', () => {
  const scene = priced();
  const lines = told(scene, { bracket: { stopPrice: 109_990, targetPrice: 110_100 } }, [109_980]);
  assert.deepEqual(lines[0], [
    'o1 filled buy 1000 at 109990',
    'o1-s accepted stopLoss 1000',
    'o1-t accepted takeProfit 1000',
    'o1-s filled sell 1000 at 109980',
    'o1-t canceled SIBLING_FILLED',
  ]);
});
