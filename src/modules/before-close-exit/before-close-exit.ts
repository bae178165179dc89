import { z } from 'zod';
import { intervalEndAt } from '#base/flat-intervals.ts';
import { type CalendarDocument, instrumentSession, isMarketOpen, sessionsOf } from '#domain/calendar.ts';
import type { DecisionEntry } from '#domain/events.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { isTerminal } from '#domain/order.ts';
import { defineModule, type ModuleContext, type View } from '#engine/module.ts';

const reason = 'exit-before-close';
const minuteMs = 60_000;

const parameters = z.strictObject({
  retrySeconds: z.int().positive().default(60).describe('Wait before a close that came to nothing is sent again.'),
});
type Context = ModuleContext<z.infer<typeof parameters>>;

/** When each instrument's close was last sent. */
interface Attempts {
  sentAt: Record<InstrumentId, number>;
}

const noEntries: readonly DecisionEntry[] = [];

/**
 * Closes every position whose sessions, or whose trading week, are over or about to end (FX desk specification c). It needs no
 * gate and no kill switch, and sends one close a session end: another follows only where that one left the position open.
 * While the market itself is shut nothing could fill, so it waits for the opening.
 */
export const beforeCloseExit = defineModule<Attempts, z.infer<typeof parameters>>({
  name: 'before-close-exit',
  displayName: 'Before-close exit',
  purpose: 'Closes positions before their sessions or the trading week end.',
  parameters,
  protectsOn: ['time.ticked'],
  initialState: () => ({ sentAt: {} }),
  evolve: {
    'order.submitted': (state, event) => {
      if (event.order.reason === reason) state.sentAt[event.order.instrument] = event.at;
    },
  },
  propose: {
    protection: (value, state, context) => {
      let entries = noEntries;
      let actions = value;
      for (const instrument of context.universe) {
        if ((context.view.positions[instrument]?.signedQuantity ?? 0) === 0) continue;
        const { code, minutesToClose } = findingOf(instrument, state.sentAt[instrument] ?? 0, context);
        if (code === 'open') continue;
        entries = [...entries, { subject: instrument, code, value: minutesToClose }];
        if (code === 'near-close' || code === 'closed') actions = [...actions, { type: 'close', instrument, reason }];
      }
      return { value: actions, entries };
    },
  },
});

/** What is to be done about a position: only the codes of the close lead to an order. */
interface Finding {
  readonly code: 'open' | 'near-close' | 'closed' | 'waiting-open' | 'exit-working' | 'waiting-retry' | 'no-calendar';
  readonly minutesToClose: number | null;
}

function findingOf(instrument: InstrumentId, sentAt: number, context: Context): Finding {
  const { calendar } = context.view;
  if (calendar === null) return { code: 'no-calendar', minutesToClose: null };
  const { sessionExitMinutes } = context.strategy(instrument);
  const minutesToClose = minutesLeft(instrument, calendar, context);
  if (minutesToClose > sessionExitMinutes) return { code: 'open', minutesToClose };
  if (!isMarketOpen(calendar, context.at)) return { code: 'waiting-open', minutesToClose };
  if (hasWorkingExit(context.view, instrument)) return { code: 'exit-working', minutesToClose };
  const isRetry = sentAt > 0 && context.at - sentAt < context.parameters().retrySeconds * 1000;
  if (isRetry) return { code: 'waiting-retry', minutesToClose };
  return { code: minutesToClose > 0 ? 'near-close' : 'closed', minutesToClose };
}

/** Minutes until the instrument's sessions end, or the trading week where sessions do not count; 0 where they are over. */
function minutesLeft(instrument: InstrumentId, calendar: CalendarDocument, context: Context): number {
  const market = context.view.markets[instrument];
  if (market === undefined) return 0;
  if (!context.strategy(instrument).sessionTradingEnabled) {
    const endAt = intervalEndAt(calendar.weeks, context.at);
    return endAt === undefined ? 0 : Math.ceil((endAt - context.at) / minuteMs);
  }
  const { baseCurrency, quoteCurrency } = market.instrument;
  return instrumentSession(calendar, sessionsOf([baseCurrency, quoteCurrency]), context.at).minutesToClose;
}

function hasWorkingExit(view: View, instrument: InstrumentId): boolean {
  for (const { request, state } of view.orders.values()) {
    if (request.instrument === instrument && request.purpose === 'exit' && !isTerminal(state)) return true;
  }
  return false;
}
