import { createHmac } from 'node:crypto';
import type { Instrument } from '#domain/instrument.ts';
import type { FeedPort, MarketEvent } from '#engine/ports.ts';
import { createVenueState } from '#sim/venue-state.ts';
import { type BinanceServer, createBinanceServer } from '#venue-simulators/binance/binance-server.ts';
import { createWorld, type World } from '#venue-simulators/binance/world.ts';
import { VenueFloor } from '#venue-simulators/venue-floor.ts';
import type { WireSocketPeer } from '#venue-simulators/wire-server.ts';
import { HandClock } from './hand-clock.ts';
import { noonAt, plainCosts } from './venue-scene.ts';

export const bitcoin: Instrument = {
  id: 'BTCUSDT-PERP.BINANCE',
  symbol: 'BTCUSDT',
  venue: 'BINANCE',
  kind: 'perpetual',
  baseCurrency: 'BTC',
  quoteCurrency: 'USDT',
  priceDecimals: 2,
  quantityDecimals: 3,
  tickSize: 10,
  lotSize: 1,
  minimumQuantity: 1,
  maximumQuantity: 1_000_000,
  pipDecimals: 1,
  contractSize: 1,
  marginRate: 0.05,
};

export const ether: Instrument = {
  ...bitcoin,
  id: 'ETHUSDT-PERP.BINANCE',
  symbol: 'ETHUSDT',
  baseCurrency: 'ETH',
  tickSize: 1,
};

export const sceneKey = { apiKey: 'simulatedKey1', apiSecret: 'simulatedSecret1' };

interface SceneAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Ids beyond 2^53 lose their last digits here; look at the text for them. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
  readonly isReset: boolean;
}

export interface SceneSocket {
  readonly texts: string[];
  readonly peer: WireSocketPeer;
  pings: number;
  isClosed: boolean;
  /** What came so far, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  events(): any[];
}

/** The market that a test makes: nothing happens but what it quotes. */
class QuietFeed implements FeedPort {
  readonly events: MarketEvent[] = [];

  peekAt(): number {
    return this.events[0]?.at ?? Infinity;
  }

  next(): MarketEvent | undefined {
    return this.events.shift();
  }
}

/** A simulated Binance on a clock that the test drives, with a bitcoin at 50 000 and an ether at 2 000. */
export class BinanceScene {
  readonly clock = new HandClock(noonAt);
  readonly feed = new QuietFeed();
  readonly floor: VenueFloor;
  readonly server: BinanceServer;

  constructor(changes: { fillQuantityMax?: number; balance?: number } = {}) {
    const state = createVenueState({
      accountCurrency: 'USDT',
      moneyDecimals: 8,
      startBalance: (changes.balance ?? 10_000) * 1e8,
      instruments: [bitcoin, ether],
      priceBasisOf: {},
      costs: { ...plainCosts, otherwise: { spreadPips: [1], slippagePips: 0, commissionPerMillion: 400 } },
      calendar: null,
      seed: 1,
      fillQuantityMax: changes.fillQuantityMax ?? null,
    });
    this.floor = new VenueFloor({ time: this.clock, state, feed: this.feed });
    this.floor.start();
    this.server = createBinanceServer({ time: this.clock, floor: this.floor, seed: 1, ...sceneKey });
    this.quote('BTCUSDT', 50_000);
    this.quote('ETHUSDT', 2_000);
  }

  /** Another venue on the same floor, taken apart: for what is looked at below the wire. */
  world(): World {
    return createWorld({ time: this.clock, floor: this.floor, seed: 1, ...sceneKey });
  }

  /** A bid of so much, and an ask of one tick more. */
  quote(symbol: 'BTCUSDT' | 'ETHUSDT', bid: number): void {
    const instrument = symbol === 'BTCUSDT' ? bitcoin : ether;
    this.floor.quote(instrument.id, bid * 100, bid * 100 + instrument.tickSize);
  }

  /** Closed minutes of the past that end now, as the floor's history. */
  closeMinutes(count: number, symbol: 'BTCUSDT' | 'ETHUSDT' = 'BTCUSDT'): void {
    const instrument = symbol === 'BTCUSDT' ? bitcoin.id : ether.id;
    for (let index = count; index > 0; index -= 1) {
      const openAt = this.clock.now() - index * 60_000;
      const close = 5_000_000 + index * 10;
      const prices = { open: 5_000_000, high: 5_010_000, low: 4_990_000, close };
      this.feed.events.push({
        type: 'bar.closed',
        at: openAt + 60_000,
        openAt,
        instrument,
        ...prices,
        volume: 12,
        spread: 10,
      });
    }
    this.floor.settle();
  }

  /** A request that is signed, its parameters in the query. */
  signed(method: string, path: string, parameters: Record<string, string | number> = {}): SceneAnswer {
    const pairs = { ...parameters, timestamp: parameters['timestamp'] ?? this.clock.now() };
    const query = Object.entries(pairs)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const signature = createHmac('sha256', sceneKey.apiSecret).update(query).digest('hex');
    return this.request(method, path, `${query}&signature=${signature}`);
  }

  request(method: string, path: string, query = '', body?: string): SceneAnswer {
    const found: { answer?: SceneAnswer } = {};
    const headers = { 'x-mbx-apikey': sceneKey.apiKey };
    const address = '10.0.0.1';
    const place = { method: method as 'GET', host: 'rest', path, query, headers, address } as const;
    this.server.handle(body === undefined ? place : { ...place, body }, {
      answer: ({ status, headers: answered, body: text }) => {
        const parsed: unknown = /^[[{]/.test(text) ? JSON.parse(text) : undefined;
        found.answer = { status, headers: answered, text, body: parsed, isReset: false };
      },
      stream: () => {
        throw new Error('nothing of Binance is a stream without an end');
      },
      reset: () => {
        found.answer = { status: 0, headers: {}, text: '', body: undefined, isReset: true };
      },
    });
    if (found.answer === undefined) throw new Error(`'${method} ${path}' was not answered at once`);
    return found.answer;
  }

  socket(path: string, query = ''): SceneSocket {
    const texts: string[] = [];
    const state = { pings: 0, isClosed: false };
    const place = { method: 'GET', host: 'stream', path, query, headers: {}, address: '10.0.0.1' } as const;
    const peer = this.server.openSocket(place, {
      send: (text) => texts.push(text),
      ping: () => {
        state.pings += 1;
      },
      close: () => {
        state.isClosed = true;
      },
    });
    if ('status' in peer) throw new Error(`the socket '${path}' was refused with '${peer.status}'`);
    return Object.assign(state, { texts, peer, events: () => texts.map((text) => JSON.parse(text)) });
  }

  /** A socket of the account's own stream. */
  userSocket(): SceneSocket {
    const { listenKey } = this.request('POST', '/fapi/v1/listenKey').body;
    return this.socket('/private/ws', `listenKey=${listenKey}`);
  }

  /** A market order, taken as given. */
  market(side: 'BUY' | 'SELL', quantity: string, more: Record<string, string> = {}): SceneAnswer {
    return this.signed('POST', '/fapi/v1/order', { symbol: 'BTCUSDT', side, type: 'MARKET', quantity, ...more });
  }

  limit(side: 'BUY' | 'SELL', quantity: string, price: string, more: Record<string, string> = {}): SceneAnswer {
    const terms = { symbol: 'BTCUSDT', side, type: 'LIMIT', timeInForce: 'GTC', quantity, price };
    return this.signed('POST', '/fapi/v1/order', { ...terms, ...more });
  }

  /** A stop at the market, in the conditional family. */
  stop(side: 'BUY' | 'SELL', triggerPrice: string, more: Record<string, string> = {}): SceneAnswer {
    const terms = { algoType: 'CONDITIONAL', symbol: 'BTCUSDT', side, type: 'STOP_MARKET', triggerPrice };
    return this.signed('POST', '/fapi/v1/algoOrder', { ...terms, ...more });
  }
}
