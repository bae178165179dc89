import type { BinanceOptions } from '#adapters/binance/binance-options.ts';
import { openBinance } from '#adapters/binance/index.ts';
import { cryptoCosts } from '#domain/configuration/crypto-desk.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { LiveVenuePort } from '#engine/live-port.ts';
import type { TimePort } from '#engine/ports.ts';
import { type BinanceServer, createBinanceServer } from '#venue-simulators/binance/binance-server.ts';
import { type FaultScriptInput, parseFaultScript } from '#venue-simulators/fault-script.ts';
import { type ActingServer, faultyServer } from '#venue-simulators/faulty-server.ts';
import type { VenueFloor } from '#venue-simulators/venue-floor.ts';
import { type VirtualNetwork, virtualNetwork } from '#venue-simulators/virtual-network.ts';
import type { WireRequest } from '#venue-simulators/wire-server.ts';
import type { HandClock } from './hand-clock.ts';
import { startWireFloor } from './wire-floor.ts';

const key = { apiKey: 'canary-binance-key', apiSecret: 'canary-binance-secret' };
const rest = 'https://rest.binance.test';
const stream = 'https://stream.binance.test';

export interface BinanceWireOptions {
  readonly clock: HandClock;
  readonly coins: readonly string[];
  readonly script?: FaultScriptInput;
  readonly historyMs: number;
  readonly untilAt: number;
  readonly quotesPerMinute: number;
  readonly seed?: number;
  readonly fillQuantityMax?: number;
  readonly depth?: boolean;
  /** What of the adapter is not as usual. */
  readonly adapter?: Partial<Pick<BinanceOptions, 'apiKey' | 'apiSecret' | 'banFile' | 'leverage' | 'environment'>>;
  /** What the adapter takes for the time; the clock unless told. */
  readonly adapterTime?: (clock: HandClock) => TimePort;
  /** What stands before the venue and its faults. */
  readonly front?: (server: ActingServer) => ActingServer;
}

/** Something that was asked of the venue, whatever became of it on the way. */
export interface SentRequest {
  readonly at: number;
  readonly method: WireRequest['method'];
  /** With `/private/ws` and the like where a socket was opened. */
  readonly path: string;
  readonly query: string;
  readonly isSocket: boolean;
}

interface Detour {
  readonly path: RegExp;
  readonly ms: number;
  times: number;
}

/** The simulated Binance with faults before it and a virtual network, and the real adapter as often as it is asked for. */
export interface BinanceWire {
  readonly floor: VenueFloor;
  readonly server: ActingServer;
  /** The venue without the faults before it. */
  readonly venue: BinanceServer;
  readonly network: VirtualNetwork;
  /** How often each of our ids was sent as a new order, whatever became of it on the way. */
  readonly sentById: ReadonlyMap<string, number>;
  /** Everything that was asked of the venue, sockets included, oldest first. */
  readonly requests: readonly SentRequest[];
  /** Texts that the desk said into its sockets. */
  readonly said: readonly { readonly at: number; readonly text: string }[];
  /** Requests that take long on their way to the venue: the next so many whose path and query a pattern is found in. */
  readonly detours: Detour[];
  /** A new adapter; with ports of its own where one that stands for a process must be able to end with it. */
  openPort(ports?: Partial<Pick<BinanceOptions, 'time' | 'network'>>): LiveVenuePort;
  close(): void;
}

export function perpetual(coin: string): Instrument {
  return {
    id: `${coin}USDT-PERP.BINANCE`,
    symbol: `${coin}USDT`,
    venue: 'BINANCE',
    kind: 'perpetual',
    baseCurrency: coin,
    quoteCurrency: 'USDT',
    priceDecimals: 2,
    quantityDecimals: 3,
    tickSize: 1,
    lotSize: 1,
    minimumQuantity: 1,
    maximumQuantity: 1_000_000,
    pipDecimals: 2,
    contractSize: 1,
    marginRate: 0.2,
  };
}

export function openBinanceWire(options: BinanceWireOptions): BinanceWire {
  const { clock, coins, historyMs, untilAt, quotesPerMinute, seed = 7, fillQuantityMax } = options;
  const floor = startWireFloor({
    ...{ time: clock, calendar: null, historyMs, untilAt, quotesPerMinute, seed },
    instruments: coins.map(perpetual),
    accountCurrency: 'USDT',
    moneyDecimals: 8,
    balance: 100_000,
    costs: cryptoCosts,
    ...(fillQuantityMax === undefined ? {} : { fillQuantityMax }),
  });
  const venue = createBinanceServer({ time: clock, floor, seed, ...key });
  const server = faultyServer(venue, parseFaultScript(options.script ?? { faults: [] }), clock);
  const sentById = new Map<string, number>();
  const requests: SentRequest[] = [];
  const said: { at: number; text: string }[] = [];
  const detours: Detour[] = [];
  const listened = listening(options.front?.(server) ?? server, { clock, requests, said, detours });
  const network = virtualNetwork({
    time: clock,
    servers: [
      { origin: rest, host: 'rest', server: countingOrders(listened, sentById), address: '10.0.0.1' },
      { origin: stream, host: 'stream', server: listened, address: '10.0.0.1' },
    ],
  });
  return {
    ...{ floor, server, venue, network, sentById, requests, said, detours },
    openPort: (ports = {}) =>
      openBinance({
        ...{ network, time: options.adapterTime?.(clock) ?? clock, environment: 'simulated', ...key },
        ...{ depth: options.depth ?? false, ...options.adapter, ...ports },
        desk: { accountCurrency: 'USDT', moneyDecimals: 8 },
        origins: { rest, stream: stream.replace('https:', 'wss:') },
      }),
    close: () => server.close(),
  };
}

interface Notes {
  readonly clock: HandClock;
  readonly requests: SentRequest[];
  readonly said: { at: number; text: string }[];
  readonly detours: readonly Detour[];
}

/** Writes down what is asked for and what is said into sockets, and sends the long way round what has to take it. */
function listening(server: ActingServer, { clock, requests, said, detours }: Notes): ActingServer {
  const note = ({ method, path, query }: WireRequest, isSocket: boolean): void =>
    void requests.push({ at: clock.now(), method, path, query, isSocket });
  return {
    ...server,
    handle: (request, reply) => {
      note(request, false);
      const detour = detours.find(({ path, times }) => times > 0 && path.test(`${request.path}?${request.query}`));
      if (detour === undefined) {
        server.handle(request, reply);
        return;
      }
      detour.times -= 1;
      clock.after(detour.ms, () => server.handle(request, reply));
    },
    openSocket: (request, socket) => {
      note(request, true);
      const peer = server.openSocket(request, socket);
      if ('status' in peer) return peer;
      return {
        ...peer,
        onPong: () => peer.onPong(),
        onClose: () => peer.onClose(),
        onText: (text) => {
          said.push({ at: clock.now(), text });
          peer.onText(text);
        },
      };
    },
  };
}

/** Stands before the faults: what was sent counts, not what arrived. */
function countingOrders(server: ActingServer, sentById: Map<string, number>): ActingServer {
  return {
    ...server,
    openSocket: (request, socket) => server.openSocket(request, socket),
    handle: (request, reply) => {
      if (request.method === 'POST' && /\/(?:order|algoOrder)$/.test(request.path)) {
        const parameters = new URLSearchParams(`${request.query}&${request.body ?? ''}`);
        const id = parameters.get('newClientOrderId') ?? parameters.get('clientAlgoId') ?? 'unnamed';
        sentById.set(id, (sentById.get(id) ?? 0) + 1);
      }
      server.handle(request, reply);
    },
  };
}
