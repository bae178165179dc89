import { assert, present } from '#base/assert.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { TimePort } from '#engine/ports.ts';
import type { VenueFloor } from '../venue-floor.ts';
import { type AccountLedger, createLedger, positionOf } from './account-ledger.ts';
import { type AlgoStore, createAlgoStore } from './algo-store.ts';
import { createMarkets, type Market } from './markets.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';
import { createRateCounters, type RateCounters } from './rate-counters.ts';
import { createSwitches, type ScriptSwitches } from './script-switches.ts';
import type { VenueKey } from './signature-check.ts';
import { StreamHub } from './stream-hub.ts';
import { UserStream } from './user-stream.ts';
import { createVenueIds, type VenueIds } from './venue-ids.ts';

export interface BinanceOptions extends VenueKey {
  readonly time: TimePort;
  readonly floor: VenueFloor;
  readonly seed: number;
  /** Fractions of the notional. Whatever the floor itself charges is set right by what differs. */
  readonly takerFee?: number;
  readonly makerFee?: number;
}

/** Everything one simulated venue is made of. */
export interface World {
  readonly time: TimePort;
  readonly floor: VenueFloor;
  readonly key: VenueKey;
  /** In millionths of the notional. */
  readonly takerFeePpm: number;
  readonly makerFeePpm: number;
  readonly ids: VenueIds;
  readonly marketBySymbol: ReadonlyMap<string, Market>;
  readonly marketByInstrument: ReadonlyMap<InstrumentId, Market>;
  readonly orders: OrderStore;
  readonly algos: AlgoStore;
  readonly ledger: AccountLedger;
  readonly rates: RateCounters;
  readonly script: ScriptSwitches;
  readonly user: UserStream;
  readonly hub: StreamHub;
  /** Timers that end with the venue, by what they are for. */
  readonly timers: Map<string, () => void>;
  /** Orders sent to the floor, for its ids. */
  floorOrders: number;
}

const takerFeeDefault = 0.0004;
const makerFeeDefault = 0.0002;

export function createWorld(options: BinanceOptions): World {
  const { time, floor, seed } = options;
  const { state } = floor;
  const markets = createMarkets(state.instruments);
  const marketBySymbol = new Map(markets.map((market) => [market.symbol, market]));
  assert(marketBySymbol.size === markets.length, 'two instruments have the same symbol');
  const script = createSwitches();
  const ids = createVenueIds(seed);
  const serverNow = (): number => time.now() + script.clockSkewMs;
  const user = new UserStream({ time, ids, serverNow });
  const world: World = {
    time,
    floor,
    key: { apiKey: options.apiKey, apiSecret: options.apiSecret },
    takerFeePpm: Math.round((options.takerFee ?? takerFeeDefault) * 1e6),
    makerFeePpm: Math.round((options.makerFee ?? makerFeeDefault) * 1e6),
    ids,
    marketBySymbol,
    marketByInstrument: new Map(markets.map((market) => [market.instrumentId, market])),
    orders: createOrderStore(),
    algos: createAlgoStore(),
    ledger: createLedger({
      asset: state.accountCurrency,
      moneyDecimals: state.moneyDecimals,
      balance: state.balance,
    }),
    rates: createRateCounters(),
    script,
    user,
    hub: new StreamHub({ time, user }),
    timers: new Map(),
    floorOrders: 0,
  };
  for (const { instrument, position } of state.books.values()) {
    Object.assign(positionOf(world.ledger, instrument.id), position);
  }
  return world;
}

/** The venue's own time, which a script may have set wrong. */
export function serverNow({ time, script }: World): number {
  return time.now() + script.clockSkewMs;
}

/** The market of an instrument that the floor tells of. */
export function marketOf(world: World, instrument: InstrumentId): Market {
  return present(world.marketByInstrument.get(instrument), `market of '${instrument}'`);
}

/** Sets a timer in place of the one that went by the same name; the last one set is the one that acts. */
export function setTimer(world: World, name: string, ms: number, act: () => void): void {
  world.timers.get(name)?.();
  const forget = world.time.after(ms, () => {
    world.timers.delete(name);
    act();
  });
  world.timers.set(name, forget);
}

export function forgetTimer(world: World, name: string): void {
  world.timers.get(name)?.();
  world.timers.delete(name);
}
