import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderFinding } from '#engine/live-port.ts';
import { ok, type ScriptedOanda, scriptOanda, settle } from '../../../tests/support/scripted-oanda.ts';

const time = '2026-01-05T12:00:12.000000000Z';
const venueAt = Date.UTC(2026, 0, 5, 12, 0, 12);
const create = {
  id: '101',
  type: 'MARKET_ORDER',
  time,
  instrument: 'EUR_USD',
  units: '100',
  clientExtensions: { id: 'tw-run-1' },
};
const fill = {
  id: '102',
  type: 'ORDER_FILL',
  time,
  orderID: '101',
  instrument: 'EUR_USD',
  units: '100',
  price: '1.10005',
  accountBalance: '1000.0000',
};
const other = { ...fill, id: '103', orderID: '50' };

function find(script: ScriptedOanda, clientOrderId = 'tw-run-1'): Promise<OrderFinding> {
  return settle(script.clock, script.venue.findOrder(clientOrderId, 'EURUSD.OANDA'));
}

function searched(...transactions: Record<string, unknown>[]): ScriptedOanda {
  const script = scriptOanda();
  script.transactions.push(...transactions);
  const page = 'https://x.test/v3/accounts/y/transactions/idrange?from=1&to=1000';
  script.on(/^GET transactions\?/, () => ok({ pages: [page], lastTransactionID: '103' }));
  return script;
}

test('F01: an order that filled at once is found in the history of the day, though not in the list of orders', async () => {
  const finding = await find(searched(create, fill, other));
  assert.ok(finding.type === 'found');
  assert.equal(finding.isWorking, false);
  assert.deepEqual(
    finding.events.map((event) => [event.type, event.type === 'order.filled' ? event.fillId : '']),
    [
      ['order.accepted', ''],
      ['order.filled', '102'],
    ],
  );
});

test('an order that was sent from here is looked for from then on', async () => {
  const script = scriptOanda();
  await script.open();
  script.on(/^POST orders$/, () => 'reset');
  const order = {
    clientOrderId: 'tw-run-1',
    instrument: 'EURUSD.OANDA',
    side: 'buy',
    quantity: 100,
    orderType: 'market',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'fillOrKill',
    expiresAt: null,
    isReduceOnly: false,
    purpose: 'entry',
    bracket: null,
    strategy: '',
    reason: '',
  } as const;
  script.venue.send({ type: 'order.submitted', at: script.clock.now(), order });
  await script.pass(1_000);
  script.transactions.push(create, fill);
  const finding = await find(script);
  assert.equal(finding.type === 'found' && finding.events.length, 2);
  assert.deepEqual(script.asked.slice(-2), ['GET orders/@tw-run-1', 'GET transactions/sinceid?id=100']);
});

test('an order that waits is found as it stands, a child with its parent', async () => {
  const script = scriptOanda();
  const order = { id: '95', type: 'STOP_LOSS', state: 'PENDING', tradeID: '90', price: '1.09000', createTime: time };
  script.on(/^GET orders\//, () => ok({ order: { ...order, clientExtensions: { id: 'tw-run-1-s' } } }));
  script.on(/^GET trades\/90/, () =>
    ok({ trade: { id: '90', instrument: 'EUR_USD', currentUnits: '40', clientExtensions: { id: 'tw-run-1' } } }),
  );
  assert.deepEqual(await find(script, 'tw-run-1-s'), {
    type: 'found',
    isWorking: true,
    events: [
      {
        type: 'order.accepted',
        clientOrderId: 'tw-run-1-s',
        venueOrderId: '95',
        venueAt,
        child: {
          parentOrderId: 'tw-run-1',
          instrument: 'EURUSD.OANDA',
          side: 'sell',
          quantity: 40,
          purpose: 'stopLoss',
          stopPrice: 109_000,
          limitPrice: null,
        },
      },
    ],
  });
});

test('an order that ended is read from its own transaction on', async () => {
  const script = searched(create, fill);
  script.on(/^GET orders\//, () => ok({ order: { id: '101', type: 'MARKET', state: 'FILLED' } }));
  const finding = await find(script);
  assert.equal(finding.type, 'found');
  assert.ok(script.asked.includes('GET transactions/sinceid?id=100'));
});

test('a refused order is found as refused', async () => {
  const reject = { ...create, type: 'MARKET_ORDER_REJECT', rejectReason: 'UNITS_INVALID' };
  const finding = await find(searched(reject));
  assert.deepEqual(finding.type === 'found' && finding.events, [
    { type: 'order.rejected', clientOrderId: 'tw-run-1', code: 'UNITS_INVALID', reason: 'MARKET_ORDER_REJECT' },
  ]);
});

test('an order of another hand is asked for by the id of the venue', async () => {
  const script = searched({ ...create, clientExtensions: undefined }, fill);
  script.on(/^GET orders\/101$/, () => ok({ order: { id: '101', type: 'MARKET', state: 'FILLED' } }));
  const finding = await find(script, 'external-101');
  assert.deepEqual(finding.type === 'found' && finding.events.map(({ type }) => type), ['order.filled']);
});

test('F07: an order that is neither in the list nor in history is absent, and no answer is not absence', async () => {
  assert.deepEqual(await find(searched(other)), { type: 'absent' });
  for (const [pattern, answer] of [
    [/^GET orders\//, 'reset'],
    [/^GET orders\//, ok({}, 401)],
    [/sinceid/, ok({}, 500)],
    [/^GET transactions\?/, ok({ pages: ['?'], lastTransactionID: '1' })],
    [/^GET instruments/, 'reset'],
  ] as const) {
    const script = searched(create, fill);
    script.on(pattern, () => answer);
    assert.equal((await find(script)).type, 'unknown', String(pattern));
  }
});
