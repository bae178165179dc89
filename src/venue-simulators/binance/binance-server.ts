import type { WireServer } from '../wire-server.ts';
import { checkTriggers, expireBound, finishAlgo } from './algo-trigger.ts';
import { performAction } from './fault-actions.ts';
import { tellFloorEvent } from './floor-events.ts';
import { startFunding } from './funding-clock.ts';
import { MarketStreams } from './market-streams.ts';
import { handleRequest } from './rest-entry.ts';
import { type BinanceOptions, createWorld, marketOf, type World } from './world.ts';

/** A wire server that also does by itself what scripts tell it to. */
export interface BinanceServer extends WireServer {
  /** Makes something happen at the venue. Stops at an action or parameter that it does not know. */
  act(action: string, parameters: Readonly<Record<string, unknown>>): void;
  /** Conditional orders that wait for their trigger: the floor does not know of them. */
  readonly openConditionalOrders: number;
}

/**
 * Binance USD-M futures as of late 2026 over its wire protocol, in front of a simulated venue: one account, one position for each market.
 * The floor is started and stopped by whoever made it.
 */
export function createBinanceServer(options: BinanceOptions): BinanceServer {
  const world = createWorld(options);
  const streams = new MarketStreams(world);
  const forget = follow(world, streams);
  startFunding(world);
  return {
    venue: 'BINANCE',
    handle: (request, reply) => handleRequest(world, request, reply),
    openSocket: (request, socket) => world.hub.open(request, socket),
    act: (action, parameters) => performAction(world, action, parameters),
    get openConditionalOrders() {
      return world.algos.open.size;
    },
    close: () => {
      forget();
      for (const forgetTimer of world.timers.values()) forgetTimer();
      world.timers.clear();
      world.hub.close();
      world.user.close();
    },
  };
}

/** Prices are told before what they trigger, and what the floor does as it does it. */
function follow(world: World, streams: MarketStreams): () => void {
  return world.floor.listen({
    onMarket: (event) => {
      const market = marketOf(world, event.instrument);
      if (event.type === 'quote.updated') streams.tellQuote(market);
      else streams.tellBar(market, event);
      checkTriggers(world, market);
    },
    onVenue: (event) => {
      tellFloorEvent(world, event);
      if (!('clientOrderId' in event)) return;
      const order = world.orders.byFloorId.get(event.clientOrderId);
      if (order === undefined) return;
      finishAlgo(world, order);
      if (event.type === 'order.filled') expireBound(world, order.market);
    },
  });
}
