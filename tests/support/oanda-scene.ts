import type { HttpAnswer, StreamListener } from '#engine/ports.ts';
import type { VenueRequest } from '#sim/venue-state.ts';
import { type FaultScriptInput, parseFaultScript } from '#venue-simulators/fault-script.ts';
import type { ActingServer } from '#venue-simulators/faulty-server.ts';
import { faultyServer } from '#venue-simulators/faulty-server.ts';
import { createOandaServer, type OandaServer, usualAccountId } from '#venue-simulators/oanda/oanda-server.ts';
import { type VirtualNetwork, virtualNetwork } from '#venue-simulators/virtual-network.ts';
import { type FloorScene, openFloor } from './floor-scene.ts';

export const oandaToken = 'practice-token';
export const oandaOrigin = 'https://rest.oanda.test';
export const eurUsdId = 'EURUSD.OANDA';

export interface OandaScene extends FloorScene {
  readonly server: OandaServer;
  readonly faulty: ActingServer;
  readonly network: VirtualNetwork;
}

/** The venue behind a network on virtual time, with EUR_USD at 1.10000 to 1.10010. */
export function openOanda(options: { venue?: Partial<VenueRequest>; script?: FaultScriptInput } = {}): OandaScene {
  const scene = openFloor(options.venue);
  const server = createOandaServer({ time: scene.clock, floor: scene.floor, token: oandaToken });
  const script = parseFaultScript(options.script ?? { faults: [] });
  const faulty = faultyServer(server, script, scene.clock);
  const network = virtualNetwork({
    time: scene.clock,
    servers: [{ origin: oandaOrigin, host: 'rest', server: faulty, address: '10.0.0.1' }],
  });
  scene.floor.quote(eurUsdId, 110_000, 110_010);
  return { ...scene, server, faulty, network };
}

export interface OandaAnswer extends Omit<HttpAnswer, 'body'> {
  // Answers are looked into by tests alone, which fail where something is not there.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
  readonly body: any;
}

/** Asks for something of the account, or by a whole path with a slash before it, and lets time pass until it is answered. */
export async function askOanda(
  { clock, network }: OandaScene,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<OandaAnswer> {
  const place = path.startsWith('/') ? path : `/v3/accounts/${usualAccountId}${path === '' ? '' : '/'}${path}`;
  const asked = network.request(
    {
      method,
      url: `${oandaOrigin}${place}`,
      headers: { authorization: `Bearer ${oandaToken}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    10_000,
  );
  const [answer] = await Promise.all([asked, clock.pass(3)]);
  return { ...answer, body: JSON.parse(answer.body) };
}

export interface OandaLines {
  /** Everything that was told, line by line. */
  readonly lines: Record<string, unknown>[];
  readonly pieces: Uint8Array[];
  readonly closed: string[];
  status: number;
  close(): void;
}

/** Follows a stream of the account. */
export async function followOanda({ clock, network }: OandaScene, path: string): Promise<OandaLines> {
  const decoder = new TextDecoder();
  let rest = '';
  const followed: OandaLines = { lines: [], pieces: [], closed: [], status: 0, close: () => connection.close() };
  const listener: StreamListener = {
    onOpen: ({ status }) => {
      followed.status = status;
    },
    onBytes: (bytes) => {
      followed.pieces.push(bytes);
      const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.trim() !== '') followed.lines.push(JSON.parse(part));
    },
    onClose: (reason) => followed.closed.push(reason),
  };
  const connection = network.stream(
    {
      method: 'GET',
      url: `${oandaOrigin}/v3/accounts/${usualAccountId}/${path}`,
      headers: { authorization: `Bearer ${oandaToken}` },
    },
    listener,
  );
  await clock.pass(3);
  return followed;
}
