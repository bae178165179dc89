import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  brief,
  eurUsd,
  eventsOf,
  openScene,
  plainCosts,
  showBar,
  submit,
  usdJpy,
  type VenueScene,
} from '../../tests/support/venue-scene.ts';

const quiet = [110_000, 110_005, 109_995, 110_000] as const;

function priced(changes: Parameters<typeof openScene>[0] = {}): VenueScene {
  const scene = openScene(changes);
  showBar(scene, quiet);
  return scene;
}

test('a fill says fee, profit, spread cost and the balance after it', () => {
  const otherwise = { spreadPips: [1], slippagePips: 0.2, commissionPerMillion: 35 };
  const scene = priced({ costs: { ...plainCosts, otherwise } });
  submit(scene, { quantity: 10_000 });
  showBar(scene, quiet);
  submit(scene, { clientOrderId: 'o2', side: 'sell', quantity: 10_000 });
  showBar(scene, [110_200, 110_200, 110_200, 110_200]);
  const [entry, exit] = eventsOf(scene.log, 'order.filled');
  // In at 1.10012, out at 1.10198; 35 millionths of 11,001.20 and of 11,019.80 dollars; (0.5 + 0.2) pips on 10,000.
  assert.deepEqual([entry?.price, entry?.fee, entry?.realizedPnl, entry?.spreadCost], [110_012, 385_042, 0, 700_000]);
  assert.deepEqual(
    [exit?.price, exit?.fee, exit?.realizedPnl, exit?.spreadCost],
    [110_198, 385_693, 18_600_000, 700_000],
  );
  assert.equal(exit?.balance, 10_000_000_000 - 385_042 + 18_600_000 - 385_693);
});

test('a fee in yen becomes dollars and is rounded up', () => {
  const otherwise = { spreadPips: [0], slippagePips: 0, commissionPerMillion: 0.001 };
  const scene = openScene({ costs: { ...plainCosts, otherwise } });
  showBar(scene, [150_000, 150_000, 150_000, 150_000], { instrument: usdJpy });
  submit(scene, { instrument: usdJpy, quantity: 1_001 });
  showBar(scene, [150_000, 150_000, 150_000, 150_000], { instrument: usdJpy });
  // A thousandth of a millionth of 1,001 dollars: 1.001 millionths.
  assert.equal(eventsOf(scene.log, 'order.filled')[0]?.fee, 2);
});

test('fillOrKill wants all at once, immediateOrCancel takes what there is', () => {
  const kill = priced({ fillQuantityMax: 600 });
  submit(kill, { timeInForce: 'fillOrKill' });
  assert.deepEqual(brief(showBar(kill, quiet)), ['o1 accepted', 'o1 canceled FILL_OR_KILL']);
  const take = priced({ fillQuantityMax: 600 });
  submit(take, { timeInForce: 'immediateOrCancel' });
  assert.deepEqual(brief(showBar(take, quiet)), [
    'o1 accepted',
    'o1 filled buy 600 at 110010',
    'o1 canceled IMMEDIATE_OR_CANCEL',
  ]);
});

test('a triggered stop that filled in part takes the next open for the rest', () => {
  const scene = priced({ fillQuantityMax: 600 });
  submit(scene, { orderType: 'stop', stopPrice: 110_050 });
  assert.deepEqual(brief(showBar(scene, [110_000, 110_100, 110_000, 110_000])), [
    'o1 accepted',
    'o1 filled buy 600 at 110050',
  ]);
  assert.deepEqual(brief(showBar(scene, [109_900, 109_900, 109_900, 109_900])), ['o1 filled buy 400 at 109910']);
});

test('orders that were affordable one by one do not fill beyond the margin', () => {
  const scene = priced({ startBalance: 30_000_000 });
  submit(scene, {});
  submit(scene, { clientOrderId: 'o2' });
  assert.deepEqual(brief(showBar(scene, quiet)), [
    'o1 accepted',
    'o2 accepted',
    'o1 filled buy 1000 at 110010',
    'o2 canceled INSUFFICIENT_MARGIN',
  ]);
});

test('a reduce-only order is cut when the position shrank since it came, and goes with the position', () => {
  const scene = priced();
  submit(scene, {});
  showBar(scene, quiet);
  submit(scene, { clientOrderId: 'x', side: 'sell', quantity: 700, isReduceOnly: true });
  submit(scene, { clientOrderId: 'y', side: 'sell', quantity: 700, isReduceOnly: true });
  submit(scene, {
    clientOrderId: 'z',
    side: 'sell',
    quantity: 700,
    isReduceOnly: true,
    orderType: 'limit',
    limitPrice: 120_000,
  });
  assert.deepEqual(brief(showBar(scene, quiet)).slice(3), [
    'x filled sell 700 at 110000',
    'y amended 300 at null',
    'y filled sell 300 at 110000',
    'z canceled POSITION_CLOSED',
  ]);
});

test('a price never falls to nothing', () => {
  const otherwise = { spreadPips: [0], slippagePips: 100, commissionPerMillion: 0 };
  const scene = openScene({ costs: { ...plainCosts, otherwise } });
  showBar(scene, [500, 500, 500, 500]);
  submit(scene, { side: 'sell' });
  showBar(scene, [500, 500, 500, 500]);
  assert.equal(eventsOf(scene.log, 'order.filled')[0]?.price, 1);
});

test('the netted position has the sum of all fills, bought less sold', () => {
  const orders = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 5_000 })), { maxLength: 20 });
  fc.assert(
    fc.property(orders, (list) => {
      const scene = priced();
      for (const [index, [isBuy, quantity]] of list.entries()) {
        submit(scene, { clientOrderId: `n${index}`, side: isBuy ? 'buy' : 'sell', quantity });
        showBar(scene, quiet);
      }
      const sum = list.reduce((total, [isBuy, quantity]) => total + (isBuy ? quantity : -quantity), 0);
      assert.equal(scene.state.books.get(eurUsd)?.position.signedQuantity, sum);
    }),
    { numRuns: 50 },
  );
});
