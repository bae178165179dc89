import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { bitcoinSymbol } from '../../../tests/support/scripted-binance.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { Impairments } from './impairments.ts';
import { MarketTable } from './market-table.ts';

async function scene() {
  const rest = restScene();
  const inputs: VenueInput[] = [];
  const tell = (input: VenueInput): void => void inputs.push(input);
  const table = new MarketTable({ ...rest, leverage: 5, impairments: new Impairments(tell), tell });
  await rest.settled(table.refresh());
  const instrument = table.markets.get('BTCUSDT')?.instrument;
  if (instrument === undefined) throw new Error('no bitcoin');
  table.follow([instrument]);
  const list = (symbols: readonly unknown[]) =>
    rest.server.on('GET /fapi/v1/exchangeInfo', () => ({ body: { symbols } }));
  const refresh = () => rest.settled(table.refresh());
  return { ...rest, table, inputs, instrument, list, refresh };
}

const coarser = { filterType: 'PRICE_FILTER', minPrice: '1', maxPrice: '1000000', tickSize: '1' };
const finer = { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' };
const withPrice = (price: unknown) => ({ ...bitcoinSymbol, filters: [price, ...bitcoinSymbol.filters.slice(1)] });

test('a symbol that cannot be read hides no other', async () => {
  const { table, list, refresh } = await scene();
  list([{ odd: true }, null, bitcoinSymbol]);
  await refresh();
  assert.equal(table.markets.get('BTCUSDT')?.isTrading, true);
});

test('nothing is told while nothing changes', async () => {
  const { inputs, refresh } = await scene();
  await refresh();
  assert.deepEqual(inputs, []);
});

test('another tick is told in the decimals that the instrument has (F72)', async () => {
  const { inputs, list, refresh, instrument } = await scene();
  list([withPrice(coarser)]);
  await refresh();
  assert.deepEqual(inputs, [
    {
      type: 'instrument.changed',
      instrument: { ...instrument, tickSize: 10 },
      isTrading: true,
      reason: 'the filters of the venue changed',
    },
  ]);
});

test('a tick finer than the decimals of the instrument stops its trading', async () => {
  const { inputs, list, refresh, table } = await scene();
  list([withPrice(finer)]);
  await refresh();
  assert.deepEqual(
    inputs.map(({ type }) => type),
    ['instrument.changed', 'venue.impaired'],
  );
  assert.equal(table.markets.get('BTCUSDT')?.isTrading, false);
});

test('a market that halts is impaired, and restored when it trades again (F71)', async () => {
  const { inputs, list, refresh } = await scene();
  list([{ ...bitcoinSymbol, status: 'SETTLING' }]);
  await refresh();
  list([bitcoinSymbol]);
  await refresh();
  assert.deepEqual(
    inputs.map((input) => [input.type, 'isTrading' in input ? input.isTrading : 'part' in input ? input.part : '']),
    [
      ['instrument.changed', false],
      ['venue.impaired', 'market'],
      ['instrument.changed', true],
      ['venue.restored', 'market'],
    ],
  );
});

test('a market that is not listed any more is not traded', async () => {
  const { inputs, list, refresh } = await scene();
  list([]);
  await refresh();
  assert.deepEqual(
    inputs.map(({ type }) => type),
    ['instrument.changed', 'venue.impaired'],
  );
});

test('the leverage that is really set makes the margin rate, and stays with it (F61, F63)', async () => {
  const { inputs, table, server, settled, refresh, instrument } = await scene();
  server.on('GET /fapi/v1/symbolConfig', () => ({
    body: [{ symbol: 'BTCUSDT', marginType: 'isolated', leverage: 20 }],
  }));
  await settled(table.readConfig('BTCUSDT'));
  await refresh();
  assert.deepEqual(inputs, [
    {
      type: 'instrument.changed',
      instrument: { ...instrument, marginRate: 0.05 },
      isTrading: true,
      reason: "the leverage is '20'",
    },
  ]);
  server.on('GET /fapi/v1/symbolConfig', () => ({ body: [] }));
  await assert.rejects(settled(table.readConfig('BTCUSDT')), { code: 'UNREADABLE' });
});

test('a copy that has grown old is told anew when it is followed', async () => {
  const { inputs, table, instrument } = await scene();
  table.follow([{ ...instrument, marginRate: 1 }]);
  assert.deepEqual(
    inputs.map(({ type }) => type),
    ['instrument.changed'],
  );
});

test('several that ask at once share one answer', async () => {
  const { table, server, settled } = await scene();
  const before = server.asked.length;
  await settled(Promise.all([table.refresh(), table.refresh()]));
  assert.equal(server.asked.length, before + 1);
});
