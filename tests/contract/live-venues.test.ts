import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { openMarketData } from '#adapters/bars/open-market-data.ts';
import { defaultCosts } from '#domain/default-costs.ts';
import { fxInstrument } from '#domain/instrument.ts';
import { formatScaled } from '#domain/scale.ts';
import { columnsFeed } from '#engine/columns-feed.ts';
import type { FeedPort } from '#engine/ports.ts';
import { openBinanceWire } from '../support/binance-wire.ts';
import { openFloorPort } from '../support/floor-port.ts';
import { HandClock } from '../support/hand-clock.ts';
import { openHarborWire } from '../support/harbor-wire.ts';
import type { LiveVenueScene } from '../support/live-venue-scene.ts';
import { openOandaWire } from '../support/oanda-wire.ts';
import { sceneOver, startWireFloor } from '../support/wire-floor.ts';
import { liveVenueSuite } from './live-venue-suite.ts';

/** Wednesday 2026-01-14 09:00 UTC. */
const startAt = Date.UTC(2026, 0, 14, 9);
const hourMs = 3_600_000;

async function openOandaScene(): Promise<LiveVenueScene> {
  const clock = new HandClock(startAt);
  const symbols = ['EUR_USD', 'USD_JPY'];
  const wire = openOandaWire({
    ...{ clock, symbols, calendar: null },
    historyMs: 2 * hourMs,
    untilAt: startAt + 3 * hourMs,
    quotesPerMinute: 12,
  });
  return sceneOver(wire.floor, {
    ...{ port: wire.openPort(), clock, symbols, close: wire.close },
    tradeByOtherHands: (instrument, signedQuantity) =>
      wire.server.act('externalOrder', {
        instrument: wire.floor.book(instrument)?.instrument.symbol,
        units: formatScaled(signedQuantity, 0),
      }),
  });
}

async function openBinanceScene(): Promise<LiveVenueScene> {
  const clock = new HandClock(startAt);
  const wire = openBinanceWire({
    ...{ clock, coins: ['BTC', 'ETH'], depth: true },
    historyMs: 2 * hourMs,
    untilAt: startAt + 3 * hourMs,
    quotesPerMinute: 60,
  });
  return sceneOver(wire.floor, {
    ...{ port: wire.openPort(), clock, symbols: ['BTCUSDT', 'ETHUSDT'], close: wire.close },
    otherOrders: () => wire.venue.openConditionalOrders,
    tradeByOtherHands: (instrument, signedQuantity) =>
      wire.server.act('externalOrder', {
        symbol: wire.floor.book(instrument)?.instrument.symbol,
        side: signedQuantity > 0 ? 'BUY' : 'SELL',
        quantity: formatScaled(Math.abs(signedQuantity), 3),
      }),
  });
}

async function openHarborScene(): Promise<LiveVenueScene> {
  const clock = new HandClock(startAt);
  const symbols = ['EUR_USD', 'USD_JPY'];
  const wire = openHarborWire({
    ...{ clock, symbols, historyMs: 2 * hourMs, untilAt: startAt + 3 * hourMs, quotesPerMinute: 12 },
  });
  return sceneOver(wire.floor, {
    ...{ port: wire.openPort(), clock, symbols, close: wire.close },
    tradeByOtherHands: (instrument, signedQuantity) =>
      wire.server.act('externalOrder', {
        symbol: wire.floor.book(instrument)?.instrument.symbol,
        quantity: formatScaled(signedQuantity, 0),
      }),
  });
}

/** The simulated venue with nothing between it and the suite. */
async function openFloorScene(openAt = startAt, bars?: FeedPort): Promise<LiveVenueScene> {
  const clock = new HandClock(openAt);
  const symbols = ['EUR_USD', 'USD_JPY'];
  const floor = startWireFloor({
    ...{
      time: clock,
      calendar: null,
      historyMs: 2 * hourMs,
      untilAt: openAt + 3 * hourMs,
      quotesPerMinute: 12,
      seed: 7,
    },
    ...{ instruments: symbols.map((symbol) => fxInstrument(symbol)), accountCurrency: 'USD', moneyDecimals: 6 },
    ...{ balance: 100_000, costs: defaultCosts },
    ...(bars === undefined ? {} : { bars }),
  });
  let others = 0;
  return sceneOver(floor, {
    ...{ port: openFloorPort({ time: clock, floor, accountCurrency: 'USD' }), clock, symbols, close: () => undefined },
    tradeByOtherHands: (instrument, signedQuantity) => {
      others += 1;
      const side = signedQuantity > 0 ? 'buy' : 'sell';
      floor.externalOrder({
        ...{ clientOrderId: `external-${others}`, instrument, side, quantity: Math.abs(signedQuantity) },
      });
    },
  });
}

/** Recorded bars lie in the folder that TRADEWIND_SHARED names, else in `shared` beside the project. */
const recordedFolder = join(process.env['TRADEWIND_SHARED'] ?? resolve(import.meta.dirname, '../../../shared'), 'data');
const isRecordedAtHand = existsSync(join(recordedFolder, 'fx', 'USD_JPY_M1.csv.gz'));

/** Wednesday 2018-03-14, which has a bar in every minute. */
function recordedScenes(): () => Promise<LiveVenueScene> {
  const openAt = Date.UTC(2018, 2, 14, 9);
  const instruments = ['EUR_USD', 'USD_JPY'].map((symbol) => fxInstrument(symbol));
  const span = { fromAt: openAt - 2 * hourMs, untilAt: openAt + 3 * hourMs, interval: 'M1' } as const;
  const { series } = openMarketData(recordedFolder, instruments, span);
  return () => openFloorScene(openAt, columnsFeed(series));
}

liveVenueSuite('OANDA', openOandaScene);
liveVenueSuite('Binance', openBinanceScene);
liveVenueSuite('Harbor', openHarborScene);
liveVenueSuite('simulated venue, synthetic', () => openFloorScene());
if (isRecordedAtHand) liveVenueSuite('simulated venue, recorded data', recordedScenes());
else {
  const skip = `THE RECORDED BARS ARE NOT AT HAND in '${recordedFolder}': set TRADEWIND_SHARED to trade on them`;
  test('simulated venue, recorded data', { skip }, () => undefined);
}
