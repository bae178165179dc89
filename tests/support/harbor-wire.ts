import { defaultCosts } from '#domain/default-costs.ts';
import { fxInstrument, type Instrument } from '#domain/instrument.ts';
import type { LiveVenuePort } from '#engine/live-port.ts';
import { type FaultScriptInput, parseFaultScript } from '#venue-simulators/fault-script.ts';
import { type ActingServer, faultyServer } from '#venue-simulators/faulty-server.ts';
import type { VenueFloor } from '#venue-simulators/venue-floor.ts';
import { type VirtualNetwork, virtualNetwork } from '#venue-simulators/virtual-network.ts';
import { createHarborServer } from '../venues/harbor/harbor-server.ts';
import { openHarbor } from '../venues/harbor/index.ts';
import type { HandClock } from './hand-clock.ts';
import { startWireFloor } from './wire-floor.ts';

const token = 'canary-harbor-token';
const rest = 'https://rest.harbor.test';
const stream = 'https://stream.harbor.test';

export interface HarborWireOptions {
  readonly clock: HandClock;
  readonly symbols: readonly string[];
  readonly script?: FaultScriptInput;
  readonly historyMs: number;
  readonly untilAt: number;
  readonly quotesPerMinute: number;
  /** The key that the adapter has; the account's own unless told. */
  readonly adapterToken?: string;
}

/** The simulated Harbor with faults before it and a virtual network, and the adapter as often as it is asked for. */
export interface HarborWire {
  readonly floor: VenueFloor;
  readonly server: ActingServer;
  readonly network: VirtualNetwork;
  /** How often each of our ids was sent as a new order, whatever became of it on the way. */
  readonly sentById: ReadonlyMap<string, number>;
  openPort(): LiveVenuePort;
  close(): void;
}

export function openHarborWire(options: HarborWireOptions): HarborWire {
  const { clock, symbols, historyMs, untilAt, quotesPerMinute } = options;
  const floor = startWireFloor({
    ...{ time: clock, calendar: null, historyMs, untilAt, quotesPerMinute, seed: 7 },
    ...{ instruments: symbols.map(harborInstrument), accountCurrency: 'USD', moneyDecimals: 6, balance: 100_000 },
    costs: defaultCosts,
  });
  const plain = createHarborServer({ time: clock, floor, token });
  const server = faultyServer(plain, parseFaultScript(options.script ?? { faults: [] }), clock);
  const sentById = new Map<string, number>();
  const network = virtualNetwork({
    time: clock,
    servers: [
      { origin: rest, host: 'rest', server: countingOrders(server, sentById), address: '10.0.0.1' },
      { origin: stream, host: 'stream', server, address: '10.0.0.1' },
    ],
  });
  return {
    ...{ floor, server, network, sentById },
    openPort: () =>
      openHarbor({
        ...{ network, time: clock, environment: 'simulated', token: options.adapterToken ?? token },
        desk: { accountCurrency: 'USD', moneyDecimals: 6 },
        origins: { rest, stream: stream.replace('https:', 'wss:') },
      }),
    close: () => server.close(),
  };
}

function harborInstrument(symbol: string): Instrument {
  return { ...fxInstrument(symbol), id: `${symbol.replace('_', '')}.HARBOR`, venue: 'HARBOR' };
}

/** Stands before the faults: what was sent counts, not what arrived. */
function countingOrders(server: ActingServer, sentById: Map<string, number>): ActingServer {
  return {
    ...server,
    openSocket: (request, socket) => server.openSocket(request, socket),
    handle: (request, reply) => {
      if (request.method === 'POST') {
        const id = /"client":"([^"]+)"/.exec(request.body ?? '')?.[1] ?? 'unnamed';
        sentById.set(id, (sentById.get(id) ?? 0) + 1);
      }
      server.handle(request, reply);
    },
  };
}
