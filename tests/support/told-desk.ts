import type { Event } from '#domain/events.ts';
import type { OrderRequest } from '#domain/order.ts';
import { createEngine } from '#engine/engine.ts';
import { step } from '#engine/step.ts';
import type { LiveDesk } from '#runtime/live/live-desk.ts';
import { ToldMoney } from '#runtime/live/told-money.ts';
import { HandClock } from './hand-clock.ts';
import { HandVenue, type HandVenueOptions } from './hand-venue.ts';
import { liveInstruments, liveStartAt } from './live-desk.ts';

/** The desk beside its pump: a real engine without modules, and a venue whose words come in at once. */
export interface ToldDesk {
  readonly desk: LiveDesk;
  readonly clock: HandClock;
  readonly venue: HandVenue;
  readonly told: Event[];
  readonly notices: string[];
  readonly problems: string[];
  /** The desk sends an order, as if it had decided to. */
  submit(order?: Partial<OrderRequest>): OrderRequest;
  tell(...inputs: Parameters<LiveDesk['tell']>[0]): void;
}

const eurUsd = 'EURUSD.OANDA';

/** An entry at the market unless told otherwise. */
function entryOrder(changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    ...{ clientOrderId: 'tw-1', instrument: eurUsd, side: 'buy', quantity: 1_000, orderType: 'market' },
    ...{ limitPrice: null, stopPrice: null, timeInForce: 'fillOrKill', expiresAt: null, isReduceOnly: false },
    ...{ purpose: 'entry', bracket: null, strategy: 's', reason: 'r' },
    ...changes,
  };
}

export function toldDesk(venueChanges: Partial<HandVenueOptions> = {}): ToldDesk {
  const clock = new HandClock(liveStartAt);
  const venue = new HandVenue({ time: clock, instruments: liveInstruments, bars: [], ...venueChanges });
  const engine = createEngine([]);
  const told: Event[] = [];
  const notices: string[] = [];
  const problems: string[] = [];
  const money = new ToldMoney();
  let activity = 0;
  const tell: LiveDesk['tell'] = (inputs) => {
    for (const input of inputs) {
      const event = { ...input, at: Math.max(clock.now(), engine.state.at) } as Event;
      for (const produced of step(engine, event)) {
        told.push(produced);
        money.note(produced);
      }
    }
  };
  const desk: LiveDesk = {
    ...{ engine, venue, time: clock, tell },
    get activity() {
      return activity;
    },
    isTold: (input) => money.isTold(input),
    notice: (text) => void notices.push(text),
    problem: (text) => void problems.push(text),
  };
  tell([
    { type: 'venue.opened', venue: 'OANDA', account: 'main', environment: 'simulated', hasNativeBrackets: true },
    ...liveInstruments.map(
      (instrument) => ({ type: 'instrument.listed', instrument, hasVolume: true, priceBasis: 'mid' }) as const,
    ),
  ]);
  told.length = 0;
  venue.open(liveInstruments, {
    onInput: (input) => {
      activity += 1;
      if (!desk.isTold(input)) tell([input]);
    },
    onNotice: () => undefined,
  });
  const submit: ToldDesk['submit'] = (changes) => {
    const order = entryOrder(changes);
    tell([{ type: 'order.submitted', order }]);
    venue.send({ type: 'order.submitted', at: clock.now(), order });
    return order;
  };
  return { desk, clock, venue, told, notices, problems, submit, tell: (...inputs) => tell(inputs) };
}
