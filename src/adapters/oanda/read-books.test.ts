import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, scriptOanda, settle } from '../../../tests/support/scripted-oanda.ts';

const time = '2026-01-05T12:00:12.000000000Z';

test('the report is one answer with the id of its last transaction', async () => {
  const script = scriptOanda();
  const report = await settle(script.clock, script.venue.report());
  assert.deepEqual(report, { balance: 1_000_000_000, positions: [], openOrders: [], cursor: '100' });
  assert.deepEqual(script.asked, ['GET instruments', 'GET ']);
});

test('F70: an account that cannot be read whole is no report', async () => {
  const script = scriptOanda();
  script.on(/^GET $/, () => ok({ account: { id: 'x' }, lastTransactionID: '5' }));
  await assert.rejects(settle(script.clock, script.venue.report()), { kind: 'unreachable', code: 'MALFORMED' });
  script.on(/^GET $/, () => 'reset');
  await assert.rejects(settle(script.clock, script.venue.report()), { kind: 'unreachable', code: 'NO_ANSWER' });
});

test('an order whose id another hand took off is reported by the one it had', async () => {
  const script = scriptOanda();
  script.account['trades'] = [{ id: '90', instrument: 'EUR_USD', currentUnits: '5' }];
  const stop = { id: '95', type: 'STOP_LOSS', tradeID: '90', price: '1.1', clientExtensions: { id: 'tw-run-1-s' } };
  script.account['orders'] = [stop];
  await settle(script.clock, script.venue.report());
  await script.open();
  const bare = { ...stop, id: '102', clientExtensions: undefined };
  script.stream('transactions').say({ ...bare, type: 'STOP_LOSS_ORDER', time, replacesOrderID: '95' });
  await script.pass(10);
  script.account['orders'] = [bare];
  const { openOrders } = await settle(script.clock, script.venue.report());
  assert.deepEqual(
    openOrders.map(({ clientOrderId, venueOrderId }) => [clientOrderId, venueOrderId]),
    [['tw-run-1-s', '102']],
  );
});

test('F90: history is the same whenever it is read, and is not told to the listener', async () => {
  const script = scriptOanda();
  await script.open();
  const transfer = { type: 'TRANSFER_FUNDS', time, amount: '1.0000', accountBalance: '1001.0000' };
  const history = [{ ...transfer, id: '101' }, { ...transfer, id: '101' }, { id: 5 }, { ...transfer, id: '99' }];
  script.on(/sinceid/, () => ok({ transactions: history, lastTransactionID: '101' }));
  const [first, second] = [
    await settle(script.clock, script.venue.catchUp('100')),
    await settle(script.clock, script.venue.catchUp('100')),
  ];
  assert.deepEqual(first, second);
  assert.equal(first.cursor, '101');
  assert.deepEqual(
    first.events.map(({ type }) => type),
    ['message.quarantined', 'balance.changed'],
  );
  assert.equal(script.ofType('balance.changed').length, 0);
});

test('a cursor that is none, or that the venue does not know, is refused', async () => {
  const script = scriptOanda();
  await assert.rejects(settle(script.clock, script.venue.catchUp('')), { kind: 'refused', code: 'BAD_CURSOR' });
  script.on(/sinceid/, () => ok({ errorMessage: 'out of range' }, 416));
  await assert.rejects(settle(script.clock, script.venue.catchUp('999')), { kind: 'refused', code: 'HTTP_416' });
});
