import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventByType } from '#domain/events.ts';
import { payloadsOf } from '../../../tests/support/bus-fold.ts';
import { euro, fillOf, requestOf, unitMoney, yen } from '../../../tests/support/desk-events.ts';
import { type FoldedDesk, foldedDesk, typesOf } from '../../../tests/support/folded-desk.ts';

type Fill = EventByType['order.filled'];

/** A priced desk whose entry for 1000 euros, stopped at 1.09900, is on its way. */
function sent(): FoldedDesk {
  const desk = foldedDesk();
  desk.fixture.tick();
  desk.minute();
  const order = requestOf({ bracket: { stopPrice: 109_900, targetPrice: 110_150 }, strategy: 'combined' });
  desk.send({ type: 'order.submitted', at: desk.fixture.at, order });
  return desk;
}

function fill(desk: FoldedDesk, changes: Partial<Fill> = {}): ReturnType<FoldedDesk['send']> {
  return desk.send(fillOf(desk.fixture.at, changes));
}

/** What the books of the projection and those of the engine say is held. */
function heldOf({ state, fixture }: FoldedDesk): [number, number | undefined] {
  return [state.trades[euro]?.position.signedQuantity ?? 0, fixture.engine.state.positions[euro]?.signedQuantity];
}

test('the first fill opens a trade with the stop and target of its entry', () => {
  const desk = sent();
  const told = fill(desk, { quantity: 400, fee: 7 * unitMoney, spreadCost: unitMoney / 4 });
  assert.deepEqual(typesOf(told), ['trade.executed', 'trade.opened']);
  assert.deepEqual(payloadsOf(told, 'trade.executed'), [
    {
      symbol: 'EUR_USD',
      side: 'BUY',
      entry_price: 1.1,
      notional: 440,
      leverage: null,
      order_id: 'o1',
      fee: 7,
      slippage_bps: null,
      latency_ms: 0,
      qty: 400,
      purpose: 'entry',
      spread_cost: 0.25,
    },
  ]);
  const [opened] = payloadsOf(told, 'trade.opened');
  assert.match(String(opened?.['trade_id']), /^trade-run-1-[0-9a-z]+-EUR_USD$/);
  assert.partialDeepStrictEqual(opened, {
    symbol: 'EUR_USD',
    side: 'LONG',
    entry_price: 1.1,
    qty: 400,
    notional: 440,
    sl: 1.099,
    tp: [1.1015],
    strategy: 'combined',
  });
  assert.deepEqual(payloadsOf(told, 'position.opened'), [opened]);
});

test('later fills change the trade, and the one that brings it to flat closes it', () => {
  const desk = sent();
  const [opened] = payloadsOf(fill(desk, { quantity: 400 }), 'trade.opened');
  const added = fill(desk, { quantity: 600, price: 110_010, fillId: 'f2', fee: 3 * unitMoney });
  assert.deepEqual(typesOf(added), ['trade.executed', 'trade.updated']);
  const [updated] = payloadsOf(added, 'trade.updated');
  assert.deepEqual([updated?.['qty'], updated?.['entry_price']], [1_000, 1.10006]);
  desk.send({
    type: 'financing.charged',
    at: desk.fixture.at,
    instrument: euro,
    amount: -unitMoney,
    days: 1,
    balance: 1,
  });
  const exit = {
    side: 'sell',
    clientOrderId: 'exit',
    quantity: 1_000,
    price: 110_106,
    realizedPnl: unitMoney,
  } as const;
  const told = fill(desk, { ...exit, fee: unitMoney });
  assert.deepEqual(typesOf(told), ['trade.executed', 'trade.closed']);
  assert.partialDeepStrictEqual(payloadsOf(told, 'trade.closed')[0], {
    trade_id: opened?.['trade_id'],
    side: 'LONG',
    qty: 1_000,
    entry_price: 1.10006,
    exit_price: 1.10106,
    pnl: 1,
    pnl_usd: 1,
    currency: 'USD',
    fees: 4,
    funding: -1,
    exit_reason: 'external',
    strategy: 'combined',
  });
  assert.deepEqual(heldOf(desk), [0, 0]);
});

test('R counts the way in distances to the first stop, the worst and the best of the bars between', () => {
  const desk = sent();
  fill(desk);
  desk.minute({ EUR_USD: 109_960, USD_JPY: 150_000 });
  desk.minute({ EUR_USD: 110_190, USD_JPY: 150_000 });
  const told = fill(desk, { side: 'sell', clientOrderId: 'exit', price: 110_150 });
  const [closed] = payloadsOf(told, 'trade.closed');
  // The bars of the fixture reach ten ticks around their close; the stop is a hundred away.
  assert.deepEqual([closed?.['R'], closed?.['mae_R'], closed?.['mfe_R']], [1.5, -0.5, 2]);
  assert.equal(closed?.['duration_s'], 120);
});

test('a fill through zero closes one trade and opens the other', () => {
  const desk = sent();
  const [opened] = payloadsOf(fill(desk), 'trade.opened');
  const told = fill(desk, { side: 'sell', clientOrderId: 'through', quantity: 1_500, fee: 3 * unitMoney });
  assert.deepEqual(typesOf(told), ['trade.executed', 'trade.closed', 'trade.opened']);
  const [closed] = payloadsOf(told, 'trade.closed');
  const [next] = payloadsOf(told, 'trade.opened');
  assert.deepEqual(
    [closed?.['trade_id'], closed?.['fees'], closed?.['strategy']],
    [opened?.['trade_id'], 2, 'combined'],
  );
  assert.deepEqual([next?.['side'], next?.['qty'], next?.['sl'], next?.['strategy']], ['SHORT', 500, null, 'external']);
  assert.deepEqual(heldOf(desk), [-500, -500]);
});

test('a fill that is told again changes nothing', () => {
  const desk = sent();
  fill(desk, { quantity: 400 });
  assert.deepEqual(fill(desk, { quantity: 400 }), []);
  assert.deepEqual(heldOf(desk), [400, 400]);
});

test('fills that are remembered are bounded', () => {
  const desk = sent();
  for (let count = 0; count < 600; count += 1) desk.tell(fillOf(desk.fixture.at, { fillId: `f${count}`, quantity: 1 }));
  assert.equal(desk.state.seenFills.length, 512);
});

test('the books of the venue end what they do not hold and open what they hold besides', () => {
  const desk = sent();
  fill(desk);
  const report = {
    type: 'venue.reconciled',
    at: desk.fixture.at,
    balance: 1,
    openOrderIds: [],
    differences: [],
  } as const;
  const yens = { instrument: yen, signedQuantity: -2_000, cost: 2_000 * 150_000 };
  const told = desk.send({ ...report, positions: [yens] });
  assert.deepEqual(typesOf(told), ['trade.closed', 'trade.opened']);
  const [closed] = payloadsOf(told, 'trade.closed');
  assert.deepEqual([closed?.['exit_reason'], closed?.['exit_price'], closed?.['pnl']], ['reconciled', null, null]);
  assert.partialDeepStrictEqual(payloadsOf(told, 'trade.opened')[0], {
    symbol: 'USD_JPY',
    side: 'SHORT',
    qty: 2_000,
    entry_price: 150,
    strategy: 'external',
  });
  assert.deepEqual(desk.send({ ...report, positions: [yens] }), []);
  const more = desk.send({ ...report, positions: [{ ...yens, signedQuantity: -3_000, cost: 3_000 * 150_100 }] });
  assert.partialDeepStrictEqual(payloadsOf(more, 'trade.updated')[0], { qty: 3_000, entry_price: 150.1 });
});
