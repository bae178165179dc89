import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  brief,
  cancel,
  eurUsd,
  eventsOf,
  openScene,
  showBar,
  submit,
  type VenueScene,
} from '../../tests/support/venue-scene.ts';

const quiet = [110_000, 110_005, 109_995, 110_000] as const;
const wide = { stopPrice: 109_000, targetPrice: 111_000 };

function priced(fillQuantityMax: number | null = null): VenueScene {
  const scene = openScene({ fillQuantityMax });
  showBar(scene, quiet);
  return scene;
}

test('an entry places its stop and target for what it filled, and says whose they are', () => {
  const scene = priced();
  submit(scene, { bracket: wide });
  const children = eventsOf(showBar(scene, quiet), 'order.accepted').slice(1);
  const shared = { parentOrderId: 'o1', instrument: eurUsd, side: 'sell', quantity: 1_000 };
  assert.deepEqual(
    children.map((event) => event.child),
    [
      { ...shared, purpose: 'stopLoss', stopPrice: 109_000, limitPrice: null },
      { ...shared, purpose: 'takeProfit', stopPrice: null, limitPrice: 111_000 },
    ],
  );
});

test('a bracket may have one side only', () => {
  const scene = priced();
  submit(scene, { bracket: { stopPrice: null, targetPrice: 111_000 } });
  showBar(scene, quiet);
  assert.deepEqual(scene.venue.report().openOrderIds, ['o1-t']);
});

test('a further part of the same entry grows the children that stand', () => {
  const scene = priced(600);
  submit(scene, { bracket: wide });
  showBar(scene, quiet);
  assert.deepEqual(brief(showBar(scene, quiet)), [
    'o1 filled buy 400 at 110010',
    'o1-s amended 1000 at 109000',
    'o1-t amended 1000 at 111000',
  ]);
});

test('an entry whose bracket is over fills no further', () => {
  const scene = priced(600);
  submit(scene, { bracket: wide });
  showBar(scene, quiet);
  cancel(scene, 'o1-s');
  cancel(scene, 'o1-t');
  assert.deepEqual(brief(showBar(scene, quiet)).slice(2), ['o1 canceled BRACKET_OVER']);
});

test('an entry with one child left grows that one and leaves the cancelled one away', () => {
  const scene = priced(600);
  submit(scene, { bracket: wide });
  showBar(scene, quiet);
  cancel(scene, 'o1-t');
  assert.deepEqual(brief(showBar(scene, quiet)).slice(1), [
    'o1 filled buy 400 at 110010',
    'o1-s amended 1000 at 109000',
  ]);
});

test('a stop that fills in part leaves its target the rest', () => {
  const scene = priced(600);
  submit(scene, { quantity: 600, bracket: wide });
  submit(scene, { clientOrderId: 'o2', quantity: 600, bracket: { stopPrice: 108_000, targetPrice: 112_000 } });
  showBar(scene, quiet);
  scene.state.workingById.get('o1-s');
  assert.deepEqual(brief(showBar(scene, [110_000, 110_000, 108_900, 109_000])), [
    'o1-s filled sell 600 at 109000',
    'o1-t canceled SIBLING_FILLED',
  ]);
  const parts = priced(600);
  submit(parts, { bracket: wide });
  showBar(parts, quiet);
  showBar(parts, quiet);
  assert.deepEqual(brief(showBar(parts, [110_000, 110_000, 108_900, 109_000])), [
    'o1-s filled sell 600 at 109000',
    'o1-t amended 400 at 111000',
  ]);
  assert.deepEqual(brief(showBar(parts, [108_800, 108_900, 108_800, 108_900])), [
    'o1-s filled sell 400 at 108800',
    'o1-t canceled SIBLING_FILLED',
  ]);
});

test('a reduction by another order cuts the children oldest first', () => {
  const scene = priced();
  submit(scene, { bracket: wide });
  submit(scene, { clientOrderId: 'o2', quantity: 500, bracket: { stopPrice: 109_100, targetPrice: 111_100 } });
  showBar(scene, quiet);
  submit(scene, { clientOrderId: 'x', side: 'sell', quantity: 1_200, isReduceOnly: true });
  assert.deepEqual(brief(showBar(scene, quiet)), [
    'x accepted',
    'x filled sell 1200 at 110000',
    'o1-s canceled POSITION_REDUCED',
    'o2-s amended 300 at 109100',
    'o1-t canceled POSITION_REDUCED',
    'o2-t amended 300 at 111100',
  ]);
});

test('an entry against a position protects only what it opened beyond it', () => {
  const scene = priced();
  submit(scene, { bracket: wide });
  showBar(scene, quiet);
  submit(scene, {
    clientOrderId: 'o2',
    side: 'sell',
    quantity: 1_400,
    bracket: { stopPrice: 110_900, targetPrice: 109_200 },
  });
  assert.deepEqual(brief(showBar(scene, quiet)), [
    'o2 accepted',
    'o2 filled sell 1400 at 110000',
    'o2-s accepted stopLoss 400',
    'o2-t accepted takeProfit 400',
    'o1-s canceled POSITION_CLOSED',
    'o1-t canceled POSITION_CLOSED',
  ]);
  submit(scene, { clientOrderId: 'o3', quantity: 100, bracket: wide });
  assert.deepEqual(brief(showBar(scene, quiet)), [
    'o3 accepted',
    'o3 filled buy 100 at 110010',
    'o2-s amended 300 at 110900',
    'o2-t amended 300 at 109200',
  ]);
});
