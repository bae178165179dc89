import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOanda, eurUsdId, openOanda } from '../../../tests/support/oanda-scene.ts';

test('prices are told for the instruments asked for, with rates into the currency of the account', async () => {
  const scene = openOanda();
  scene.floor.quote('USDJPY.OANDA', 150_000, 150_010);
  const { body } = await askOanda(
    scene,
    'GET',
    'pricing?instruments=USD_JPY,EUR_USD,USD_JPY&includeHomeConversions=true&',
  );
  assert.deepEqual(
    body.prices.map(({ instrument }: { instrument: string }) => instrument),
    ['USD_JPY', 'EUR_USD'],
  );
  assert.deepEqual(body.prices[0].quoteHomeConversionFactors, {
    positiveUnits: '0.00666644',
    negativeUnits: '0.00666644',
  });
  assert.deepEqual(
    body.homeConversions.map(({ currency, accountGain }: Record<string, string>) => [currency, accountGain]),
    [
      ['USD', '1.00000000'],
      ['JPY', '0.00666644'],
      ['EUR', '1.10005000'],
    ],
  );
  assert.equal(body.time, '2026-01-07T12:00:00.001000000Z');
});

test('only what has changed since an instant is told where that is asked for', async () => {
  const scene = openOanda();
  await scene.clock.pass(10_000);
  scene.floor.quote('USDJPY.OANDA', 150_000, 150_010);
  const path = 'pricing?instruments=EUR_USD,USD_JPY&since=2026-01-07T12:00:05Z';
  assert.equal((await askOanda(scene, 'GET', path)).body.prices.length, 1);
  assert.equal((await askOanda(scene, 'GET', `${path}nonsense`)).status, 400);
});

test('an instrument without a price is left out, one that is none is refused', async () => {
  const scene = openOanda();
  assert.deepEqual((await askOanda(scene, 'GET', 'pricing?instruments=GBP_USD')).body.prices, []);
  assert.equal((await askOanda(scene, 'GET', 'pricing?instruments=ABC_DEF')).status, 400);
  assert.equal((await askOanda(scene, 'GET', 'pricing')).status, 400);
  assert.equal(scene.floor.book(eurUsdId)?.bidPrice, 110_000);
});
