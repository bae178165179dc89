import { openOanda } from '#adapters/oanda/index.ts';
import type { OandaOptions } from '#adapters/oanda/oanda-options.ts';
import type { CalendarDocument } from '#domain/calendar.ts';
import { defaultCosts } from '#domain/default-costs.ts';
import { fxInstrument } from '#domain/instrument.ts';
import type { LiveVenuePort } from '#engine/live-port.ts';
import type { TimePort } from '#engine/ports.ts';
import { type FaultScriptInput, parseFaultScript } from '#venue-simulators/fault-script.ts';
import { type ActingServer, faultyServer } from '#venue-simulators/faulty-server.ts';
import { createOandaServer, type OandaServer } from '#venue-simulators/oanda/oanda-server.ts';
import type { VenueFloor } from '#venue-simulators/venue-floor.ts';
import { type VirtualNetwork, virtualNetwork } from '#venue-simulators/virtual-network.ts';
import type { HandClock } from './hand-clock.ts';
import { startWireFloor } from './wire-floor.ts';

const token = 'canary-oanda-token';
const origins = { rest: 'https://rest.oanda.test', stream: 'https://stream.oanda.test' };

export interface OandaWireOptions {
  readonly clock: HandClock;
  /** The time of whoever uses the venue, where it is another than the venue's own. */
  readonly time?: TimePort;
  readonly symbols: readonly string[];
  readonly calendar: CalendarDocument | null;
  readonly script?: FaultScriptInput;
  readonly historyMs: number;
  readonly untilAt: number;
  readonly quotesPerMinute: number;
  readonly seed?: number;
  readonly isOpen?: (at: number) => boolean;
  /** The most that one fill brings; without it an order fills whole. */
  readonly fillQuantityMax?: number;
  /** Where a ban is kept over restarts. */
  readonly banFile?: string;
  /** What stands before the venue and its faults. */
  readonly front?: (server: ActingServer) => ActingServer;
}

/** A request that was sent, whatever became of it on the way. */
export interface SentRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** The simulated OANDA with faults before it and a virtual network, and the real adapter as often as it is asked for. */
export interface OandaWire {
  readonly floor: VenueFloor;
  readonly server: ActingServer;
  readonly network: VirtualNetwork;
  /** How often each of our ids was sent as a new order, whatever became of it on the way. */
  readonly sentById: ReadonlyMap<string, number>;
  /** Everything that was asked of the venue, streams included, oldest first. */
  readonly requests: readonly SentRequest[];
  /** When it began, which is what scripts count from. */
  readonly openedAt: number;
  /** What the venue itself has counted. */
  readonly counters: OandaServer['counters'];
  /** A new adapter; with ports of its own where one that stands for a process must be able to end with it. */
  openPort(ports?: Partial<Pick<OandaOptions, 'time' | 'network'>>): LiveVenuePort;
  close(): void;
}

export function openOandaWire(options: OandaWireOptions): OandaWire {
  const { clock, symbols, calendar, historyMs, untilAt, quotesPerMinute, seed = 7, fillQuantityMax, banFile } = options;
  const floor = startWireFloor({
    ...{ time: clock, calendar, historyMs, untilAt, quotesPerMinute, seed },
    instruments: symbols.map((symbol) => fxInstrument(symbol)),
    accountCurrency: 'USD',
    moneyDecimals: 6,
    balance: 100_000,
    costs: defaultCosts,
    ...(fillQuantityMax === undefined ? {} : { fillQuantityMax }),
  });
  const plain = createOandaServer({ time: clock, floor, token, seed });
  const server = faultyServer(plain, parseFaultScript(options.script ?? { faults: [] }), clock);
  const sentById = new Map<string, number>();
  const requests: SentRequest[] = [];
  const listened = listening(
    options.front?.(server) ?? server,
    (request) => void requests.push({ at: clock.now(), ...request }),
  );
  const network = virtualNetwork({
    time: clock,
    servers: [
      { origin: origins.rest, host: 'rest', server: countingOrders(listened, sentById), address: '10.0.0.1' },
      { origin: origins.stream, host: 'stream', server: listened, address: '10.0.0.1' },
    ],
  });
  const { isOpen } = options;
  return {
    floor,
    server,
    network,
    sentById,
    requests,
    openedAt: clock.now(),
    get counters() {
      return plain.counters;
    },
    openPort: (ports = {}) =>
      openOanda({
        network,
        time: options.time ?? clock,
        environment: 'simulated',
        accountId: plain.accountId,
        token,
        desk: { accountCurrency: 'USD', moneyDecimals: 6 },
        origins,
        ...(isOpen === undefined ? {} : { isOpen }),
        ...(banFile === undefined ? {} : { banFile }),
        ...ports,
      }),
    close: () => server.close(),
  };
}

function listening(server: ActingServer, onRequest: (request: Omit<SentRequest, 'at'>) => void): ActingServer {
  return {
    ...server,
    openSocket: (request, socket) => server.openSocket(request, socket),
    handle: (request, reply) => {
      const { method, path, query, body = '' } = request;
      onRequest({ method, path: query === '' ? path : `${path}?${query}`, body });
      server.handle(request, reply);
    },
  };
}

/** Stands before the faults: what was sent counts, not what arrived. */
function countingOrders(server: ActingServer, sentById: Map<string, number>): ActingServer {
  return {
    ...server,
    openSocket: (request, socket) => server.openSocket(request, socket),
    handle: (request, reply) => {
      if (request.method === 'POST' && request.path.endsWith('/orders')) {
        const { order } = JSON.parse(request.body ?? '{}') as { order?: { clientExtensions?: { id?: string } } };
        const id = order?.clientExtensions?.id ?? 'unnamed';
        sentById.set(id, (sentById.get(id) ?? 0) + 1);
      }
      server.handle(request, reply);
    },
  };
}
