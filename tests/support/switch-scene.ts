import assert from 'node:assert/strict';
import type { FileOperations } from '#adapters/journal/file-operations.ts';
import type { OrderRequest } from '#domain/order.ts';
import { isTerminal } from '#domain/order.ts';
import type { LiveVenuePort } from '#engine/live-port.ts';
import type { OrderRecord } from '#engine/state.ts';
import type { FaultScriptInput } from '#venue-simulators/fault-script.ts';
import type { VenueFloor } from '#venue-simulators/venue-floor.ts';
import type { HandClock } from './hand-clock.ts';
import type { LiveDay } from './live-day.ts';
import { settle } from './live-venue-scene.ts';
import { openWantingBinance, openWantingOanda, wantingAt } from './wanting-desk.ts';

/** Milliseconds after the opening of the venue at which the switch is thrown: by then the scene stands at either venue. */
const thrownAt = 1_800_000;
/** By so much earlier the entry is wanted: it comes with the next minute, and is neither filled nor over yet. */
const restingMs = 75_000;
/** An order of the account that the desk did not send. */
export const orphanId = 'tw-orphan';

const venueNames = ['binance', 'oanda'] as const;
type VenueName = (typeof venueNames)[number];

export { venueNames as switchVenues };

/** What arrived at the venue, in words that are the same for every venue. */
export interface ArrivedOrder {
  readonly at: number;
  readonly type: 'increase' | 'reduction' | 'cancel';
  /** What the request names the order by. */
  readonly text: string;
}

/** A desk with all that a kill may meet: a held position with its stop, an entry that rests, and a conditional order of no desk. */
export interface SwitchScene {
  readonly day: LiveDay;
  readonly clock: HandClock;
  readonly breaches: readonly string[];
  readonly held: string;
  readonly resting: string;
  readonly network: { setUp(isUp: boolean): void };
  /** Everything about orders that was sent to the venue since an instant. */
  arrived(sinceAt: number): readonly ArrivedOrder[];
  /** Orders that work at the venue, of both families. */
  working(): number;
  signedQuantity(instrument: string): number;
  /** Wants more of everything from the next decision on. */
  wantMore(): void;
  /** What the venue's requests name an order by. */
  namesOf(clientOrderId: string): readonly string[];
}

export interface SwitchOptions {
  readonly faults?: FaultScriptInput['faults'];
  readonly files?: FileOperations;
}

/** Faults by the time since the switch was thrown. */
export function sinceThrown(
  ms: number,
  entry: Omit<FaultScriptInput['faults'][number], 'at'>,
): FaultScriptInput['faults'][number] {
  return { at: thrownAt + ms, ...entry };
}

/** Lets time pass up to the moment of the switch; returns the entry that rests by then. */
export async function openSwitchScene(venue: VenueName, options: SwitchOptions = {}): Promise<SwitchScene> {
  const scene = venue === 'binance' ? await openBinance(options) : await openOanda(options);
  const { day, clock, held, resting } = scene;
  scene.want({ [held]: 1 });
  await until(scene, `'${held}' is held and its stop stands`, () => {
    return scene.signedQuantity(held) !== 0 && stopOf(day, held)?.state === 'accepted';
  });
  await leaveOrphan(scene);
  const passMs = wantingAt + thrownAt - restingMs - clock.now();
  assert.ok(passMs > 0, 'the position is held in time');
  await day.pass(passMs);
  scene.want({ [held]: 1, [resting]: 1 });
  await until(scene, `an entry rests in '${resting}'`, () => restingEntry(scene) !== undefined);
  // The market goes away from it, so that it is not filled.
  scene.floor.gap(resting, Math.round((scene.floor.book(resting)?.askPrice ?? 0) * 0.004));
  const leftMs = wantingAt + thrownAt - clock.now();
  assert.ok(leftMs >= 0, 'the scene stands in time');
  await day.pass(leftMs);
  assert.ok(restingEntry(scene) !== undefined, 'the entry rests still');
  assert.equal(scene.working(), 3, 'a stop, an entry and an orphan work');
  return scene;
}

/** The entry that rests at the venue. */
export function restingEntry({ day, resting }: Pick<SwitchScene, 'day' | 'resting'>): OrderRecord | undefined {
  return [...day.state.orders.values()].find(
    ({ request, state }) =>
      request.instrument === resting &&
      request.purpose === 'entry' &&
      request.strategy === 'wanting' &&
      state === 'accepted',
  );
}

/** The stop of a position, where one has not ended. */
export function stopOf(day: LiveDay, instrument: string): OrderRecord | undefined {
  return [...day.state.orders.values()].find(
    ({ request, state }) => request.instrument === instrument && request.purpose === 'stopLoss' && !isTerminal(state),
  );
}

type Targets = Readonly<Record<string, number>>;

interface OpenedScene extends SwitchScene {
  readonly floor: VenueFloor;
  readonly symbolOf: Readonly<Record<string, string>>;
  /** Wants so many lots of each instrument. */
  want(lots: Targets): void;
  openPort(): LiveVenuePort;
}

async function openBinance({ faults = [], files }: SwitchOptions): Promise<OpenedScene> {
  const desk = await openWantingBinance({
    policies: { 'desk/crypto': restingSlots },
    script: { faults },
    ...(files === undefined ? {} : { files }),
  });
  const { wire } = desk;
  return sceneOf(desk, {
    instruments: ['BTCUSDT-PERP.BINANCE', 'ETHUSDT-PERP.BINANCE'],
    symbols: ['BTCUSDT', 'ETHUSDT'],
    lots: [100, 200],
    key: 'wanting/crypto',
    working: () => wire.floor.ledger().openOrders.length + wire.venue.openConditionalOrders,
    arrived: (sinceAt) =>
      wire.requests
        .filter(
          ({ at, path, isSocket }) =>
            at > sinceAt && !isSocket && /\/(?:order|algoOrder|all\w+|algoOpen\w+)$/.test(path),
        )
        .flatMap(({ at, method, query }): ArrivedOrder[] => {
          if (method === 'DELETE') return [{ at, type: 'cancel', text: query }];
          if (method !== 'POST') return [];
          return [{ at, type: query.includes('reduceOnly=true') ? 'reduction' : 'increase', text: query }];
        }),
    namesOf: (id) => [`OrderId=${id}`, `clientAlgoId=${id}`],
  });
}

async function openOanda({ faults = [], files }: SwitchOptions): Promise<OpenedScene> {
  const desk = await openWantingOanda({
    policies: { 'desk/fx': restingSlots },
    script: { faults },
    ...(files === undefined ? {} : { files }),
  });
  const { wire, day } = desk;
  return sceneOf(desk, {
    instruments: ['EURUSD.OANDA', 'USDJPY.OANDA'],
    symbols: ['EUR_USD', 'USD_JPY'],
    lots: [1_000, 2_000],
    key: 'wanting/fx',
    working: () => wire.floor.ledger().openOrders.length,
    arrived: (sinceAt) =>
      wire.requests
        .filter(({ at }) => at > sinceAt)
        .flatMap(({ at, method, path, body }): ArrivedOrder[] => {
          if (method === 'PUT' && path.endsWith('/cancel')) return [{ at, type: 'cancel', text: path }];
          if (method === 'PUT' && path.endsWith('/close')) return [{ at, type: 'reduction', text: path }];
          if (method !== 'POST' || !path.endsWith('/orders')) return [];
          return [{ at, type: body.includes('"REDUCE_ONLY"') ? 'reduction' : 'increase', text: body }];
        }),
    namesOf: (id) => [`/orders/@${id}/`, `/orders/${day.state.orders.get(id)?.venueOrderId ?? '?'}/`],
  });
}

/** Entries rest at the near touch in place of crossing at once. */
const restingSlots = { slots: { allocation: ['wanting'] }, modes: {} };

interface SceneParts extends Pick<SwitchScene, 'working' | 'namesOf' | 'arrived'> {
  readonly instruments: readonly [held: string, resting: string];
  readonly symbols: readonly [held: string, resting: string];
  readonly lots: readonly [held: number, resting: number];
  readonly key: string;
}

type OpenedDesk = Awaited<ReturnType<typeof openWantingBinance>> | Awaited<ReturnType<typeof openWantingOanda>>;

function sceneOf(desk: OpenedDesk, parts: SceneParts): OpenedScene {
  const { day, clock, wire, invariants } = desk;
  const { instruments, symbols, lots, key } = parts;
  const [held, resting] = instruments;
  const symbolOf = { [held]: symbols[0], [resting]: symbols[1] };
  let more = 1;
  const want = (counts: Targets): void => {
    const targets = Object.fromEntries(
      instruments.flatMap((id, place) => {
        const count = counts[id];
        return count === undefined ? [] : [[symbolOf[id] ?? '', count * (lots[place] ?? 0)]];
      }),
    );
    const document = day.state.policies[key];
    day.run.request((at) => ({
      type: 'policy.changed',
      ...{ at, key, version: (document?.version ?? 0) + 1, schemaVersion: 1, actor: 'test', reason: 'wanted' },
      document: { ...document?.document, targets },
    }));
  };
  return {
    ...{ day, clock, held, resting, symbolOf, want },
    breaches: invariants.breaches,
    floor: wire.floor,
    network: wire.network,
    openPort: () => wire.openPort(),
    arrived: parts.arrived,
    namesOf: parts.namesOf,
    working: () => {
      wire.floor.settle();
      return parts.working();
    },
    signedQuantity: (instrument) => {
      wire.floor.settle();
      return wire.floor.ledger().positions.find((position) => position.instrument === instrument)?.signedQuantity ?? 0;
    },
    wantMore: () => {
      more += 1;
      want({ [held]: more, [resting]: more });
    },
  };
}

/** Another client of the same account leaves a conditional order that would open a position, far from the market. */
async function leaveOrphan({ openPort, clock, symbolOf, floor, held, day }: OpenedScene): Promise<void> {
  const other = openPort();
  const instruments = await settle(clock, other.instruments(Object.values(symbolOf)));
  await settle(clock, other.prepare(instruments));
  other.open(instruments, { onInput: () => undefined, onNotice: () => undefined });
  await day.pass(2_000);
  const stopPrice = Math.round((floor.book(held)?.askPrice ?? 0) * 1.04);
  const order: OrderRequest = {
    ...{ clientOrderId: orphanId, instrument: held, side: 'buy', quantity: 300, orderType: 'stop', stopPrice },
    ...{ limitPrice: null, timeInForce: 'goodTillCancel', expiresAt: null, isReduceOnly: false, purpose: 'entry' },
    ...{ bracket: null, strategy: 'elsewhere', reason: 'elsewhere' },
  };
  other.send({ type: 'order.submitted', at: clock.now(), order });
  await day.pass(2_000);
  await settle(clock, other.close());
}

const waitMsMax = 900_000;
const stepMs = 500;

async function until({ day }: OpenedScene, what: string, holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += stepMs) {
    assert.ok(waited < waitMsMax, `expected within ${waitMsMax} ms of virtual time: ${what}`);
    await day.pass(stepMs);
  }
}
