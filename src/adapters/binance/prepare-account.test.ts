import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitcoin } from '../../../tests/support/binance-adapter-scene.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { Impairments } from './impairments.ts';
import { MarketTable } from './market-table.ts';
import { marginTypeOf, prepareAccount } from './prepare-account.ts';

function scene(config = { marginType: 'cross', leverage: 20 }) {
  const rest = restScene();
  const account = { ...config };
  rest.server.on('GET /fapi/v1/symbolConfig', () => ({ body: [{ symbol: 'BTCUSDT', ...account }] }));
  rest.server.on('POST /fapi/v1/leverage', (query) => {
    account.leverage = Number(query.get('leverage'));
    return { body: { leverage: account.leverage, maxNotionalValue: '1000000', symbol: 'BTCUSDT' } };
  });
  rest.server.on('POST /fapi/v1/marginType', (query) => {
    account.marginType = query.get('marginType') ?? '';
    return { body: { code: 200, msg: 'success' } };
  });
  const table = new MarketTable({
    ...rest,
    leverage: 5,
    impairments: new Impairments(() => undefined),
    tell: () => undefined,
  });
  const prepare = () =>
    rest.settled(prepareAccount([bitcoin.instrument], { rest: rest.rest, table, leverage: 5, marginType: 'ISOLATED' }));
  return { ...rest, account, prepare };
}

test('what is not as wanted is set and read back (F61)', async () => {
  const desk = scene();
  await desk.prepare();
  assert.deepEqual(desk.account, { marginType: 'ISOLATED', leverage: 5 });
  assert.equal(desk.server.asked.at(-1)?.key, 'GET /fapi/v1/symbolConfig');
});

test('what is set already is left alone', async () => {
  const desk = scene({ marginType: 'isolated', leverage: 5 });
  await desk.prepare();
  assert.equal(
    desk.server.asked.some(({ key }) => key.startsWith('POST')),
    false,
  );
});

test('"no need to change" is success (F60)', async () => {
  const desk = scene({ marginType: 'CROSSED', leverage: 5 });
  desk.server.on('POST /fapi/v1/marginType', () => {
    desk.account.marginType = 'ISOLATED';
    return { status: 400, body: { code: -4046, msg: 'No need to change margin type.' } };
  });
  await desk.prepare();
});

test('leverage that the venue refuses, or takes and does not set, stops the start (F61)', async () => {
  const refused = scene();
  refused.server.refuse(
    'POST /fapi/v1/leverage',
    -4161,
    'Leverage reduction is not supported in Isolated Margin Mode with open positions.',
  );
  await assert.rejects(refused.prepare(), { kind: 'refused', code: '-4161' });
  const ignored = scene();
  ignored.server.on('POST /fapi/v1/leverage', () => ({ body: {} }));
  await assert.rejects(ignored.prepare(), { code: 'NOT_PREPARED' });
});

test('an answer that got lost is read back', async () => {
  const desk = scene({ marginType: 'ISOLATED', leverage: 20 });
  desk.server.on('POST /fapi/v1/leverage', () => {
    desk.account.leverage = 5;
    return 'reset';
  });
  await desk.prepare();
  assert.equal(desk.server.askedOf('POST /fapi/v1/leverage').length, 1);
});

test('four spellings are two margin types', () => {
  assert.deepEqual(['isolated', 'ISOLATED', 'cross', 'CROSSED'].map(marginTypeOf), [
    'ISOLATED',
    'ISOLATED',
    'CROSSED',
    'CROSSED',
  ]);
});

test('a margin type that open orders or positions keep as it is waits, and is named (F62)', async () => {
  for (const code of [-4047, -4048]) {
    const desk = scene({ marginType: 'CROSSED', leverage: 5 });
    desk.server.refuse('POST /fapi/v1/marginType', code, 'Margin type cannot be changed.');
    const waiting = await desk.prepare();
    assert.deepEqual(
      waiting.map(({ instrument }) => instrument.id),
      ['BTCUSDT-PERP.BINANCE'],
    );
  }
});
