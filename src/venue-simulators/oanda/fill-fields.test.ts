import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, openOanda } from '../../../tests/support/oanda-scene.ts';

test('a fill tells its price in all the ways that the venue does', async () => {
  const scene = openOanda();
  const order = { type: 'MARKET', instrument: 'EUR_USD', units: '300', clientExtensions: { id: 'mine' } };
  const { orderFillTransaction: fill } = (await askOanda(scene, 'POST', 'orders', { order })).body;
  assert.deepEqual(
    [fill.price, fill.fullVWAP, fill.tradeOpened.price, fill.clientOrderID],
    ['1.10010', '1.10010', '1.10010', 'mine'],
  );
  assert.deepEqual([fill.halfSpreadCost, fill.tradeOpened.halfSpreadCost], ['0.0150', '0.0150']);
  assert.equal('tradesClosed' in fill, false);
});

test('parts of a fill share its profit and its cost', async () => {
  const scene = openOanda();
  const order = { type: 'MARKET', instrument: 'EUR_USD', units: '100' };
  await askOanda(scene, 'POST', 'orders', { order });
  await askOanda(scene, 'POST', 'orders', { order });
  const { orderFillTransaction: fill } = (
    await askOanda(scene, 'POST', 'orders', { order: { ...order, units: '-300' } })
  ).body;
  assert.deepEqual(
    fill.tradesClosed.map(({ units, realizedPL, halfSpreadCost }: Record<string, string>) => [
      units,
      realizedPL,
      halfSpreadCost,
    ]),
    [
      ['-100', '-0.0100', '0.0050'],
      ['-100', '-0.0100', '0.0050'],
    ],
  );
  assert.deepEqual([fill.pl, fill.tradeOpened.units, fill.tradeOpened.halfSpreadCost], ['-0.0200', '-100', '0.0050']);
  assert.equal('tradeReduced' in fill, false);
});
