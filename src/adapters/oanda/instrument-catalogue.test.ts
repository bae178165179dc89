import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueAnswer } from '#adapters/wire/venue-client.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { listedEuro } from '../../../tests/support/scripted-oanda.ts';
import { InstrumentCatalogue } from './instrument-catalogue.ts';

const yen = { ...listedEuro, name: 'USD_JPY', displayPrecision: 3, pipLocation: -2 };

function scene(...lists: (readonly object[])[]) {
  const clock = new HandClock();
  let asked = 0;
  const rest = {
    instruments: async (): Promise<VenueAnswer> => {
      const instruments = lists[Math.min(asked, lists.length - 1)];
      asked += 1;
      return { type: 'answered', status: 200, headers: {}, body: { instruments } };
    },
  };
  return { clock, catalogue: new InstrumentCatalogue(rest, clock), askedCount: () => asked };
}

test('instruments are found by symbol and by id, and the list is read once for all who wait', async () => {
  const { catalogue, askedCount } = scene([listedEuro, yen, { name: 'broken' }]);
  await Promise.all([catalogue.ready(), catalogue.ready(), catalogue.refresh()]);
  await catalogue.ready();
  assert.equal(askedCount(), 1);
  assert.equal(catalogue.size, 2);
  assert.equal(catalogue.firstSymbol, 'EUR_USD');
  assert.equal(catalogue.bySymbol('USD_JPY')?.id, 'USDJPY.OANDA');
  assert.equal(catalogue.byId('EURUSD.OANDA')?.symbol, 'EUR_USD');
  assert.equal(catalogue.bySymbol('GBP_USD'), undefined);
});

test('a symbol that is not on the list is looked for again, once a minute at most', async () => {
  const { catalogue, clock, askedCount } = scene([listedEuro], [listedEuro, yen]);
  await catalogue.ready();
  assert.equal(await catalogue.look('USD_JPY'), undefined);
  assert.equal(askedCount(), 1);
  await clock.pass(60_000);
  assert.equal((await catalogue.look('USD_JPY'))?.id, 'USDJPY.OANDA');
  await catalogue.look('EUR_USD');
  assert.equal(askedCount(), 2);
});

test('F72: what changes is taken over, but an instrument that is counted in other decimals is not listed any more', async () => {
  const { catalogue } = scene(
    [listedEuro, yen],
    [
      { ...listedEuro, marginRate: '0.10' },
      { ...yen, displayPrecision: 5 },
    ],
  );
  await catalogue.ready();
  await catalogue.refresh();
  assert.equal(catalogue.bySymbol('EUR_USD')?.marginRate, 0.1);
  assert.equal(catalogue.isListed('EURUSD.OANDA'), true);
  assert.equal(catalogue.bySymbol('USD_JPY')?.priceDecimals, 3);
  assert.equal(catalogue.isListed('USDJPY.OANDA'), false);
});

test('a list without a readable instrument is no answer', async () => {
  const { catalogue } = scene([{ name: 'broken' }]);
  await assert.rejects(catalogue.ready(), { kind: 'unreachable', code: 'MALFORMED' });
});
