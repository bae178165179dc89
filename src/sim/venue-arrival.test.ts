import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  amend,
  brief,
  cancel,
  eventsOf,
  noonAt,
  openScene,
  plainCosts,
  showQuote,
  showTime,
  submit,
  type VenueScene,
} from '../../tests/support/venue-scene.ts';

function priced(latencyMs = 0): VenueScene {
  const scene = openScene({ costs: { ...plainCosts, latencyMs } });
  showQuote(scene, noonAt, 110_000);
  return scene;
}

test('a command arrives after the latency, in the order in which it was sent', () => {
  const scene = priced(40);
  submit(scene, { orderType: 'limit', limitPrice: 109_000 });
  cancel(scene, 'o1');
  const events = showTime(scene, noonAt + 40);
  assert.deepEqual(brief(events), ['o1 accepted', 'o1 canceled CANCEL_REQUESTED']);
  assert.deepEqual(
    events.map((event) => event.at),
    [noonAt + 40, noonAt + 40],
  );
});

test('a command that is late arrives now, not in the past', () => {
  const scene = priced();
  showTime(scene, noonAt + 5_000);
  scene.at = noonAt;
  submit(scene, { orderType: 'limit', limitPrice: 109_000 });
  assert.equal(showTime(scene, noonAt + 6_000)[0]?.at, noonAt + 5_000);
});

test('what the venue does not take is rejected with a code and a reason', () => {
  const scene = priced();
  submit(scene, { quantity: 1_000_000_000 });
  const [event] = eventsOf(showTime(scene, noonAt + 1), 'order.rejected');
  assert.deepEqual(event, {
    type: 'order.rejected',
    at: noonAt,
    clientOrderId: 'o1',
    code: 'INVALID_QUANTITY',
    reason: "a quantity is 1 to 100000000 in lots of 1, found '1000000000'",
  });
  assert.deepEqual(scene.venue.report().openOrderIds, []);
});

test('a reduce-only order larger than the position is cut to it', () => {
  const scene = priced();
  submit(scene, {});
  showQuote(scene, noonAt + 1, 110_000);
  submit(scene, {
    clientOrderId: 'x',
    side: 'sell',
    quantity: 5_000,
    isReduceOnly: true,
    orderType: 'limit',
    limitPrice: 111_000,
  });
  assert.deepEqual(brief(showTime(scene, noonAt + 2)), ['x accepted', 'x amended 1000 at 111000']);
});

test('an amendment moves the price of its type and is answered with how the order stands', () => {
  const scene = priced();
  submit(scene, { orderType: 'limit', limitPrice: 109_000 });
  submit(scene, { clientOrderId: 'o2', orderType: 'stop', stopPrice: 111_000 });
  showTime(scene, noonAt + 1);
  amend(scene, 'o1', { limitPrice: 109_500 });
  amend(scene, 'o2', { stopPrice: 111_500 });
  assert.deepEqual(brief(showTime(scene, noonAt + 2)), ['o1 amended 1000 at 109500', 'o2 amended 1000 at 111500']);
});

test('an amendment that does not fit changes nothing and is answered all the same', () => {
  const scene = priced();
  submit(scene, { orderType: 'limit', limitPrice: 109_000 });
  showTime(scene, noonAt + 1);
  amend(scene, 'o1', { stopPrice: 109_500 });
  amend(scene, 'o1', { limitPrice: -5 });
  amend(scene, 'o1', { limitPrice: 109_500, stopPrice: 109_400 });
  amend(scene, 'o1', {});
  assert.deepEqual(new Set(brief(showTime(scene, noonAt + 2))), new Set(['o1 amended 1000 at 109000']));
});

test('nothing is answered to a command for an order that has ended or never was', () => {
  const scene = priced();
  submit(scene, {});
  showQuote(scene, noonAt + 1, 110_000);
  cancel(scene, 'o1');
  amend(scene, 'o1', { limitPrice: 1 });
  cancel(scene, 'never');
  assert.deepEqual(showTime(scene, noonAt + 2), []);
});
