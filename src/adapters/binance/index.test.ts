import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VenueError } from '#domain/venue-error.ts';
import { orderRequest } from '../../../tests/support/binance-adapter-scene.ts';
import {
  accountUpdate,
  bitcoinSymbol,
  orderRow,
  submit,
  tradeUpdate,
} from '../../../tests/support/scripted-binance.ts';
import {
  canaryKey,
  canarySecret,
  openedDesk,
  passLively,
  scriptedDesk,
} from '../../../tests/support/scripted-binance-desk.ts';
import { openBinance } from './index.ts';

test('nothing is told from inside a call, and the account is held until it has been read', async () => {
  const { inputs, told, venue } = await openedDesk();
  assert.deepEqual(inputs[0], {
    type: 'venue.impaired',
    part: 'account',
    instrument: null,
    reason: 'the account stream is not open yet',
  });
  assert.deepEqual(told('venue.restored'), [{ type: 'venue.restored', part: 'account', instrument: null }]);
  assert.equal(told('quote.updated').length, 1);
  assert.equal(told('mark.updated')[0]?.markPrice, 500_000);
  await venue.close();
});

test('an order goes from its command to its fill, the price from the stream and never from the acknowledgement (F87)', async () => {
  const { clock, server, venue, told } = await openedDesk();
  server.on('POST /fapi/v1/order', () => ({ body: orderRow({ status: 'FILLED', executedQty: '0.010' }) }));
  venue.send(submit(orderRequest(), clock.now()));
  assert.equal(told('order.accepted').length, 0);
  await clock.pass(10);
  assert.equal(told('order.accepted')[0]?.venueOrderId, '22542179');
  assert.equal(told('order.filled').length, 0);
  const at = clock.now() + 100;
  server.carry(
    '/private/',
    accountUpdate('ORDER', { wb: '999.80000000' }, [{ s: 'BTCUSDT', pa: '0.010', ps: 'BOTH' }], at),
  );
  server.carry('/private/', tradeUpdate({}, at));
  const [fill] = told('order.filled');
  assert.deepEqual([fill?.price, fill?.fee, fill?.balance], [500_000, 20_000_000, 99_980_000_000]);
  await venue.close();
});

test('after five minutes of a lively market nothing is impaired and nothing quarantined', async () => {
  const desk = await openedDesk();
  await passLively(desk, 300);
  const open = desk.told('venue.impaired').length - desk.told('venue.restored').length;
  assert.equal(open, 0);
  assert.deepEqual(desk.told('message.quarantined'), []);
  await desk.venue.close();
});

test('no secret is in anything that is told, noticed or thrown (F107)', async () => {
  const desk = await openedDesk();
  const { server, clock, venue } = desk;
  server.refuse('POST /fapi/v1/order', -1022, `Signature for this request is not valid: signature=${canarySecret}`);
  venue.send(submit(orderRequest(), clock.now()));
  server.carry('/private/', { e: 'SOMETHING', listenKey: 'key-1', token: canaryKey });
  server.on('GET /fapi/v3/balance', () => 'reset');
  await clock.pass(100);
  const thrown = venue.report().catch((error: unknown) => error);
  await clock.pass(60_000);
  const text = JSON.stringify([desk.inputs, desk.notices, String(await thrown)]);
  assert.ok(!text.includes('CANARY'), text);
  for (const { url } of server.asked) assert.ok(!url.includes(canarySecret) && !url.includes(canaryKey));
  await venue.close();
});

test('a question without an answer rejects, it is never an empty answer', async () => {
  const { server, clock, venue } = scriptedDesk();
  server.on('GET /fapi/v3/positionRisk', () => ({ text: '<html>', status: 200 }));
  const report = assert.rejects(venue.report(), VenueError);
  await clock.pass(0);
  await clock.pass(60_000);
  await report;
  await venue.close();
});

test('an instrument that is not listed, or counts in another currency than the account, is refused (F69)', async () => {
  const { venue, server } = scriptedDesk();
  const symbols = [bitcoinSymbol, { ...bitcoinSymbol, symbol: 'BTCUSDC', quoteAsset: 'USDC', marginAsset: 'USDC' }];
  server.on('GET /fapi/v1/exchangeInfo', () => ({ body: { symbols } }));
  await assert.rejects(venue.instruments(['BTCUSDC']), { kind: 'refused', code: 'UNKNOWN_INSTRUMENT' });
  await assert.rejects(venue.instruments(['NOPEUSDT']), { kind: 'refused', code: 'UNKNOWN_INSTRUMENT' });
  await venue.close();
});

test('the dead man is told for the symbols whose ordinary orders work, and switched off for those', async () => {
  const { clock, server, venue } = await openedDesk();
  server.on('POST /fapi/v1/countdownCancelAll', () => ({ body: { symbol: 'BTCUSDT', countdownTime: '120000' } }));
  await venue.renewDeadMan(120_000);
  assert.equal(server.askedOf('POST /fapi/v1/countdownCancelAll').length, 0);
  server.on('POST /fapi/v1/order', () => ({ body: orderRow({ type: 'LIMIT', price: '49000.0' }) }));
  venue.send(
    submit(orderRequest({ orderType: 'limit', limitPrice: 490_000, timeInForce: 'goodTillCancel' }), clock.now()),
  );
  await clock.pass(10);
  await venue.renewDeadMan(120_000);
  await venue.renewDeadMan(0);
  const asked = server.askedOf('POST /fapi/v1/countdownCancelAll');
  assert.deepEqual(
    asked.map(({ query }) => [query.get('symbol'), query.get('countdownTime')]),
    [
      ['BTCUSDT', '120000'],
      ['BTCUSDT', '0'],
    ],
  );
  await venue.close();
});

test('everything stops when it is closed', async () => {
  const { clock, server, venue, inputs } = await openedDesk();
  await venue.close();
  const [asked, told] = [server.asked.length, inputs.length];
  server.carry('/', { e: 'SOMETHING' });
  await clock.pass(600_000);
  assert.deepEqual([server.asked.length, inputs.length, server.openUrls('/').length], [asked, told, 0]);
});

test('a simulated venue is never asked at a real host, and a real one never elsewhere (F65)', () => {
  const { clock, server } = scriptedDesk();
  const base = {
    network: server,
    time: clock,
    apiKey: 'k',
    apiSecret: 's',
    desk: { accountCurrency: 'USDT', moneyDecimals: 8 },
  };
  assert.throws(() => openBinance({ ...base, environment: 'simulated' }), /addresses/);
  const origins = { rest: 'https://fapi.binance.com', stream: 'wss://fstream.binance.com' };
  assert.throws(() => openBinance({ ...base, environment: 'simulated', origins }), /real host/);
  assert.throws(() => openBinance({ ...base, environment: 'live', origins }), /fixed/);
});
