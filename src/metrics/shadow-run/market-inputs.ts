import type { CalendarDocument } from '#domain/calendar.ts';
import type { Costs } from '#domain/costs.ts';
import type { MarketInputs } from './market-moment.ts';

/** The part of a market of the engine that shadow runs read. */
export type ReadMarket = Pick<MarketInputs, 'instrument' | 'priceBasis'> & {
  readonly manifold: { readonly history: MarketInputs['ranks']; readonly window: MarketInputs['window'] };
};

/** The part of what a module sees that shadow runs read. */
export interface ReadContext {
  readonly costs: Costs;
  readonly desk: { readonly barIntervalMs: number };
  readonly view: { readonly calendar: CalendarDocument | null };
}

/** Puts together what the shadow runs on a market read at one event. */
export function marketInputs(market: ReadMarket, context: ReadContext): MarketInputs {
  return {
    instrument: market.instrument,
    priceBasis: market.priceBasis,
    barIntervalMs: context.desk.barIntervalMs,
    costs: context.costs,
    calendar: context.view.calendar,
    ranks: market.manifold.history,
    window: market.manifold.window,
  };
}
