import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fxInstrument } from '#domain/instrument.ts';
import { createVenueState } from '#sim/venue-state.ts';
import { barAt, floorStartAt, toldFeed } from '../../../tests/support/floor-scene.ts';
import { HandClock } from '../../../tests/support/hand-clock.ts';
import { venueRequest } from '../../../tests/support/venue-scene.ts';
import { VenueFloor } from '../venue-floor.ts';
import { type AccountPlight, usualPlight } from './account-plight.ts';
import { getCandles } from './candle-routes.ts';
import { type RouteAnswer, readQuery } from './exchange.ts';

const minuteMs = 60_000;

interface Candle {
  readonly time: string;
  readonly complete: boolean;
  readonly volume: number;
  readonly [side: string]: unknown;
}

interface Scene {
  ask(query: string): { status: number; candles: Candle[]; error: unknown };
  readonly plight: AccountPlight;
}

/** Bars from some minutes before noon, one tick higher each, without the one that opens eleven minutes before noon. */
function open(minutes = 30): Scene {
  const feed = toldFeed();
  for (let back = minutes; back >= 1; back -= 1) {
    if (back === 11) continue;
    const price = 110_000 - back;
    feed.add(barAt(floorStartAt - back * minuteMs, [price, price + 4, price - 4, price + 1]));
  }
  const clock = new HandClock(floorStartAt);
  const floor = new VenueFloor({ time: clock, state: createVenueState(venueRequest()), feed });
  floor.start();
  clock.jump(20_000);
  floor.quote('EURUSD.OANDA', 110_050, 110_060);
  const plight = usualPlight();
  const eurUsd = fxInstrument('EUR_USD');
  const scene = {
    floor,
    plight,
    now: clock.now(),
    instrumentOf: (symbol: string) => (symbol === 'EUR_USD' ? eurUsd : undefined),
  };
  return {
    plight,
    ask: (query) => {
      const { status, body }: RouteAnswer = getCandles(
        {
          request: { method: 'GET', headers: {}, host: 'rest', path: '', query, address: '' },
          parameters: [query.includes('ABC') ? 'ABC_DEF' : 'EUR_USD'],
          query: readQuery(query),
          format: 'RFC3339',
          requestId: '1',
        },
        scene,
      );
      return { status, candles: (body['candles'] ?? []) as Candle[], error: body['errorMessage'] };
    },
  };
}

function times(candles: readonly Candle[]): string[] {
  return candles.map(({ time }) => time.slice(11, 16));
}

test('the last candle goes on and is not complete, and a minute without a bar is absent', () => {
  const { candles } = open().ask('granularity=M1&count=12');
  assert.deepEqual(times(candles).slice(0, 3), ['11:48', '11:50', '11:51']);
  assert.deepEqual(
    candles.map(({ complete }) => complete),
    [...Array(11).fill(true), false],
  );
  assert.deepEqual(candles.at(-1), {
    complete: false,
    volume: 1,
    time: '2026-01-07T12:00:00.000000000Z',
    mid: { o: '1.10055', h: '1.10055', l: '1.10055', c: '1.10055' },
  });
});

test('bid, mid and ask come as they are asked for', () => {
  const [candle] = open().ask('granularity=M1&count=2&price=BAM').candles;
  assert.deepEqual(
    [candle?.['bid'], candle?.['mid'], candle?.['ask']],
    [
      { o: '1.09999', h: '1.10003', l: '1.09995', c: '1.10000' },
      { o: '1.10004', h: '1.10008', l: '1.10000', c: '1.10005' },
      { o: '1.10009', h: '1.10013', l: '1.10005', c: '1.10010' },
    ],
  );
  assert.deepEqual(Object.keys(open().ask('granularity=M1&count=1&price=B').candles[0] ?? {}), [
    'complete',
    'volume',
    'time',
    'bid',
  ]);
});

test('longer candles are made of the minutes inside them', () => {
  const { candles } = open().ask('granularity=M5&count=3&price=B');
  assert.deepEqual(times(candles), ['11:50', '11:55', '12:00']);
  assert.deepEqual(candles[1], {
    complete: true,
    volume: 200,
    time: '2026-01-07T11:55:00.000000000Z',
    bid: { o: '1.09995', h: '1.10003', l: '1.09991', c: '1.10000' },
  });
  const [hour] = open().ask('granularity=H1&count=1').candles;
  assert.deepEqual([hour?.time.slice(11, 16), hour?.complete], ['12:00', false]);
});

test('from and to leave the end out, and a candle that holds the beginning may be left out', () => {
  const scene = open();
  const span = 'granularity=M5&from=2026-01-07T11:47:00Z&to=2026-01-07T11:56:00Z';
  assert.deepEqual(times(scene.ask(span).candles), ['11:45', '11:50', '11:55']);
  assert.equal(scene.ask(span).candles.at(-1)?.volume, 200);
  assert.deepEqual(times(scene.ask(`${span}&includeFirst=false`).candles), ['11:50', '11:55']);
  assert.deepEqual(times(scene.ask('granularity=M1&from=1767786600&count=2').candles), ['11:50', '11:51']);
  assert.deepEqual(times(scene.ask('granularity=M1&to=2026-01-07T11:52:00Z&count=2').candles), ['11:50', '11:51']);
});

test('a question that is wrong is answered in the words of the venue', () => {
  const scene = open();
  for (const [query, words] of [
    ['granularity=M1&count=5001', "Maximum value for 'count' exceeded"],
    ['granularity=M1&from=2026-01-01T00:00:00Z&to=2026-01-06T00:00:00Z', "Maximum value for 'count' exceeded"],
    [
      'granularity=M1&from=2026-01-01&to=2026-01-02&count=5',
      "'count' cannot be specified when both 'to' and 'from' are set",
    ],
    ['granularity=M1&count=0', "Invalid value specified for 'count'"],
    ['granularity=S5', "Invalid value specified for 'granularity'"],
    ['granularity=M1&price=X', "Invalid value specified for 'price'"],
    ['granularity=M1&ABC=1', "Invalid value specified for 'instrument'"],
    ['granularity=M1&from=then', "Invalid value specified for 'from'"],
    ['granularity=M1&to=2026-01-08', "Invalid value specified for 'to'. Time is in the future"],
    ['granularity=M1&from=2026-01-08', "Invalid value specified for 'from'. Time is in the future"],
    ['granularity=M1&from=2026-01-02&to=2026-01-01', "Invalid value specified for 'to'. It is before 'from'"],
    ['granularity=D&alignmentTimezone=Mars', "Invalid value specified for 'alignmentTimezone'"],
    ['granularity=D&dailyAlignment=24', "Invalid value specified for 'dailyAlignment'"],
    ['granularity=W&weeklyAlignment=x', "Invalid value specified for 'weeklyAlignment'"],
  ] as const) {
    assert.deepEqual([scene.ask(query).status, scene.ask(query).error], [400, words], query);
  }
  assert.equal(scene.ask('granularity=M1&count=5000').status, 200);
});

test('candles are spoilt where a script wants it', () => {
  const scene = open();
  scene.plight.candles.push({ mode: 'unordered', left: 1 });
  assert.deepEqual(times(scene.ask('granularity=M1&count=2').candles), ['12:00', '11:59']);
  assert.deepEqual(times(scene.ask('granularity=M1&count=2').candles), ['11:59', '12:00']);
});
