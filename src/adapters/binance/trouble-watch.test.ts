import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { bitcoinSymbol } from '../../../tests/support/scripted-binance.ts';
import { openedDesk, passLively, type ScriptedDesk } from '../../../tests/support/scripted-binance-desk.ts';

const states = (desk: ScriptedDesk, part: string): string[] =>
  desk.inputs.flatMap((input: VenueInput) =>
    'part' in input && input.part === part && input.type !== 'message.quarantined' ? [input.type] : [],
  );

test('clocks that part hold the entries until they agree again (F52)', async () => {
  const desk = await openedDesk();
  desk.server.on('GET /fapi/v1/time', () => ({ body: { serverTime: desk.clock.now() + 900 } }));
  desk.server.refuse('GET /fapi/v3/balance', -1021, 'Timestamp for this request is outside of the recvWindow.');
  await passLively(desk, 120);
  assert.deepEqual(states(desk, 'clock'), ['venue.impaired']);
  desk.server.on('GET /fapi/v1/time', () => ({ body: { serverTime: desk.clock.now() } }));
  await passLively(desk, 6 * 600);
  assert.deepEqual(states(desk, 'clock'), ['venue.impaired', 'venue.restored']);
  await desk.venue.close();
});

test('a ban is told, and its end (F47)', async () => {
  const desk = await openedDesk();
  const until = desk.clock.now() + 120_000;
  desk.server.inTurn('GET /fapi/v1/income', [
    { status: 418, body: { code: -1003, msg: `IP banned until ${until}.` } },
    { body: [] },
  ]);
  await desk.venue.catchUp(String(desk.clock.now() - 1_000)).catch(() => undefined);
  await desk.clock.pass(1);
  assert.deepEqual(states(desk, 'limits'), ['venue.impaired']);
  await passLively(desk, 130);
  assert.deepEqual(states(desk, 'limits'), ['venue.impaired', 'venue.restored']);
  await desk.venue.close();
});

test('a refusal for a filter makes the filters be read at once, and what changed is told (F72)', async () => {
  const desk = await openedDesk();
  const [, ...others] = bitcoinSymbol.filters;
  const coarser = { filterType: 'PRICE_FILTER', minPrice: '1', maxPrice: '1000000', tickSize: '1' };
  desk.server.on('GET /fapi/v1/exchangeInfo', () => ({
    body: { symbols: [{ ...bitcoinSymbol, filters: [coarser, ...others] }] },
  }));
  desk.server.refuse('GET /fapi/v1/allOrders', -4014, 'Price not increased by tick size.');
  await desk.venue.catchUp(String(desk.clock.now() - 1_000)).catch(() => undefined);
  await desk.clock.pass(1);
  assert.equal(desk.told('instrument.changed')[0]?.instrument.tickSize, 10);
  await desk.venue.close();
});

test('filters are read every hour without being asked for (F72)', async () => {
  const desk = await openedDesk();
  const before = desk.server.askedOf('GET /fapi/v1/exchangeInfo').length;
  await desk.clock.pass(3_700_000);
  assert.equal(desk.server.askedOf('GET /fapi/v1/exchangeInfo').length, before + 1);
  await desk.venue.close();
});

test('a key that lost its permission holds the entries, and nothing knocks in a loop (F64)', async () => {
  const desk = await openedDesk();
  desk.server.refuse('GET /fapi/v3/balance', -2015, 'Invalid API-key, IP, or permissions for action.');
  desk.server.refuse('GET /fapi/v1/accountConfig', -2015);
  desk.server.refuse('GET /fapi/v1/positionSide/dual', -2015);
  await passLively(desk, 300);
  assert.deepEqual(states(desk, 'permission'), ['venue.impaired']);
  assert.ok(desk.server.askedOf('GET /fapi/v3/balance').length < 20);
  await desk.venue.close();
});

test('a switch to hedge mode is found and told, and its way back (F59)', async () => {
  const desk = await openedDesk();
  const config = { canTrade: true, dualSidePosition: true, multiAssetsMargin: false };
  desk.server.on('GET /fapi/v1/accountConfig', () => ({ body: config }));
  await passLively(desk, 301);
  assert.deepEqual(states(desk, 'accountMode'), ['venue.impaired']);
  desk.server.on('GET /fapi/v1/accountConfig', () => ({ body: { ...config, dualSidePosition: false } }));
  await passLively(desk, 301);
  assert.deepEqual(states(desk, 'accountMode'), ['venue.impaired', 'venue.restored']);
  await desk.venue.close();
});

test('a door that shuts is told, and its opening (F49)', async () => {
  const desk = await openedDesk();
  desk.server.inTurn('GET /fapi/v1/income', [{ text: '<html>', status: 403 }]);
  await desk.venue.catchUp(String(desk.clock.now() - 1_000)).catch(() => undefined);
  await desk.clock.pass(1);
  const asked = desk.server.asked.length;
  await passLively(desk, 240);
  assert.deepEqual([states(desk, 'permission'), desk.server.asked.length], [['venue.impaired'], asked]);
  await passLively(desk, 200);
  assert.deepEqual(states(desk, 'permission'), ['venue.impaired', 'venue.restored']);
  await desk.venue.close();
});
