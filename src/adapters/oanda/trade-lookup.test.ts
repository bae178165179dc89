import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, scriptOanda } from '../../../tests/support/scripted-oanda.ts';

const time = '2026-01-05T12:00:12.000000000Z';
const stop = { id: '101', type: 'STOP_LOSS_ORDER', time, tradeID: '90', price: '1.20000' };

test('a trade that is closed by now had its size when its stop was made', async () => {
  const script = scriptOanda();
  await script.open();
  script.on(/^GET trades\/90$/, () =>
    ok({ trade: { id: '90', instrument: 'EUR_USD', currentUnits: '0', initialUnits: '-70' } }),
  );
  script.stream('transactions').say(stop);
  await script.pass(10);
  const [adopted] = script.ofType('order.adopted');
  assert.equal(adopted?.order.quantity, 70);
  assert.equal(adopted?.order.clientOrderId, 'external-101');
});

test('where the trade cannot be asked for, its stop is put aside and what follows is read', async () => {
  const script = scriptOanda();
  await script.open();
  script.stream('transactions').say(stop);
  script.stream('transactions').say({ id: '102', type: 'TRANSFER_FUNDS', time, amount: '1', accountBalance: '1001' });
  await script.pass(10);
  assert.equal(script.ofType('message.quarantined')[0]?.reason, 'BAD_ORDER');
  assert.equal(script.ofType('balance.changed').length, 1);
  assert.ok(script.notices.some((text) => text.startsWith("'90' is referred to")));
});

test('an instrument that came new to the account is read with its own decimals', async () => {
  const script = scriptOanda();
  await script.open();
  await script.clock.pass(61_000);
  const yen = {
    name: 'USD_JPY',
    displayPrecision: 3,
    pipLocation: -2,
    tradeUnitsPrecision: 0,
    minimumTradeSize: '1',
    maximumOrderUnits: '1000',
    marginRate: '0.04',
  };
  script.on(/^GET instruments$/, () => ok({ instruments: [yen] }));
  const fill = { orderID: '100', instrument: 'USD_JPY', units: '-5', price: '150.123', accountBalance: '1000' };
  script.stream('transactions').say({ id: '101', type: 'ORDER_FILL', time, ...fill });
  await script.pass(10);
  assert.equal(script.ofType('order.filled')[0]?.price, 150_123);
});
