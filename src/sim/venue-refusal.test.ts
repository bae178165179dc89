import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CalendarDocument } from '#domain/calendar.ts';
import type { OrderRequest } from '#domain/order.ts';
import {
  eurJpy,
  minuteMs,
  noonAt,
  openScene,
  orderRequest,
  showQuote,
  showTime,
  submit,
  type VenueScene,
} from '../../tests/support/venue-scene.ts';
import { refusalOf } from './venue-refusal.ts';
import { WORKING_ORDERS_MAX } from './venue-state.ts';

const week: CalendarDocument = {
  version: 'one-week',
  fromAt: noonAt - 1_000 * minuteMs,
  untilAt: noonAt + 1_000 * minuteMs,
  sessions: { tokyo: [], london: [], newYork: [], sydney: [] },
  breaks: [noonAt + 10 * minuteMs, noonAt + 15 * minuteMs],
  weeks: [noonAt, noonAt + 100 * minuteMs],
};

function priced(changes: Parameters<typeof openScene>[0] = {}): VenueScene {
  const scene = openScene(changes);
  showQuote(scene, noonAt, 110_000);
  return scene;
}

function code(changes: Partial<OrderRequest>, scene = priced(), at = noonAt): string | undefined {
  return refusalOf(scene.state, orderRequest(changes), at)?.code;
}

test('an order that is right is taken', () => {
  assert.equal(code({}), undefined);
  assert.equal(
    code({ orderType: 'limit', limitPrice: 109_000, bracket: { stopPrice: 108_000, targetPrice: 110_000 } }),
    undefined,
  );
  assert.equal(
    code({ orderType: 'stop', stopPrice: 111_000, timeInForce: 'goodTillTime', expiresAt: noonAt + 1 }),
    undefined,
  );
});

test('only listed instruments are traded', () => {
  assert.equal(code({ instrument: 'GBPUSD.OANDA' }), 'UNKNOWN_INSTRUMENT');
});

test('an id is used once, its children included, and leaves room for theirs', () => {
  const scene = priced();
  submit(scene, { orderType: 'limit', limitPrice: 109_000 });
  submit(scene, { clientOrderId: 'a-s', orderType: 'limit', limitPrice: 109_000 });
  showTime(scene, noonAt + 1);
  assert.equal(code({}, scene), 'DUPLICATE_ID');
  assert.equal(code({ clientOrderId: 'a', bracket: { stopPrice: 109_000, targetPrice: null } }, scene), 'DUPLICATE_ID');
  const bracket = { stopPrice: 109_000, targetPrice: null };
  assert.equal(code({ clientOrderId: 'i'.repeat(34), bracket }), undefined);
  assert.equal(code({ clientOrderId: 'i'.repeat(35), bracket }), 'ID_TOO_LONG');
  assert.equal(code({ clientOrderId: 'i'.repeat(36) }), undefined);
});

test('a quantity is within bounds and in lots', () => {
  const sized = priced();
  const [instrument] = sized.state.instruments.filter((each) => each.id === 'EURUSD.OANDA');
  assert.ok(instrument !== undefined);
  const scene = priced({ instruments: [{ ...instrument, minimumQuantity: 10, maximumQuantity: 1_000, lotSize: 5 }] });
  const codes = [9, 10, 12, 1_000, 1_005].map((quantity) => code({ quantity }, scene));
  assert.deepEqual(codes, ['INVALID_QUANTITY', undefined, 'INVALID_QUANTITY', undefined, 'INVALID_QUANTITY']);
});

test('an order has the price of its type, on a tick, and no other', () => {
  assert.equal(code({ limitPrice: 109_000 }), 'INVALID_PRICE');
  assert.equal(code({ orderType: 'limit' }), 'INVALID_PRICE');
  assert.equal(code({ orderType: 'limit', limitPrice: 109_000, stopPrice: 108_000 }), 'INVALID_PRICE');
  assert.equal(code({ orderType: 'limit', limitPrice: 0 }), 'INVALID_PRICE');
  assert.equal(code({ orderType: 'stop', limitPrice: 109_000 }), 'INVALID_PRICE');
  const scene = priced();
  const coarse = priced({ instruments: scene.state.instruments.map((instrument) => ({ ...instrument, tickSize: 5 })) });
  assert.equal(code({ orderType: 'limit', limitPrice: 109_003 }, coarse), 'INVALID_PRICE');
  assert.equal(code({ orderType: 'limit', limitPrice: 109_005 }, coarse), undefined);
});

test('stop and target lie on their sides of the entry', () => {
  const around = (stopPrice: number | null, targetPrice: number | null): Partial<OrderRequest> => ({
    bracket: { stopPrice, targetPrice },
  });
  assert.equal(code(around(110_000, null)), 'INVALID_BRACKET');
  assert.equal(code(around(109_999, 110_001)), undefined);
  assert.equal(code(around(null, 110_000)), 'INVALID_BRACKET');
  assert.equal(code({ side: 'sell', ...around(110_011, 110_009) }), undefined);
  assert.equal(code({ side: 'sell', ...around(110_010, null) }), 'INVALID_BRACKET');
  assert.equal(code({ orderType: 'limit', limitPrice: 109_000, ...around(109_500, null) }), 'INVALID_BRACKET');
});

test('an expiry belongs to goodTillTime and lies ahead, and a stop does not end at once', () => {
  const limit = { orderType: 'limit', limitPrice: 109_000 } as const;
  assert.equal(code({ ...limit, timeInForce: 'goodTillTime' }), 'INVALID_TIME_IN_FORCE');
  assert.equal(code({ ...limit, expiresAt: noonAt + 1 }), 'INVALID_TIME_IN_FORCE');
  assert.equal(code({ ...limit, timeInForce: 'goodTillTime', expiresAt: noonAt }), 'INVALID_TIME_IN_FORCE');
  assert.equal(code({ orderType: 'stop', stopPrice: 111_000, timeInForce: 'fillOrKill' }), 'INVALID_TIME_IN_FORCE');
});

test('nothing is taken while the market is closed, in its break or before it has a price', () => {
  const scene = priced({ calendar: week });
  const at = (minutes: number): string | undefined => code({}, scene, noonAt + minutes * minuteMs);
  assert.deepEqual(
    [at(-1), at(0), at(9), at(10), at(15), at(100)],
    ['MARKET_HALTED', undefined, undefined, 'MARKET_HALTED', undefined, 'MARKET_HALTED'],
  );
  assert.equal(code({}, openScene()), 'NO_PRICE');
});

test('a profit that could not be turned into account money is not risked', () => {
  const scene = priced();
  showQuote(scene, noonAt, 160_000, { instrument: eurJpy, askPrice: 160_010 });
  assert.equal(code({ instrument: eurJpy }, scene), 'NO_CONVERSION');
  showQuote(scene, noonAt, 150_000, { instrument: 'USDJPY.OANDA', askPrice: 150_010 });
  assert.equal(code({ instrument: eurJpy }, scene), undefined);
});

test('reduce-only needs something to reduce', () => {
  const scene = priced();
  assert.equal(code({ isReduceOnly: true }, scene), 'REDUCE_ONLY');
  submit(scene, {});
  showQuote(scene, noonAt + 1, 110_000);
  assert.equal(code({ clientOrderId: 'x', isReduceOnly: true }, scene), 'REDUCE_ONLY');
  assert.equal(code({ clientOrderId: 'x', isReduceOnly: true, side: 'sell', quantity: 5_000 }, scene), undefined);
});

test('an increase needs margin, and none is taken during a close-out', () => {
  const scene = priced({ startBalance: 22_001_000 });
  assert.equal(code({ quantity: 1_000 }, scene), undefined);
  assert.equal(code({ quantity: 1_001 }, scene), 'INSUFFICIENT_MARGIN');
  scene.state.pendingCloseOuts = 1;
  assert.equal(code({ quantity: 1_000 }, scene), 'CLOSE_OUT');
});

test('no more orders work at once than the bound', () => {
  const scene = priced();
  for (let count = 0; count <= WORKING_ORDERS_MAX; count += 1) {
    submit(scene, { clientOrderId: `n${count}`, orderType: 'limit', limitPrice: 100_000 });
  }
  const events = showTime(scene, noonAt + 1);
  assert.equal(events.filter((event) => event.type === 'order.accepted').length, WORKING_ORDERS_MAX);
  assert.equal(events.at(-1)?.type, 'order.rejected');
});
