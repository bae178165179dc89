import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { bitcoin } from '../../../tests/support/binance-adapter-scene.ts';
import { carryPrices, passLively, restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { Impairments } from './impairments.ts';
import { MarketBars } from './market-bars.ts';
import { MarketPrices } from './market-prices.ts';
import { MarketStream, streamsPerSocketMax } from './market-stream.ts';

async function scene(symbols: readonly string[] = ['BTCUSDT'], hasDepth = false) {
  const rest = restScene();
  const inputs: VenueInput[] = [];
  const tell = (input: VenueInput): void => void inputs.push(input);
  const markets = new Map(
    symbols.map((symbol) => [symbol, { ...bitcoin, instrument: { ...bitcoin.instrument, symbol } }]),
  );
  const context = {
    time: rest.clock,
    rest: rest.rest,
    markets,
    impairments: new Impairments(tell),
    tell,
    onNotice: rest.onNotice,
  };
  const prices = new MarketPrices(context, symbols);
  const bars = new MarketBars(context);
  bars.open(symbols);
  const stream = new MarketStream({
    context,
    network: rest.server,
    origin: 'wss://stream.binance.test',
    symbols,
    prices,
    bars,
    hasDepth,
  });
  stream.open();
  await rest.clock.pass(10);
  return { ...rest, stream, inputs, kinds: () => inputs.map(({ type }) => type) };
}

test('each stream is asked for on its own path, named in the address, and nothing is subscribed to (F33, F41)', async () => {
  const { server, stream } = await scene();
  assert.deepEqual(server.openUrls('/'), [
    'wss://stream.binance.test/public/stream?streams=btcusdt@bookTicker',
    'wss://stream.binance.test/market/stream?streams=btcusdt@kline_1m/btcusdt@markPrice@1s',
  ]);
  stream.close();
  assert.deepEqual(server.openUrls('/'), []);
});

test('many symbols are spread over sockets, none with more streams than one may have', async () => {
  const symbols = Array.from({ length: 250 }, (_, i) => `C${i}USDT`);
  const { server, stream } = await scene(symbols, true);
  const counts = server.openUrls('/').map((url) => url.split('streams=')[1]?.split('/').length ?? 0);
  assert.ok(
    counts.every((count) => count <= streamsPerSocketMax),
    String(counts),
  );
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    4 * symbols.length,
  );
  stream.close();
});

test('a symbol that is not ASCII is encoded (F85)', async () => {
  const { server, stream } = await scene(['币安人生USDT']);
  assert.match(server.openUrls('/public/')[0] ?? '', /streams=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9Fusdt@bookTicker$/);
  stream.close();
});

test('payloads go where they belong; those of coin-margined instruments and of no use go nowhere', async () => {
  const { server, stream, kinds, clock } = await scene();
  carryPrices(server, clock.now());
  assert.deepEqual(kinds(), ['quote.updated', 'mark.updated']);
  server.carry('/market/', { stream: 'x', data: { e: 'markPriceUpdate', s: 'BTCUSDT', st: 2 } });
  server.carry('/market/', { stream: 'x', data: { e: 'forceOrder', o: {} } });
  server.carry('/market/', { stream: 'x', data: { e: 'contractInfo' } });
  server.carry('/market/', { result: null, id: 1 });
  assert.deepEqual(kinds(), ['quote.updated', 'mark.updated']);
  stream.close();
});

test('what cannot be read, or is of an unknown kind, is put aside', async () => {
  const { server, stream, kinds, notices } = await scene();
  server.carry('/market/', 'no JSON');
  server.carry('/market/', { stream: 'x', data: { e: 'newKind' } });
  server.carry('/market/', { stream: 'x', data: null });
  server.carry('/market/', []);
  assert.deepEqual(kinds(), Array(4).fill('message.quarantined'));
  server.carry('/market/', { id: 1, error: { code: 2, msg: 'Invalid request' } });
  assert.match(notices.join(), /refuses a stream/);
  stream.close();
});

test('a socket whose pings go on and whose payloads do not is impaired and replaced (F32)', async () => {
  const { server, stream, inputs, clock } = await scene();
  carryPrices(server, clock.now());
  const first = server.sockets.length;
  for (let second = 0; second < 40; second++) {
    await clock.pass(1_000);
    for (const { isOpen, listener } of server.sockets) if (isOpen) listener.onPing();
  }
  assert.ok(inputs.some((input) => input.type === 'venue.impaired' && input.part === 'prices'));
  assert.ok(server.sockets.length > first);
  stream.close();
});

test('one stream that is silent beside lively ones is found and its socket replaced (F35)', async () => {
  const { server, stream, inputs, clock } = await scene();
  const first = server.sockets.length;
  for (let second = 0; second < 200; second++) {
    await clock.pass(1_000);
    server.carry('/market/', {
      stream: 'x',
      data: { e: 'markPriceUpdate', E: clock.now(), s: 'BTCUSDT', p: '50000.0', r: '0', T: 1 },
    });
    server.carry('/public/', { stream: 'x', data: { e: 'bookTicker', s: 'BTCUSDT', b: '50000.0', a: '50000.1' } });
  }
  assert.ok(inputs.some((input) => input.type === 'venue.impaired' && input.part === 'bars'));
  assert.equal(
    inputs.some((input) => input.type === 'venue.impaired' && input.part === 'prices'),
    false,
  );
  assert.equal(server.sockets.length, first + 1);
  stream.close();
});

test('after a break everything goes on', async () => {
  const desk = await scene();
  const { server, stream, clock, inputs } = desk;
  carryPrices(server, clock.now());
  server.drop('/');
  await clock.pass(15_000);
  assert.ok(inputs.some(({ type }) => type === 'venue.impaired'));
  await passLively(desk, 3);
  assert.equal(
    inputs.filter(({ type }) => type === 'venue.impaired').length,
    inputs.filter(({ type }) => type === 'venue.restored').length,
  );
  stream.close();
});

test('depth is told once a second where it is asked for', async () => {
  const { server, stream, clock, kinds } = await scene(['BTCUSDT'], true);
  server.on('GET /fapi/v1/depth', () => ({
    body: { lastUpdateId: 100, bids: [['50000.0', '1.000']], asks: [['50000.1', '2.000']] },
  }));
  server.carry('/public/', {
    stream: 'x',
    data: { e: 'depthUpdate', s: 'BTCUSDT', U: 95, u: 105, pu: 94, b: [], a: [] },
  });
  await clock.pass(0);
  await clock.pass(3_000);
  assert.equal(kinds().filter((kind) => kind === 'depth.updated').length, 3);
  server.drop('/public/');
  await clock.pass(10);
  assert.equal(kinds().filter((kind) => kind === 'depth.updated').length, 4);
  stream.close();
});
