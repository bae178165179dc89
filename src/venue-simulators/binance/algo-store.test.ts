import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinanceScene } from '../../../tests/support/simulated-binance.ts';
import {
  ALGO_ORDERS_MAX,
  type AlgoOrder,
  createAlgoStore,
  findAlgo,
  isAlgoIdTaken,
  keepAlgo,
  openAlgosOf,
} from './algo-store.ts';

const market = new BinanceScene().world().marketBySymbol.get('BTCUSDT');
assert.ok(market !== undefined);

function algo(algoId: bigint, clientAlgoId: string): AlgoOrder {
  assert.ok(market !== undefined);
  return {
    algoId,
    clientAlgoId,
    market,
    side: 'SELL',
    type: 'STOP_MARKET',
    timeInForce: 'GTC',
    workingType: 'CONTRACT_PRICE',
    isReduceOnly: true,
    isClosePosition: false,
    isPriceProtected: false,
    goodTillAt: 0,
    createdAt: 0,
    quantity: 10,
    price: 0,
    triggerPrice: 4_900_000,
    activatePrice: 0,
    callbackFraction: 0,
    status: 'NEW',
    updatedAt: 0,
    triggeredAt: 0,
    childOrderId: null,
    bestPrice: 0,
    hiddenUntilAt: 0,
    rejectReason: '',
  };
}

test('a client id is taken while its order waits, and names the latest order afterwards', () => {
  const store = createAlgoStore();
  keepAlgo(store, algo(1n, 'a'));
  assert.equal(isAlgoIdTaken(store, 'a'), true);
  store.open.delete(1n);
  assert.equal(isAlgoIdTaken(store, 'a'), false);
  keepAlgo(store, algo(2n, 'a'));
  assert.equal(findAlgo(store, { algoId: undefined, clientAlgoId: 'a' })?.algoId, 2n);
  assert.equal(findAlgo(store, { algoId: '1', clientAlgoId: undefined })?.algoId, 1n);
  assert.equal(openAlgosOf(store, market).length, 1);
});

test('the oldest ended order is forgotten when there are too many, an open one never', () => {
  const store = createAlgoStore();
  keepAlgo(store, algo(0n, 'open'));
  for (let id = 1; id <= ALGO_ORDERS_MAX; id += 1) {
    keepAlgo(store, algo(BigInt(id), `c${id}`));
    store.open.delete(BigInt(id));
  }
  assert.equal(store.byId.size, ALGO_ORDERS_MAX);
  assert.equal(store.byId.has(0n), true);
  assert.equal(store.byId.has(1n), false);
});
