import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueInput } from '#engine/live-port.ts';
import { bitcoin } from '../../../tests/support/binance-adapter-scene.ts';
import { restScene } from '../../../tests/support/scripted-binance-desk.ts';
import { Impairments } from './impairments.ts';
import { barsPageMax, barsStaleMs, MarketBars } from './market-bars.ts';

const minuteMs = 60_000;

function scene() {
  const rest = restScene();
  const inputs: VenueInput[] = [];
  const tell = (input: VenueInput): void => void inputs.push(input);
  const context = {
    time: rest.clock,
    rest: rest.rest,
    markets: rest.book.markets,
    impairments: new Impairments(tell),
    tell,
    onNotice: rest.onNotice,
  };
  const bars = new MarketBars(context);
  const startAt = Math.floor(rest.clock.now() / minuteMs) * minuteMs;
  rest.clock.jump(startAt + minuteMs - rest.clock.now());
  const row = (minute: number, close = '50000.0') => {
    const openAt = startAt + minute * minuteMs;
    return [openAt, '50000.0', '50010.0', '49990.0', close, '1.5', openAt + minuteMs - 1, '0', 1, '0', '0', '0'];
  };
  const close = (minute: number, x = true, c = '50000.0') => {
    const k = { t: startAt + minute * minuteMs, i: '1m', o: '50000.0', h: '50010.0', l: '49990.0', c, v: '1.5', x };
    bars.onKline({ e: 'kline', s: 'BTCUSDT', k });
  };
  const minutes = () =>
    inputs.flatMap((input) => (input.type === 'bar.closed' ? [(input.openAt - startAt) / minuteMs] : []));
  const reasons = () => inputs.flatMap((input) => (input.type === 'message.quarantined' ? [input.reason] : []));
  const serve = (rows: readonly unknown[]) =>
    rest.server.on('GET /fapi/v1/klines', (query) => ({
      body: rows.filter(
        (one) =>
          Array.isArray(one) && one[0] >= Number(query.get('startTime')) && one[0] <= Number(query.get('endTime')),
      ),
    }));
  const history = (from: number, until: number) =>
    rest.settled(bars.history(bitcoin.instrument, startAt + from * minuteMs, startAt + until * minuteMs));
  return { ...rest, bars, inputs, startAt, row, close, minutes, reasons, serve, history };
}

test('a bar is told when it closes, not before (F81)', async () => {
  const { bars, close, minutes, clock } = scene();
  bars.open(['BTCUSDT']);
  close(0, false);
  assert.deepEqual(minutes(), []);
  close(0);
  close(0);
  await clock.pass(minuteMs);
  close(1);
  assert.deepEqual(minutes(), [0, 1]);
});

test('a second, different close of a minute is a revision and is put aside (F83)', () => {
  const { bars, close, minutes, reasons } = scene();
  bars.open(['BTCUSDT']);
  close(0);
  close(0, true, '50001.0');
  assert.deepEqual([minutes(), reasons()], [[0], ['REVISED_BAR']]);
});

test('a gap is filled from the history before anything newer is told (F31)', async () => {
  const { bars, close, minutes, clock, serve, row } = scene();
  bars.open(['BTCUSDT']);
  close(0);
  await clock.pass(4 * minuteMs);
  serve([row(1), row(2), row(3), row(4)]);
  close(4);
  assert.deepEqual(minutes(), [0]);
  await clock.pass(10);
  assert.deepEqual(minutes(), [0, 1, 2, 3, 4]);
});

test('where a gap cannot be filled nothing newer is told, and the bars are impaired until it can', async () => {
  const { bars, close, minutes, clock, serve, row, server, inputs } = scene();
  bars.open(['BTCUSDT']);
  close(0);
  await clock.pass(2 * minuteMs);
  server.refuse('GET /fapi/v1/klines', -1121);
  close(2);
  await clock.pass(10);
  assert.deepEqual(minutes(), [0]);
  assert.equal(inputs.at(-1)?.type, 'venue.impaired');
  serve([row(1), row(2)]);
  await clock.pass(21_000);
  bars.watch();
  await clock.pass(10);
  bars.watch();
  assert.deepEqual(minutes(), [0, 1, 2]);
  assert.equal(inputs.at(-1)?.type, 'venue.restored');
});

test('a silent stream is told and asked around, and stays impaired until it speaks (F32)', async () => {
  const { bars, close, minutes, clock, serve, row, inputs } = scene();
  bars.open(['BTCUSDT']);
  close(0);
  serve([row(1)]);
  await clock.pass(barsStaleMs);
  bars.watch();
  await clock.pass(10);
  assert.deepEqual(minutes(), [0, 1]);
  bars.watch();
  assert.equal(inputs.filter(({ type }) => type === 'venue.restored').length, 0);
  close(2, false);
  bars.watch();
  assert.equal(inputs.at(-1)?.type, 'venue.restored');
  assert.equal(bars.ageMs(['BTCUSDT']), 0);
});

test('what was read of the past counts as told', async () => {
  const { bars, close, minutes, serve, row, history } = scene();
  serve([row(-2), row(-1)]);
  assert.equal((await history(-2, 0)).length, 2);
  bars.open(['BTCUSDT']);
  close(-1);
  close(0);
  assert.deepEqual(minutes(), [0]);
});

test('the bar that is still open is left out, and that is no fault', async () => {
  const { history, serve, row, reasons, startAt, clock } = scene();
  serve([row(-1), row(0), row(1)]);
  assert.deepEqual(
    (await history(-1, 2)).map(({ openAt }) => (openAt - startAt) / minuteMs),
    [-1, 0],
  );
  assert.deepEqual(reasons(), []);
  await clock.pass(0);
});

test('rows twice, out of order, of the future, out of the span or absurd are put aside (F80, F82, F78)', async () => {
  const { history, server, row, reasons, startAt } = scene();
  const rows = [row(-5), row(-5), row(-3), row(-4), row(5), row(-90), [1, 2], row(-2, '0'), row(-1)];
  server.on('GET /fapi/v1/klines', () => ({ body: rows }));
  const bars = await history(-5, 0);
  assert.deepEqual(
    bars.map(({ openAt }) => (openAt - startAt) / minuteMs),
    [-5, -3, -1],
  );
  assert.equal(reasons().length, 6);
});

test('a long past is read page by page', async () => {
  const { history, server, serve, row } = scene();
  serve([row(-4_000), row(-2_501), row(-2_500), row(-1)]);
  assert.equal((await history(-4_000, 0)).length, 4);
  const limits = server.askedOf('GET /fapi/v1/klines').map(({ query }) => Number(query.get('limit')));
  assert.deepEqual(limits, [barsPageMax, barsPageMax, 1_000]);
});

test('what cannot be read of the stream is put aside, other symbols and intervals are not heard', () => {
  const { bars, reasons, minutes } = scene();
  bars.open(['BTCUSDT']);
  bars.onKline({ e: 'kline', s: 'BTCUSDT' });
  bars.onKline({ e: 'kline', s: 'ETHUSDT', k: { t: 0, i: '1m', o: '1', h: '1', l: '1', c: '1', v: '1', x: true } });
  bars.onKline({ e: 'kline', s: 'BTCUSDT', k: { t: 0, i: '5m', o: '1', h: '1', l: '1', c: '1', v: '1', x: true } });
  assert.deepEqual([reasons().length, minutes()], [1, []]);
});
