import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  brief,
  eurUsd,
  openScene,
  plainCosts,
  showBar,
  showQuote,
  submit,
  usdJpy,
  type VenueScene,
} from '../../tests/support/venue-scene.ts';

const flat = (price: number): readonly [number, number, number, number] => [price, price, price, price];

/** 1,000 euros bought at 1.10010 with 30 dollars: 22 dollars of margin, closed out below 11. */
function leveraged(): VenueScene {
  const scene = openScene({ startBalance: 30_000_000 });
  showBar(scene, flat(110_000));
  submit(scene, {});
  showBar(scene, flat(110_000));
  return scene;
}

test('positions are closed at the next price once equity falls below its share of the margin', () => {
  const scene = leveraged();
  submit(scene, { clientOrderId: 'far', side: 'sell', isReduceOnly: true, orderType: 'limit', limitPrice: 120_000 });
  assert.deepEqual(brief(showBar(scene, flat(108_110))), ['far accepted']);
  assert.deepEqual(brief(showBar(scene, flat(108_000))), ['closed out', 'far canceled CLOSE_OUT']);
  submit(scene, { clientOrderId: 'new', quantity: 1 });
  assert.deepEqual(brief(showBar(scene, flat(107_900))), [
    'new rejected CLOSE_OUT',
    'closeout-1 filled sell 1000 at 107900',
  ]);
  // 30 − 1,000 × (1.10010 − 1.07900) dollars.
  assert.deepEqual(scene.venue.report(), { balance: 8_900_000, positions: [], openOrderIds: [] });
});

test('the floor is the stated fraction of the margin in use', () => {
  // At a bid of 1.08185 the equity is 11.75 dollars and the margin 21.638; at half a step of the fraction either side the answer turns.
  const closesAt = (closeOutFraction: number): boolean => {
    const scene = openScene({ startBalance: 30_000_000, costs: { ...plainCosts, closeOutFraction } });
    showQuote(scene, scene.at, 110_000);
    submit(scene, {});
    showQuote(scene, scene.at + 1, 110_000);
    return brief(showQuote(scene, scene.at + 1, 108_185)).includes('closed out');
  };
  assert.deepEqual([closesAt(0.54), closesAt(0.545)], [false, true]);
});

test('with quotes the next quote closes, not the one that was too low', () => {
  const scene = openScene({ startBalance: 30_000_000 });
  showQuote(scene, scene.at, 110_000);
  submit(scene, {});
  showQuote(scene, scene.at + 1, 110_000);
  assert.deepEqual(brief(showQuote(scene, scene.at + 1, 107_000)), ['closed out']);
  assert.deepEqual(brief(showQuote(scene, scene.at + 1, 107_100)), ['closeout-1 filled sell 1000 at 107100']);
});

test('every position is closed, each at the next price of its own instrument', () => {
  const scene = openScene({ startBalance: 50_000_000 });
  showBar(scene, flat(110_000));
  showBar(scene, flat(150_000), { instrument: usdJpy, openAt: scene.at - 60_000 });
  submit(scene, {});
  submit(scene, { clientOrderId: 'o2', instrument: usdJpy, side: 'sell' });
  showBar(scene, flat(110_000));
  showBar(scene, flat(150_000), { instrument: usdJpy, openAt: scene.at - 60_000 });
  assert.equal(scene.state.openPositions, 2);
  assert.deepEqual(brief(showBar(scene, flat(106_000))), ['closed out']);
  assert.deepEqual(brief(showBar(scene, flat(106_000))), ['closeout-1 filled sell 1000 at 106000']);
  assert.equal(scene.state.pendingCloseOuts, 1);
  const events = showBar(scene, flat(150_000), { instrument: usdJpy, openAt: scene.at - 60_000 });
  assert.deepEqual(brief(events), ['closeout-2 filled buy 1000 at 150010']);
  assert.deepEqual([scene.state.pendingCloseOuts, scene.state.openPositions], [0, 0]);
  assert.equal(scene.state.books.get(eurUsd)?.orders.length, 0);
});
