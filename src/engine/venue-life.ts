import type { EventByType } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { EngineState, VenueMarket, View } from './state.ts';

/** What a part of the venue is known by, alone or for one instrument. */
function impairmentKey(part: string, instrument: InstrumentId | null): string {
  return `${part} ${instrument ?? '*'}`;
}

/** A part that is impaired already keeps the time at which it became so. */
export function impair(
  state: EngineState,
  event: Pick<EventByType['venue.impaired'], 'at' | 'part' | 'instrument' | 'reason'>,
): void {
  const { at, part, instrument, reason } = event;
  const key = impairmentKey(part, instrument);
  state.impairments[key] = { part, instrument, reason, at: state.impairments[key]?.at ?? at };
}

export function restore(state: EngineState, part: string, instrument: InstrumentId | null): void {
  delete state.impairments[impairmentKey(part, instrument)];
}

/** The first impairment that keeps an instrument from being added to. */
export function impairmentOf(view: View, instrument: InstrumentId): View['impairments'][string] | undefined {
  for (const impairment of Object.values(view.impairments)) {
    if (impairment.instrument === null || impairment.instrument === instrument) return impairment;
  }
  return undefined;
}

/** Whether the desk is being started: its streams and books are not all there yet. */
export function isOpening(view: View): boolean {
  return view.impairments[impairmentKey('opening', null)] !== undefined;
}

/** Parts whose trouble ends with the venue's own books: what was done there by other hands is taken over then. */
const endedByReport: readonly string[] = ['external'];

export function endReported(state: EngineState): void {
  for (const { part, instrument } of Object.values(state.impairments)) {
    if (endedByReport.includes(part)) restore(state, part, instrument);
  }
}

/** What an operator has seen when the desk is armed again. */
const endedByArming: readonly string[] = ['overfill'];

export function arm(state: EngineState): void {
  state.isArmed = true;
  for (const { part, instrument } of Object.values(state.impairments)) {
    if (endedByArming.includes(part)) restore(state, part, instrument);
  }
}

export function venueMarketOf(state: EngineState, instrument: InstrumentId): VenueMarket {
  const known = state.venueMarkets[instrument];
  if (known !== undefined) return known;
  const market: VenueMarket = {
    markPrice: 0,
    indexPrice: 0,
    fundingRate: 0,
    nextFundingAt: 0,
    isTrading: true,
    bids: [],
    asks: [],
  };
  state.venueMarkets[instrument] = market;
  return market;
}

export function evolveMark(state: EngineState, event: EventByType['mark.updated']): void {
  const market = venueMarketOf(state, event.instrument);
  market.markPrice = event.markPrice;
  market.indexPrice = event.indexPrice ?? 0;
  market.fundingRate = event.fundingRate;
  market.nextFundingAt = event.nextFundingAt;
}

export function evolveDepth(state: EngineState, event: EventByType['depth.updated']): void {
  const market = venueMarketOf(state, event.instrument);
  market.bids = [...event.bids];
  market.asks = [...event.asks];
}

/** New limits hold from the next decision on. Decimals never change: figures that are counted would mean something else. */
export function changeInstrument(state: EngineState, event: EventByType['instrument.changed']): void {
  const { instrument, isTrading, reason, at } = event;
  const market = state.markets[instrument.id];
  if (market === undefined) return;
  venueMarketOf(state, instrument.id).isTrading = isTrading;
  const { priceDecimals, quantityDecimals, contractSize } = market.instrument;
  const isCountedAlike =
    priceDecimals === instrument.priceDecimals &&
    quantityDecimals === instrument.quantityDecimals &&
    contractSize === instrument.contractSize;
  if (isCountedAlike) market.instrument = instrument;
  else
    impair(state, { at, part: 'instrument', instrument: instrument.id, reason: `it is counted otherwise: ${reason}` });
}
