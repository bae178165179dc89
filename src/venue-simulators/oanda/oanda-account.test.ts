import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  askOanda,
  eurUsdId,
  type OandaAnswer,
  type OandaScene,
  openOanda,
} from '../../../tests/support/oanda-scene.ts';

async function order(scene: OandaScene, fields: Record<string, unknown>): Promise<OandaAnswer['body']> {
  const { body } = await askOanda(scene, 'POST', 'orders', {
    order: { type: 'MARKET', instrument: 'EUR_USD', ...fields },
  });
  return body;
}

async function since(scene: OandaScene, id: string): Promise<OandaAnswer['body'][]> {
  return (await askOanda(scene, 'GET', `transactions/sinceid?id=${id}`)).body.transactions;
}

const bracket = { stopLossOnFill: { price: '1.09500' }, takeProfitOnFill: { price: '1.10500' } };

test('a stop that is touched closes its trade, and its target goes with it', async () => {
  const scene = openOanda();
  await order(scene, { units: '100', ...bracket, tradeClientExtensions: { id: 'trade-1' } });
  scene.floor.quote(eurUsdId, 109_500, 109_510);
  const [fill, cancel, ...none] = await since(scene, '6');
  assert.deepEqual(none, []);
  assert.deepEqual(
    [fill.type, fill.orderID, fill.reason, fill.pl, fill.price, fill.batchID],
    ['ORDER_FILL', '6', 'STOP_LOSS_ORDER', '-0.5100', '1.09500', '7'],
  );
  assert.deepEqual(fill.tradesClosed, [
    {
      tradeID: '4',
      clientTradeID: 'trade-1',
      units: '-100',
      price: '1.09500',
      realizedPL: '-0.5100',
      financing: '0.0000',
      halfSpreadCost: '0.0050',
    },
  ]);
  assert.deepEqual(
    [cancel.type, cancel.orderID, cancel.reason, cancel.batchID],
    ['ORDER_CANCEL', '5', 'LINKED_TRADE_CLOSED', '7'],
  );
  assert.deepEqual(scene.floor.ledger(), { balance: 999_994_900, positions: [], openOrders: [] });
});

test('a sale closes the oldest trade first, and what protects a trade shrinks with it', async () => {
  const scene = openOanda();
  await order(scene, { units: '100', ...bracket });
  await order(scene, { units: '100', stopLossOnFill: { distance: '0.01' } });
  assert.deepEqual(
    scene.floor.ledger().openOrders.map((each) => each.stopPrice ?? each.limitPrice),
    [110_500, 109_500, 109_010],
  );
  const sold = await order(scene, { units: '-140' });
  const fill = sold.orderFillTransaction;
  assert.deepEqual(
    fill.tradesClosed.map(({ tradeID }: { tradeID: string }) => tradeID),
    ['4'],
  );
  assert.deepEqual([fill.tradeReduced.tradeID, fill.tradeReduced.units], ['8', '-40']);
  const open = scene.floor.ledger().openOrders;
  assert.deepEqual(
    open.map(({ stopPrice, remainingQuantity }) => [stopPrice, remainingQuantity]),
    [[109_010, 60]],
  );
});

test('a trade that is named is closed, and not the oldest', async () => {
  const scene = openOanda();
  await order(scene, { units: '100', ...bracket });
  await order(scene, { units: '100', ...bracket });
  await askOanda(scene, 'PUT', 'trades/8/close', { units: 'ALL' });
  const trades = (await askOanda(scene, 'GET', 'openTrades')).body.trades;
  assert.deepEqual(
    trades.map(({ id }: { id: string }) => id),
    ['4'],
  );
  assert.deepEqual(
    scene.floor.ledger().openOrders.map(({ remainingQuantity }) => remainingQuantity),
    [100, 100],
  );
});

test('one order may turn a position around', async () => {
  const scene = openOanda();
  await order(scene, { units: '100' });
  const turned = await order(scene, { units: '-250', stopLossOnFill: { price: '1.11000' } });
  const fill = turned.orderFillTransaction;
  assert.deepEqual([fill.tradesClosed[0].units, fill.tradeOpened.units], ['-100', '-150']);
  const { positions, openOrders } = scene.floor.ledger();
  assert.equal(positions[0]?.signedQuantity, -150);
  assert.deepEqual(
    openOrders.map(({ side, remainingQuantity }) => [side, remainingQuantity]),
    [['buy', 150]],
  );
});

test('an order expires at its time without anybody asking', async () => {
  const scene = openOanda();
  const gtdTime = new Date(scene.clock.now() + 60_000).toISOString();
  await order(scene, { type: 'LIMIT', units: '100', price: '1.09', timeInForce: 'GTD', gtdTime });
  await scene.clock.pass(61_000);
  const [cancel] = await since(scene, '3');
  assert.deepEqual([cancel.reason, cancel.orderID], ['TIME_IN_FORCE_EXPIRED', '3']);
});

test('financing of all positions is one transaction a day', async () => {
  const scene = openOanda({
    venue: {
      costs: {
        instruments: {},
        otherwise: { spreadPips: [1], slippagePips: 0, commissionPerMillion: 0 },
        financingRates: {},
        financingMarkup: 0.025,
        latencyMs: 0,
        closeOutFraction: 0.5,
      },
    },
  });
  scene.floor.quote('GBPUSD.OANDA', 127_000, 127_010);
  await order(scene, { units: '10000' });
  await order(scene, { units: '5000', instrument: 'GBP_USD' });
  await order(scene, { units: '10000' });
  await scene.clock.pass(9 * 3_600_000 + 1_000);
  const [daily, ...none] = await since(scene, '8');
  assert.deepEqual(none, []);
  assert.equal(daily.type, 'DAILY_FINANCING');
  const parts = daily.positionFinancings as {
    instrument: string;
    financing: string;
    openTradeFinancings: unknown[];
  }[];
  assert.deepEqual(
    parts.map(({ instrument, financing, openTradeFinancings }) => [instrument, financing, openTradeFinancings.length]),
    [
      ['EUR_USD', '-1.5070', 2],
      ['GBP_USD', '-0.4350', 1],
    ],
  );
  assert.equal(daily.financing, '-1.9420');
  assert.equal(daily.accountBalance, '99998.0580');
  assert.equal((await askOanda(scene, 'GET', 'summary')).body.account.financing, '-1.9420');
});

test('an account whose equity is gone is closed out by the venue', async () => {
  const scene = openOanda();
  await order(scene, { units: '4000000', stopLossOnFill: { price: '1.00000' } });
  scene.floor.quote(eurUsdId, 108_500, 108_510);
  scene.floor.quote(eurUsdId, 108_490, 108_500);
  const told = (await since(scene, '5')).map((each) => [each.type, each.reason]);
  assert.deepEqual(told, [
    ['ORDER_CANCEL', 'INSUFFICIENT_MARGIN'],
    ['MARKET_ORDER', 'MARGIN_CLOSEOUT'],
    ['ORDER_FILL', 'MARKET_ORDER_MARGIN_CLOSEOUT'],
  ]);
  assert.deepEqual(scene.floor.ledger().positions, []);
});

test('the history begins with the account and its money', async () => {
  const scene = openOanda();
  const first = (await askOanda(scene, 'GET', 'transactions/idrange?from=1&to=2')).body.transactions;
  assert.deepEqual(
    first.map(({ type }: { type: string }) => type),
    ['CREATE', 'TRANSFER_FUNDS'],
  );
  assert.equal(first[1].amount, '100000.0000');
});

test('the balance is the sum of everything that was told', async () => {
  const scene = openOanda();
  await order(scene, { units: '1000', ...bracket });
  await order(scene, { units: '500' });
  scene.floor.quote(eurUsdId, 110_200, 110_210);
  await order(scene, { units: '-1200' });
  scene.server.act('transfer', { amount: '-25.5' });
  scene.server.act('financing', { instrument: 'EUR_USD', amount: '-0.1234' });
  await askOanda(scene, 'PUT', 'positions/EUR_USD/close', { longUnits: 'ALL' });
  const all = await since(scene, '1');
  const total = all.reduce((sum, each) => {
    const parts = [each.amount, each.pl, each.financing].map((text) => Math.round(Number(text ?? 0) * 10_000));
    return sum + parts.reduce((left, right) => left + right, 0);
  }, 0);
  const { balance, positions, openOrders } = scene.floor.ledger();
  assert.equal(total, balance);
  assert.deepEqual([positions, openOrders], [[], []]);
  assert.equal((await askOanda(scene, 'GET', 'summary')).body.account.balance, (balance / 10_000).toFixed(4));
});
