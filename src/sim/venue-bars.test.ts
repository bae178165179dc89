import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OrderRequest } from '#domain/order.ts';
import {
  amend,
  brief,
  cancel,
  eventsOf,
  minuteMs,
  noonAt,
  openScene,
  plainCosts,
  showBar,
  showQuote,
  submit,
  usdJpy,
  type VenueScene,
} from '../../tests/support/venue-scene.ts';
import { venueFigures } from './venue-account.ts';

type Prices = readonly [number, number, number, number];
const quiet: Prices = [110_000, 110_005, 109_995, 110_000];

function priced(changes: { slippagePips?: number; latencyMs?: number } = {}): VenueScene {
  const { slippagePips = 0, latencyMs = 0 } = changes;
  const scene = openScene({
    costs: { ...plainCosts, latencyMs, otherwise: { ...plainCosts.otherwise, slippagePips } },
  });
  showBar(scene, quiet);
  return scene;
}

/** What bars do to an order; the spread is ten ticks on top of the bid. */
function told(scene: VenueScene, order: Partial<OrderRequest>, bars: readonly Prices[]): string[][] {
  submit(scene, order);
  return bars.map((bar) => brief(showBar(scene, bar)).filter((line) => !line.endsWith('accepted')));
}

/** A long position with stop 109,900 and target 110,100, both working before the bars come. */
function longWithBracket(changes: { slippagePips?: number; latencyMs?: number } = {}): VenueScene {
  const scene = priced(changes);
  submit(scene, { bracket: { stopPrice: 109_900, targetPrice: 110_100 } });
  showBar(scene, quiet);
  if ((changes.latencyMs ?? 0) > 0) showBar(scene, quiet);
  assert.equal(scene.state.openPositions, 1);
  return scene;
}

test('a waiting limit needs the bar to pass it by a tick', () => {
  const buy = { orderType: 'limit', limitPrice: 109_950 } as const;
  const touch: Prices = [110_000, 110_010, 109_940, 110_000];
  const pass: Prices = [110_000, 110_010, 109_939, 110_000];
  assert.deepEqual(told(priced(), buy, [touch, pass]), [[], ['o1 filled buy 1000 at 109950']]);
  const sell = { side: 'sell', orderType: 'limit', limitPrice: 110_050 } as const;
  assert.deepEqual(
    told(priced(), sell, [
      [110_000, 110_050, 110_000, 110_000],
      [110_000, 110_051, 110_000, 110_000],
    ]),
    [[], ['o1 filled sell 1000 at 110050']],
  );
});

test('a limit that a bar opens beyond fills at the open', () => {
  const buy = { orderType: 'limit', limitPrice: 109_950 } as const;
  assert.deepEqual(told(priced(), buy, [quiet, [109_920, 110_000, 109_900, 109_990]]), [
    [],
    ['o1 filled buy 1000 at 109930'],
  ]);
});

test('a limit that just came takes an open at its price, one that waited does not', () => {
  const buy = { orderType: 'limit', limitPrice: 110_010 } as const;
  assert.deepEqual(told(priced(), buy, [quiet]), [['o1 filled buy 1000 at 110010']]);
  const waits = { orderType: 'limit', limitPrice: 109_990 } as const;
  assert.deepEqual(told(priced(), waits, [quiet, [109_980, 110_000, 109_980, 109_990]]), [[], []]);
});

test('a stop is touched by the extreme of its side and fills at the worse of stop and open, slipped', () => {
  const buy = { orderType: 'stop', stopPrice: 110_050 } as const;
  assert.deepEqual(told(priced({ slippagePips: 0.2 }), buy, [[110_000, 110_039, 110_000, 110_000]]), [[]]);
  assert.deepEqual(told(priced({ slippagePips: 0.2 }), buy, [[110_000, 110_040, 110_000, 110_000]]), [
    ['o1 filled buy 1000 at 110052'],
  ]);
  assert.deepEqual(told(priced({ slippagePips: 0.2 }), buy, [[110_070, 110_080, 110_000, 110_000]]), [
    ['o1 filled buy 1000 at 110082'],
  ]);
});

test('a bar that opens beyond the target gives the open, whatever comes later in it', () => {
  const scene = longWithBracket();
  assert.deepEqual(brief(showBar(scene, [110_150, 110_200, 109_800, 109_900])), [
    'o1-t filled sell 1000 at 110150',
    'o1-s canceled SIBLING_FILLED',
  ]);
});

test('a bar that touches stop and target stops, and says that this is the worse reading', () => {
  const scene = longWithBracket();
  const events = showBar(scene, [110_000, 110_200, 109_900, 110_150]);
  assert.deepEqual(brief(events), ['o1-s filled sell 1000 at 109900 pessimistic', 'o1-t canceled SIBLING_FILLED']);
});

test('a stop touched without the target is no reading at all', () => {
  const scene = longWithBracket();
  const events = showBar(scene, [110_000, 110_100, 109_890, 109_950]);
  assert.deepEqual(brief(events), ['o1-s filled sell 1000 at 109900', 'o1-t canceled SIBLING_FILLED']);
  assert.equal(eventsOf(events, 'order.filled')[0]?.venueAt, noonAt + 3 * minuteMs);
});

test('a position opened at the open can be stopped in the same bar', () => {
  const order = { bracket: { stopPrice: 109_900, targetPrice: 110_100 } };
  assert.deepEqual(told(priced(), order, [[110_000, 110_200, 109_900, 110_000]])[0]?.slice(3), [
    'o1-s filled sell 1000 at 109900 pessimistic',
    'o1-t canceled SIBLING_FILLED',
  ]);
});

test('a position opened at the open has its target in the same bar where the stop was not touched', () => {
  const order = { bracket: { stopPrice: 109_900, targetPrice: 110_100 } };
  assert.deepEqual(told(priced(), order, [[110_000, 110_101, 109_901, 110_000]])[0]?.slice(3), [
    'o1-t filled sell 1000 at 110100',
    'o1-s canceled SIBLING_FILLED',
  ]);
});

test('a position opened inside the bar loses by its extremes and wins only by its close', () => {
  const order = {
    orderType: 'limit',
    limitPrice: 109_950,
    bracket: { stopPrice: 109_850, targetPrice: 110_050 },
  } as const;
  const stopped = told(priced(), order, [[110_000, 110_000, 109_850, 110_000]]);
  assert.equal(stopped[0]?.[3], 'o1-s filled sell 1000 at 109850 pessimistic');
  const before = told(priced(), order, [[110_000, 110_200, 109_900, 110_000]]);
  assert.equal(before[0]?.[3], undefined, 'the high may have come before the entry');
  const after = told(priced(), order, [[110_000, 110_200, 109_900, 110_051]]);
  assert.equal(after[0]?.[3], 'o1-t filled sell 1000 at 110050');
});

test('a stop entry whose own stop lies inside the bar is stopped at that stop', () => {
  const order = { orderType: 'stop', stopPrice: 110_100, bracket: { stopPrice: 110_050, targetPrice: null } } as const;
  assert.deepEqual(told(priced(), order, [[110_000, 110_120, 109_990, 110_110]])[0], [
    'o1 filled buy 1000 at 110100',
    'o1-s accepted stopLoss 1000',
    'o1-s filled sell 1000 at 110050 pessimistic',
  ]);
});

test('a stop that was moved counts for the whole bar in which it was moved', () => {
  const scene = longWithBracket({ latencyMs: 100 });
  amend(scene, 'o1-s', { stopPrice: 109_960 });
  const events = showBar(scene, [110_000, 110_010, 109_955, 110_000]);
  assert.deepEqual(brief(events), [
    'o1-s amended 1000 at 109960',
    'o1-s filled sell 1000 at 109960 pessimistic',
    'o1-t canceled SIBLING_FILLED',
  ]);
});

test('a target that was moved waits for a bar of its own', () => {
  const scene = longWithBracket({ latencyMs: 100 });
  amend(scene, 'o1-t', { limitPrice: 110_050 });
  assert.deepEqual(brief(showBar(scene, [110_000, 110_060, 109_990, 110_000])), ['o1-t amended 1000 at 110050']);
  assert.equal(brief(showBar(scene, [110_000, 110_060, 109_990, 110_000]))[0], 'o1-t filled sell 1000 at 110050');
});

test('an exit at the open comes before the stop of the same bar', () => {
  const scene = longWithBracket();
  submit(scene, { clientOrderId: 'x', side: 'sell', isReduceOnly: true });
  assert.deepEqual(brief(showBar(scene, [110_000, 110_010, 109_000, 109_500])), [
    'x accepted',
    'x filled sell 1000 at 110000',
    'o1-s canceled POSITION_CLOSED',
    'o1-t canceled POSITION_CLOSED',
  ]);
});

test('a cancelled order meets no bar that ends after its cancellation arrived', () => {
  const scene = priced();
  submit(scene, { orderType: 'limit', limitPrice: 109_900 });
  showBar(scene, quiet);
  cancel(scene, 'o1');
  assert.deepEqual(brief(showBar(scene, [110_000, 110_000, 109_000, 109_000])), ['o1 canceled CANCEL_REQUESTED']);
});

test('a fill at the open is converted at the mid of the open, not of the close', () => {
  const scene = openScene();
  const yen = { instrument: usdJpy };
  showBar(scene, [150_000, 150_000, 150_000, 150_000], yen);
  submit(scene, yen);
  showBar(scene, [150_000, 150_000, 150_000, 150_000], yen);
  submit(scene, { ...yen, clientOrderId: 'x', side: 'sell' });
  showBar(scene, [151_000, 160_000, 151_000, 160_000], yen);
  // 1,000 × (151.000 − 150.010) yen ÷ 151.005 = 6.5560743… dollars.
  assert.equal(eventsOf(scene.log, 'order.filled')[1]?.realizedPnl, 6_556_074);
  assert.equal(scene.state.books.get(usdJpy)?.bidPrice, 160_000);
});

test('one bar fills an order once, however often its price is met', () => {
  const scene = openScene({ fillQuantityMax: 600 });
  showBar(scene, quiet);
  submit(scene, { orderType: 'limit', limitPrice: 110_050 });
  assert.deepEqual(brief(showBar(scene, quiet)), ['o1 accepted', 'o1 filled buy 600 at 110010']);
  assert.deepEqual(brief(showBar(scene, quiet)), ['o1 filled buy 400 at 110010']);
});

test('a limit that was moved takes an open at its price as one that just came', () => {
  const scene = priced();
  submit(scene, { orderType: 'limit', limitPrice: 109_000 });
  showBar(scene, quiet);
  amend(scene, 'o1', { limitPrice: 110_010 });
  const events = showBar(scene, [110_000, 110_005, 110_000, 110_000]);
  assert.deepEqual(brief(events), ['o1 amended 1000 at 110010', 'o1 filled buy 1000 at 110010']);
});

/** The bar's prices in one of the two orders that reach every extreme, a tick at a time. */
function pathOf([open, high, low, close]: Prices, isHighFirst: boolean): number[] {
  const path = [open];
  for (const corner of isHighFirst ? [high, low, close] : [low, high, close]) {
    for (let price = path.at(-1) ?? open; price !== corner; ) {
      price += Math.sign(corner - price);
      path.push(price);
    }
  }
  return path;
}

function playPath(order: Partial<OrderRequest>, bar: Prices, isHighFirst: boolean): number {
  const scene = openScene();
  showQuote(scene, noonAt - 1, bar[0]);
  submit(scene, order);
  for (const [index, bid] of pathOf(bar, isHighFirst).entries()) showQuote(scene, noonAt + index, bid);
  return venueFigures(scene.state).equity;
}

function playBar(order: Partial<OrderRequest>, bar: Prices): number {
  const scene = openScene();
  showQuote(scene, noonAt - 1, bar[0]);
  submit(scene, order);
  scene.at = noonAt;
  showBar(scene, bar);
  return venueFigures(scene.state).equity;
}

test('the reading of a bar is never better than either way its prices can have come', () => {
  const offset = fc.integer({ min: 1, max: 25 });
  const shape = fc.record({
    up: fc.nat(30),
    down: fc.nat(30),
    close: fc.double({ min: 0, max: 1, noNaN: true }),
    stop: offset,
    target: offset,
    isBuy: fc.boolean(),
  });
  fc.assert(
    fc.property(shape, ({ up, down, close, stop, target, isBuy }) => {
      const open = 110_000;
      const bar: Prices = [open, open + up, open - down, open - down + Math.round(close * (up + down))];
      const sign = isBuy ? 1 : -1;
      const closing = isBuy ? open : open + 10;
      const bracket = { stopPrice: closing - sign * stop, targetPrice: closing + sign * target };
      const order = { side: isBuy ? 'buy' : 'sell', bracket } as const;
      const worst = Math.min(playPath(order, bar, true), playPath(order, bar, false));
      assert.ok(playBar(order, bar) <= worst);
    }),
    { numRuns: 300 },
  );
});
